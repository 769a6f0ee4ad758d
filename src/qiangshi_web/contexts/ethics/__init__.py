"""Ethics of teachers: oaths, appraisal, reports, decisions, integrity, checks before entry.

Carries appraisal by five parties and the handling of misconduct (济源 4.2.b, 4.2.c, 4.2.m, 4.2.n).
Keeps of an entry check its conclusion and never a criminal detail. Nothing here is shown with the
ordinary file: it is an area of rights of its own.
"""
