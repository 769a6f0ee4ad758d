"""A person's and an organisation's file across all contexts: read, edited, corrected on request.

Owns corrections that people ask for, their evidence and what they were told. Which facts there are
is the vocabulary's affair, which may be seen the actor's; a fact is changed with the verbs of the
record and no other way. Never judges what a fact means: that is analytics'.
"""
