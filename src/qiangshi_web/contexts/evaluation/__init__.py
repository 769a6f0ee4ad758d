"""Appraisal of teachers and principals, titles, and what is seen in classrooms.

Carries appraisal, ranks and titles (广东市 7.a to 8.h, 10.j, 11.i). Ethics is appraised in
ethics, and first; an appraisal here never overrides it.
"""
