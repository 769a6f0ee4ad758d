"""What reaches schools from outside: lists, inspections, entries, forms, secondments.

Carries burden control (广东市 A1.2.6.1 to A1.2.6.3). Never appraises a school for refusing.
"""
