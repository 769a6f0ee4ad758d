"""The tables of training, by topic."""

from qiangshi_web.contexts.training.models.entries import (
    IctAssessment,
    StudyPlacement,
    TrainingEntry,
    TutoringSession,
)
from qiangshi_web.contexts.training.models.projects import (
    TrainingCourse,
    TrainingEvaluation,
    TrainingNeedSurvey,
    TrainingProject,
)
from qiangshi_web.contexts.training.models.schools import (
    EducationActivity,
    OnlineCourseUse,
    SchoolBasedPlan,
)

__all__ = [
    "EducationActivity",
    "IctAssessment",
    "OnlineCourseUse",
    "SchoolBasedPlan",
    "StudyPlacement",
    "TrainingCourse",
    "TrainingEntry",
    "TrainingEvaluation",
    "TrainingNeedSurvey",
    "TrainingProject",
    "TutoringSession",
]
