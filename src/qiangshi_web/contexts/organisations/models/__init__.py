"""The tables of organisations, by topic."""

from qiangshi_web.contexts.organisations.models.figures import (
    LedgerConfirmation,
    SchoolYearFigures,
)
from qiangshi_web.contexts.organisations.models.governance import (
    Committee,
    CommitteeMeeting,
    GovernanceDocument,
    Mechanism,
    ResponsiblePerson,
)
from qiangshi_web.contexts.organisations.models.groups import (
    Base,
    OrganisationMembership,
)
from qiangshi_web.contexts.organisations.models.organisation import (
    SEPARATOR,
    Organisation,
    OrganisationState,
    OrganisationSuccession,
)

__all__ = [
    "SEPARATOR",
    "Base",
    "Committee",
    "CommitteeMeeting",
    "GovernanceDocument",
    "LedgerConfirmation",
    "Mechanism",
    "Organisation",
    "OrganisationMembership",
    "OrganisationState",
    "OrganisationSuccession",
    "ResponsiblePerson",
    "SchoolYearFigures",
]
