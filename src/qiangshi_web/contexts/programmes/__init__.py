"""Talent: honours, cohorts, studios, mentoring, recognitions, contests, experts, publicity.

Carries studios, cohorts and experts (济源 3.3.a, 4.3.i, 4.6.c, 4.8.a, 4.8.b, 4.8.d). Never counts a
studio's size against a plan: measuring does.
"""
