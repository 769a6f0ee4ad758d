"""Files in and out of the record.

A file comes in by steps: received, previewed (what was found), checked row by row in a process of
its own, written in one transaction, and as far as nothing depends on it, undone. Each step is a
job that may be done twice. Owns the files, what people said of their headings and who is whom;
never a fact: facts are written with the verbs of the record, and only within the actor's reach.
"""
