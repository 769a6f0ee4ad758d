"""Who is who: numbers that check themselves, names as different machines typed them, likeness.

Likeness is definite, possible or none, each with its reasons; what is possible only a person
decides.
"""

from qiangshi.datacheck.identity.codes import read_credit_code, read_school_code
from qiangshi.datacheck.identity.matching import Match, Person, match
from qiangshi.datacheck.identity.numbers import IdentityNumber, read_identity_number
from qiangshi.datacheck.identity.people import match_people, match_within

__all__ = [
    "IdentityNumber",
    "Match",
    "Person",
    "match",
    "match_people",
    "match_within",
    "read_credit_code",
    "read_identity_number",
    "read_school_code",
]
