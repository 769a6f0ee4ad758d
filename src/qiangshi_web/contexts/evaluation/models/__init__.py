"""The tables of evaluation, by topic."""

from qiangshi_web.contexts.evaluation.models.appraisals import (
    Appraisal,
    CapabilityAssessment,
    EvaluationScheme,
    ResearchResult,
    TitleApplication,
)
from qiangshi_web.contexts.evaluation.models.classrooms import (
    ContactSchool,
    DemonstrationLesson,
    GuidanceDay,
    HomeVisit,
    LessonObservation,
    StudentCommentary,
)
from qiangshi_web.contexts.evaluation.models.principals import (
    PrincipalAppointment,
    PrincipalRankHolding,
    ReservePoolEntry,
)

__all__ = [
    "Appraisal",
    "CapabilityAssessment",
    "ContactSchool",
    "DemonstrationLesson",
    "EvaluationScheme",
    "GuidanceDay",
    "HomeVisit",
    "LessonObservation",
    "PrincipalAppointment",
    "PrincipalRankHolding",
    "ResearchResult",
    "ReservePoolEntry",
    "StudentCommentary",
    "TitleApplication",
]
