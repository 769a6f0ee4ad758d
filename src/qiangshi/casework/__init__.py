"""Cases: whatever is applied for, examined, publicised and decided, as declared types.

`kinds` says what a case type is made of, `stepping` what happens when somebody acts, `ticking` what
happens when days pass, `soundness` what is wrong with a type before it ever runs. Everything here
is a value or a pure function: the day, the calendar and the norms are arguments.
"""
