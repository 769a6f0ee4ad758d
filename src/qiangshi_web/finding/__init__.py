"""One search over persons, organisations, clauses and cases, by name, pinyin initials or number.

Owns an index of names that follows the records; it tells nothing that the records do not, and
what it finds is read through the queries of those who own it, in scope of the actor.
"""
