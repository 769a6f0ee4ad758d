"""Sanctions (处理、处分): how grave, for how long, decided by whom; all of it from the plans.

The order of gravity is that of the code list. What no plan in force gives stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from qiangshi.casework.numbers import Number
from qiangshi.periods import Duration
from qiangshi_web.casework.norms import rules
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.numbers import Cited

CODES = "sanction_kind"
COMPETENCE = "procedure:misconduct-competence"
TERMS = "procedure:terms-of-sanctions"
RUNNING = {"warning", "demerit", "demotion"}
"""Sanctions that run for a term and then lapse."""
LASTING = {"dismissal", "qualification_revoked"}
"""Sanctions that do not lapse by themselves."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A sanction that a plan names as a limit, with the clause that does."""

    sanction: str
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A sanction as whoever decides needs to know it. `months` None: no running term."""

    code: str
    label: str
    months: Cited | None
    decided_by: Literal["school", "bureau"]
    has_hearing: bool
    source: str


def label_of(sanction: str) -> str:
    """What people call a sanction."""
    return next((c.label.zh for c in vocabulary().codes[CODES].codes if c.code == sanction), "")


def gravity(sanction: str) -> int:
    """Place in the order of gravity, the lightest first. An unknown one counts as the gravest."""
    order = [code.code for code in vocabulary().codes[CODES].codes]
    return order.index(sanction) if sanction in order else len(order)


def threshold(value: str, on: date) -> Threshold:
    """`school_most` or `hearing_from` of the nearest plan in force. Raises LookupError."""
    for plan, item in rules().norms.items(COMPETENCE):
        found = item.values.get(value)
        told = found.on(on) if found is not None and found.confirm is None else None
        if isinstance(told, str):
            return Threshold(told, f"{plan.head.title.zh} {item.clause}")
    raise LookupError(f"expected {COMPETENCE}/{value} in a plan in force, got none")


def school_may_decide(sanction: str, on: date) -> bool:
    """Whether a school decides it itself."""
    return gravity(sanction) <= gravity(threshold("school_most", on).sanction)


def hearing_is_owed(sanction: str, on: date) -> bool:
    """Whether the person concerned may have a hearing before it."""
    return gravity(sanction) >= gravity(threshold("hearing_from", on).sanction)


def term_of(sanction: str, on: date) -> Cited | None:
    """The months that a sanction runs, with clause; None where it has no running term."""
    return rules().norms.find(Number(TERMS, sanction), on) if sanction in RUNNING else None


def last_day(sanction: str, barred_months: int | None, on: date) -> date | None:
    """The last day on which a sanction decided on `on` counts at the gates; None: it stays.

    The longer of its own term and of the months for which the decision bars from awards and titles.
    A measure with neither is done with on its day.
    """
    if sanction in LASTING:
        return None
    cited = term_of(sanction, on)
    months = max(cited.whole if cited else 0, barred_months or 0)
    return Duration(months=-months).before(on) - _DAY if months else on


def measures(on: date) -> list[Measure]:
    """Every sanction, the lightest first: what stands beside the decision."""
    return [_measure(code.code, code.label.zh, on) for code in vocabulary().codes[CODES].codes]


def _measure(code: str, label: str, on: date) -> Measure:
    return Measure(
        code=code,
        label=label,
        months=term_of(code, on),
        decided_by="school" if school_may_decide(code, on) else "bureau",
        has_hearing=hearing_is_owed(code, on),
        source=threshold("school_most", on).source,
    )
