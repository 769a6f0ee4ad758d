"""Teacher education: degree programmes, intake, accreditation, student teachers and contracts.

Carries intake and contracts of funded students (广东市 A1.2.3.1.c). A student who is placed
becomes a person of people; the contract stays here.
"""
