"""How good the records are: a score for each organisation, and every fault as a list to work off.

Judging is the library's (`qiangshi.datacheck.quality`), over a snapshot of the records. Owns the
scores of each assessment, so that they can be followed from day to day; its faults lie beside the
snapshot. Never changes a fact.
"""
