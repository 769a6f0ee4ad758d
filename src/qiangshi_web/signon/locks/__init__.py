"""The locked door: wrong passwords counted for a name from one address, and from all of them.

Who guesses from many addresses is stopped by the second count. So that nobody keeps an owner out by
guessing wrong on purpose, it does not hold where the owner came in of late, nor for a passkey; who
administers accounts may end it, and the owner is told.
"""
