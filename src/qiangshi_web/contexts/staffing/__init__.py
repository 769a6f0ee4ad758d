"""Staffing quotas, needs and forecasts, posts and appointments, recruitment and hires.

Carries headcount, posts and recruitment (广东市 17.f, A1.2.5.1 to A1.2.5.6). Never pays (pay) and
never moves a person between schools (people, mobility).
"""
