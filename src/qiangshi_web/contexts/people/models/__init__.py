"""The tables of people, by topic."""

from qiangshi_web.contexts.people.models.archives import (
    ArchiveEntry,
    DataQualityResult,
    GrowthPlan,
    PersonalFile,
)
from qiangshi_web.contexts.people.models.careers import (
    Employment,
    HomeroomService,
    PostHolding,
    TeachingAssignment,
)
from qiangshi_web.contexts.people.models.credentials import (
    Certificate,
    EducationHistory,
    MandarinResult,
    PartyMembership,
)
from qiangshi_web.contexts.people.models.mergers import PersonMerger, PossibleDuplicate
from qiangshi_web.contexts.people.models.persons import (
    Person,
    PersonState,
)

__all__ = [
    "ArchiveEntry",
    "Certificate",
    "DataQualityResult",
    "EducationHistory",
    "Employment",
    "GrowthPlan",
    "HomeroomService",
    "MandarinResult",
    "PartyMembership",
    "Person",
    "PersonMerger",
    "PersonState",
    "PersonalFile",
    "PossibleDuplicate",
    "PostHolding",
    "TeachingAssignment",
]
