"""What facts must be to each other, as data: declared once, held at import and counted later."""

from qiangshi.datacheck.rules.loading import fitting_rules, load_rules
from qiangshi.datacheck.rules.models import DIMENSIONS, Dimension, Rule
from qiangshi.datacheck.rules.rows import Judged, conditions_hold, judge, overlapping

__all__ = [
    "DIMENSIONS",
    "Dimension",
    "Judged",
    "Rule",
    "conditions_hold",
    "fitting_rules",
    "judge",
    "load_rules",
    "overlapping",
]
