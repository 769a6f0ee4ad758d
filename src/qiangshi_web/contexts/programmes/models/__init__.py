"""The tables of programmes, by topic."""

from qiangshi_web.contexts.programmes.models.cohorts import (
    CohortMembership,
    Event,
    Expert,
    MentoringPair,
    MentorRole,
    ReadingRecord,
)
from qiangshi_web.contexts.programmes.models.honours import (
    ContestEntry,
    Honour,
    PublicityItem,
    Recognition,
    TalentTitle,
)
from qiangshi_web.contexts.programmes.models.studios import (
    Studio,
    StudioMembership,
    StudioYear,
)

__all__ = [
    "CohortMembership",
    "ContestEntry",
    "Event",
    "Expert",
    "Honour",
    "MentorRole",
    "MentoringPair",
    "PublicityItem",
    "ReadingRecord",
    "Recognition",
    "Studio",
    "StudioMembership",
    "StudioYear",
    "TalentTitle",
]
