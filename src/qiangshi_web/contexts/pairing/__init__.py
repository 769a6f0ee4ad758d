"""Paired assistance: agreements, activities, needs stated by schools.

Carries assistance between areas (广东市 A1.2.3.4.j). Never moves persons: a stay is mobility's.
"""
