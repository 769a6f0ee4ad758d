"""The smallest changes that would turn the verdict on one subject, from its own comparisons.

Comparisons joined by AND must all come to hold, of those joined by OR one way suffices. A change is
of what a subject has; that it stops being bound by the rule is never proposed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import floor
from typing import TYPE_CHECKING

from sqlglot import expressions as exp

from qiangshi.measure.ways import MOST_WAYS, Change, Way, is_whole
from qiangshi.measure.wording import conditions_of, function_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qiangshi.measure.comparisons import Compared, Comparison
    from qiangshi.measure.evaluation_plan import WindowedMeasure

_RISING = {"years_since", "months_since", "days_since"}
_OTHER = 10.0  # the cost of having to be something else
_BECOME_ZH = {
    ">=": "达到{}及以上", "<=": "改为{}及以下", ">": "改为{}以上", "<": "改为{}以下", "=": "改为{}",
    "<>": "改为{}以外", "in": "改为{}之一", "not in": "改为{}以外", "holds": "改为{}",
}  # fmt: skip
_BECOME_EN = {
    ">=": "at least {}", "<=": "at most {}", ">": "above {}", "<": "below {}", "=": "to be {}",
    "<>": "to be other than {}", "in": "to be one of {}", "not in": "to be other than {}",
    "holds": "to be {}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Step:
    """A change with what it costs, and the measure that it adds to, if it adds to one."""

    change: Change
    cost: float
    measure: WindowedMeasure | None = None


_Steps = tuple[_Step, ...]


def ways_of(
    tree: exp.Expr, parts: Sequence[Compared], comparisons: Sequence[Comparison]
) -> tuple[Way, ...]:
    """The smallest ways to make `tree` hold, best first; none where no change could.

    `parts` and `comparisons` are those of the tree's leaves in the order of reading.
    """
    found = _ways(tree, iter(zip(parts, comparisons, strict=True)), denied=False)
    return tuple(Way(_nested(steps)) for steps in found)


def _ways(
    node: exp.Expr, told: Iterator[tuple[Compared, Comparison]], *, denied: bool
) -> list[_Steps]:
    match node:
        case exp.Paren():
            return _ways(node.this, told, denied=denied)
        case exp.Not():
            return _ways(node.this, told, denied=not denied)
        case exp.And() | exp.Or():
            sides = [_ways(side, told, denied=denied) for side in (node.this, node.expression)]
            return _joined(sides, every=isinstance(node, exp.And) != denied)
        case exp.Between():
            return _joined([_leaf(*next(told)), _leaf(*next(told))], every=not denied)
        case exp.Boolean():
            return [()] if bool(node.this) != denied else []
        case _:
            return _leaf(*next(told))


def _joined(sides: Sequence[list[_Steps]], *, every: bool) -> list[_Steps]:
    """Of sides that must all hold, one way of each together; else the ways of any."""
    if every:
        found = [sum(chosen, ()) for chosen in product(*sides)]
    else:
        found = [way for side in sides for way in side]
        # a branch for others (another stage, another tier) is no advice while there is one's own
        found = [way for way in found if not _is_for_others(way)] or found
    return sorted(found, key=_size)[:MOST_WAYS] if () not in found else [()]


def _is_for_others(steps: _Steps) -> bool:
    return any(step.cost == _OTHER for step in steps)


def _size(steps: _Steps) -> tuple[int, float]:
    return len(steps), sum(step.cost for step in steps)


def _leaf(part: Compared, told: Comparison) -> list[_Steps]:
    if told.verdict is True:
        return [()]
    if told.verdict is None:
        fill = _Step(_filled(told), 0.0)
        more = [] if not isinstance(told.has, float) else _changed(part, told)
        return [(fill,), *((step,) for step in more)]
    if isinstance(part.leaf.condition, exp.Is) and part.leaf.denied:
        label = part.zh.operand(part.leaf.condition.this), part.en.operand(part.leaf.condition.this)
        return [(_Step(Change("fill", *label), 0.0),)]
    return [(step,) for step in _changed(part, told)]


def _filled(told: Comparison) -> Change:
    return Change("fill", told.label_zh, told.label_en)


def _changed(part: Compared, told: Comparison) -> list[_Step]:
    """What makes a comparison hold that certainly does not, or that more would make hold."""
    if not isinstance(told.needs, float) or not isinstance(told.has, float):
        return [] if told.verdict is None else [_become(told)]
    if function_name(part.leaf.left.unnest()) in _RISING:
        return [_counted(part, told, "wait")] if told.op in {">=", ">"} else []
    match told.op:
        case ">=" | ">":
            return [_counted(part, told, "more")]
        case "<=" | "<":
            return [] if told.verdict is None else [_counted(part, told, "fewer")]
        case "=" if told.verdict is False:
            return [_counted(part, told, "more" if told.has < told.needs else "fewer")]
    return [] if told.verdict is None else [_become(told)]


def _become(told: Comparison) -> _Step:
    change = Change(
        "become",
        told.label_zh,
        told.label_en,
        to_zh=_BECOME_ZH[told.op].format(told.needs),
        to_en=_BECOME_EN[told.op].format(told.needs_en),
    )
    return _Step(change, _OTHER if told.op in {"=", "<>", "in", "not in"} else 2.0)


def _counted(part: Compared, told: Comparison, kind: str) -> _Step:
    """A change by the number that is missing; of things that are counted, by a whole one."""
    assert isinstance(told.has, float)
    assert isinstance(told.needs, float)
    missing = abs(told.needs - told.has)
    measure = _measure(part)
    whole = measure is not None and is_whole(measure.aggregate, measure.unit)
    beyond = told.op in {">", "<"}
    if whole:
        missing = float(floor(missing) + 1 if beyond else -floor(-missing))
    change = Change(
        "wait" if kind == "wait" else "more" if kind == "more" else "fewer",
        told.label_zh,
        told.label_en,
        amount=missing,
        unit_zh=told.unit_zh,
        unit_en=told.unit_en,
        beyond=beyond and not whole,
        as_it_is=any(side.find(exp.Column) is not None for side in part.leaf.right),
        share=told.unit == "share",
    )
    relative = min(1.0, missing / abs(told.needs)) if told.needs else 1.0
    return _Step(change, (2.5 if kind == "wait" else 1.0) + relative, measure)


def _measure(part: Compared) -> WindowedMeasure | None:
    bare = part.leaf.left.unnest()
    named = isinstance(bare, exp.Column) and not bare.table
    return part.zh.measures[bare.name] if named else None


def _nested(steps: _Steps) -> tuple[Change, ...]:
    """What counts towards another change of the same way is told as a part of it."""
    held = list(steps)
    for inner in steps:
        for at, outer in enumerate(held):
            if _counts_towards(inner, outer):
                amount = max(outer.change.amount or 0.0, inner.change.amount or 0.0)
                held[at] = replace(outer, change=replace(outer.change, amount=amount))
                held = [one for one in held if one.change != inner.change]
                at = held.index(next(one for one in held if one.measure == outer.measure))
                told = replace(inner, change=replace(inner.change, within=True))
                held.insert(at + 1, told)
                break
    return tuple(step.change for step in held)


def _counts_towards(inner: _Step, outer: _Step) -> bool:
    """Whether every row that `inner` adds is one that `outer` counts."""
    one, other = inner.measure, outer.measure
    if one is None or other is None or one == other:
        return False
    if (inner.change.kind, outer.change.kind) != ("more", "more"):
        return False
    alike = (one.measure, one.relation, one.owner, one.days) == (
        other.measure,
        other.relation,
        other.owner,
        other.days,
    )
    asked = [{part.sql() for part in conditions_of(each.where)} for each in (one, other)]
    return alike and asked[1] < asked[0]
