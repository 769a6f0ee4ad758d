"""Changes of plans, as data: another value, window, population, or another plan altogether.

A change names its place by plan, item and path, so that it can be kept, sent and compared. Plans
themselves are never altered: changing gives new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from qiangshi.errors import ChangeError
from qiangshi.policy.expressions import ExpressionError, check
from qiangshi.policy.item_parts import expressions_of, subject_of, values_of
from qiangshi.policy.models import ITEM_KINDS, Window
from qiangshi.policy.names import item_symbols
from qiangshi.policy.vocabulary import Name, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qiangshi.policy.models import Item, Plan, Value
    from qiangshi.policy.vocabulary import Vocabulary


class ValueChange(Record):
    """Another number or code: `at` leads to it, as `values.required` or `targets.0.value`."""

    kind: Literal["value"] = "value"
    plan: str
    item: str
    at: str
    to: float | str


class WindowChange(Record):
    """Another window for a measure of an item; `counts`, `amount` and `base` by those names."""

    kind: Literal["window"] = "window"
    plan: str
    item: str
    measure: Name
    to: Literal["plan", "year", "school_year", "term", "as_of"] | Window


class PopulationChange(Record):
    """Another condition for who is bound, in the plan language."""

    kind: Literal["population"] = "population"
    plan: str
    item: str
    to: str


class PlanSwap(Record):
    """Another plan measured in the place of one; `to` empty: none."""

    kind: Literal["swap"] = "swap"
    plan: str
    to: str = ""


Change = Annotated[
    ValueChange | WindowChange | PopulationChange | PlanSwap, Field(discriminator="kind")
]
ItemChange = ValueChange | WindowChange | PopulationChange

CHANGES: TypeAdapter[tuple[Change, ...]] = TypeAdapter(tuple[Change, ...])
"""Reads and writes changes as JSON."""


def changed_plans(
    plans: Sequence[Plan],
    changes: Sequence[Change],
    *,
    vocabulary: Vocabulary,
    others: Mapping[str, Plan] | None = None,
) -> list[Plan]:
    """`plans` as they would be; `others` gives the plans that may take the place of one.

    Raises ChangeError with every ground: a plan, item, value or measure that is not there, a
    number where a code stands, a condition that does not check.
    """
    found = {plan.id: plan for plan in plans}
    grounds: list[str] = []
    for change in changes:
        if change.plan not in found:
            grounds.append(f"没有参与测算的方案 {change.plan}")
        elif isinstance(change, PlanSwap):
            grounds += _swap(found, change, others or {})
        else:
            grounds += _put(found, change, vocabulary)
    if grounds:
        raise ChangeError(grounds)
    return list(found.values())


def _swap(found: dict[str, Plan], change: PlanSwap, others: Mapping[str, Plan]) -> Iterator[str]:
    if change.to in found and change.to != change.plan:
        yield f"方案 {change.to} 已在测算之列"
    elif change.to and change.to not in others:
        yield f"没有可替换的方案 {change.to}"
    else:
        kept = [others[change.to] if name == change.plan and change.to else plan
                for name, plan in found.items() if name != change.plan or change.to]  # fmt: skip
        found.clear()
        found.update({plan.id: plan for plan in kept})


def _put(found: dict[str, Plan], change: ItemChange, vocabulary: Vocabulary) -> Iterator[str]:
    plan = found[change.plan]
    item = plan.items.get(change.item)
    if item is None:
        yield f"方案 {plan.id} 没有条目 {change.item}"
        return
    grounds: list[str] = []
    changed = _changed(item, change, vocabulary, grounds)
    if changed is not None and not grounds:
        grounds += _complaints(changed, vocabulary)
    if changed is not None and not grounds:
        items = {**plan.items, change.item: changed}
        found[plan.id] = plan.model_copy(update={"items": items})
    yield from (f"{item.title.zh}（{item.clause}）：{ground}" for ground in grounds)


def _changed(
    item: Item, change: ItemChange, vocabulary: Vocabulary, grounds: list[str]
) -> Item | None:
    whole = item.model_dump(by_alias=True)
    match change:
        case ValueChange():
            value = value_at(item, change.at)
            if value is None:
                grounds.append(f"没有数值 {change.at}；可改的有：{'、'.join(places(item)) or '无'}")
                return None
            grounds += _misfit(value, change.to, vocabulary)
            _set(whole, change.at, {"value": change.to, "by_date": (), "confirm": None})
        case WindowChange():
            counted = _counted(whole, change.measure)
            if counted is None:
                grounds.append(f"没有计数项 {change.measure}")
                return None
            form = change.to
            counted["window"] = form.model_dump() if isinstance(form, Window) else form
        case PopulationChange():
            within = whole.get("figure", whole)
            if "population" not in within:
                grounds.append("这一条目没有适用范围可改")
                return None
            within["population"] = change.to
    return _validated(item, whole, grounds)


def _validated(item: Item, whole: dict[str, Any], grounds: list[str]) -> Item | None:
    model = next(model for model in ITEM_KINDS.values() if type(item) is model)
    try:
        return model.model_validate(whole)
    except ValidationError as error:
        grounds += [str(detail["msg"]) for detail in error.errors(include_url=False)]
        return None


def places(item: Item) -> list[str]:
    """Every value that may be changed, by the path that a change names."""
    return [".".join(map(str, below)) for below, _ in values_of(item)]


def value_at(item: Item, at: str) -> Value | None:
    """The value that a path leads to."""
    return {".".join(map(str, below)): value for below, value in values_of(item)}.get(at)


def _misfit(value: Value, given: float | str, vocabulary: Vocabulary) -> Iterator[str]:
    if value.codes is not None and given not in vocabulary.codes[value.codes].tokens:
        allowed = "、".join(vocabulary.codes[value.codes].tokens)
        yield f"应为代码 {allowed} 之一，所给为 {given}"
    elif value.codes is None and isinstance(given, str):
        yield f"应为数字，所给为 {given}"


def _set(whole: dict[str, Any], at: str, given: dict[str, Any]) -> None:
    target: Any = whole
    for step in at.split("."):
        target = target[int(step) if step.isdigit() else step]
    target.update(given)


def _counted(whole: dict[str, Any], measure: str) -> dict[str, Any] | None:
    found = whole.get("measures", {}).get(measure)
    alone = whole.get(measure) if measure in {"counts", "amount", "base"} else None
    chosen = found if found is not None else alone
    return chosen if isinstance(chosen, dict) else None


def _complaints(item: Item, vocabulary: Vocabulary) -> Iterator[str]:
    """What does not check in the item's conditions: names, kinds, units, stray numbers."""
    subject = vocabulary.relations[subject_of(item)]
    counted = getattr(item, "measures", {})
    names = item_symbols(subject, vocabulary, measures=counted, values=item.values)
    for _, text in expressions_of(item):
        try:
            check(text, names)
        except ExpressionError as error:
            for complaint in error.complaints:
                yield f"条件“{text}”应有{complaint.expected}，所给为 {complaint.got}"
