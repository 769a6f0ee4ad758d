"""Training: entries of hours and credits, projects, courses, needs, evaluation, school plans.

Carries the ledger of hours and the projects (济源 2.2.a, 3.4.a, 4.3.e, 4.3.j, 5.1.b, 5.3.a to
5.3.g). Holds no number of hours that anyone must have: the plan does.
"""
