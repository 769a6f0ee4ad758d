"""Where people work: a thin Django application over the library `qiangshi`.

urls › portal › analytics › contexts › identity › organisations › kernel. Every page asks for an
area of rights first and reads through queries that are already in scope of the actor.
"""
