"""Plans measured on a snapshot: what is met, what is not, and what nobody can say yet."""

from qiangshi.measure.evaluating import evaluate
from qiangshi.measure.readiness import why_not_measured
from qiangshi.measure.results import STATUS_ZH, Result, Results
from qiangshi.measure.snapshot import Snapshot, read_snapshot, write_snapshot

__all__ = [
    "STATUS_ZH",
    "Result",
    "Results",
    "Snapshot",
    "evaluate",
    "read_snapshot",
    "why_not_measured",
    "write_snapshot",
]
