"""Cases at work: one table for all kinds, its append-only events, one worklist, one case page.

Knows no kind of case: contexts declare theirs in `cases.py` and say which of their actions an
outcome calls. What a decision leaves behind is a record of the owning context, never a row here.
"""
