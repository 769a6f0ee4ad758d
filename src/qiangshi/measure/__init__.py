"""Plans measured on a snapshot: what is met, what is not, and what nobody can say yet."""

from qiangshi.measure.backends.duckdb_persons import OpenSnapshot
from qiangshi.measure.evaluating import evaluate
from qiangshi.measure.explain_organisation import OrganisationExplanation, explain_organisation
from qiangshi.measure.explain_person import PersonExplanation, PersonStandards, explain_person
from qiangshi.measure.gaps import Gap, gaps
from qiangshi.measure.readiness import why_not_measured
from qiangshi.measure.results import STATUS_ZH, Result, Results
from qiangshi.measure.scenarios import Scenario
from qiangshi.measure.snapshot import Snapshot, read_snapshot, write_snapshot
from qiangshi.measure.what_if import Difference, what_if

__all__ = [
    "STATUS_ZH",
    "Difference",
    "Gap",
    "OpenSnapshot",
    "OrganisationExplanation",
    "PersonExplanation",
    "PersonStandards",
    "Result",
    "Results",
    "Scenario",
    "Snapshot",
    "evaluate",
    "explain_organisation",
    "explain_person",
    "gaps",
    "read_snapshot",
    "what_if",
    "why_not_measured",
    "write_snapshot",
]
