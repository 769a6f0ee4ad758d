"""Qualification certificates, five-yearly registration, and leaving the profession.

Carries registration and exit (广东市 A1.1.3.f, A1.2.5.5.a). Never decides whether the hours
suffice: that is measured by the plan in force.
"""
