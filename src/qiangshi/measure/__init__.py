"""Plans measured on a snapshot: what is met, what is not, and what nobody can say yet."""

from qiangshi.measure.evaluating import evaluate
from qiangshi.measure.explain_organisation import OrganisationExplanation, explain_organisation
from qiangshi.measure.explain_person import PersonExplanation, explain_person
from qiangshi.measure.gaps import Gap, gaps
from qiangshi.measure.readiness import why_not_measured
from qiangshi.measure.results import STATUS_ZH, Result, Results
from qiangshi.measure.snapshot import Snapshot, read_snapshot, write_snapshot

__all__ = [
    "STATUS_ZH",
    "Gap",
    "OrganisationExplanation",
    "PersonExplanation",
    "Result",
    "Results",
    "Snapshot",
    "evaluate",
    "explain_organisation",
    "explain_person",
    "gaps",
    "read_snapshot",
    "why_not_measured",
    "write_snapshot",
]
