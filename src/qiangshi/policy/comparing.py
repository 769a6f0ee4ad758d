"""Plans side by side on one matter, and what changed between two versions of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.periods import Duration
from qiangshi.policy.item_parts import expressions_of, measures_of, values_of
from qiangshi.policy.vocabulary import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qiangshi.policy.models import Counted, Item, Plan, Value
    from qiangshi.policy.vocabulary import Vocabulary

_RECURRING = Text(zh="常年", en="Recurring")
_WINDOWS = {
    "plan": Text(zh="有效期内", en="the plan's years"),
    "year": Text(zh="当年", en="the year"),
    "school_year": Text(zh="本学年", en="the school year"),
    "term": Text(zh="本学期", en="the term"),
    "as_of": Text(zh="截至当日", en="as of the day"),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """One value that a plan sets on a matter."""

    plan: str
    plan_title: str
    clause: str
    reference: str
    title: str
    value: str
    window: Text
    population: str
    due: Text | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two plans; `before` or `after` is empty where only one has it."""

    reference: str
    part: str
    before: str
    after: str


def compare(plans: Iterable[Plan], matter: str, vocabulary: Vocabulary) -> list[Demand]:
    """What each plan asks on `matter`: a measure, relation or unit, by id or part of a label."""
    measures = _measures_about(matter, vocabulary)
    found = []
    for plan in plans:
        for reference, item in plan.items.items():
            counted = [c for _, c in measures_of(item) if c.measure in measures]
            if counted:
                found += list(_demands(plan, reference, item, counted, vocabulary))
    return found


def diff(before: Plan, after: Plan) -> list[Change]:
    """Items, values, conditions and provisions that differ, by reference."""
    old, new = dict(_facts(before)), dict(_facts(after))
    return [
        Change(*key, old.get(key, ""), new.get(key, ""))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def shown_value(value: Value, vocabulary: Vocabulary) -> str:
    """A value as people read it: 360 学时, 5%, 一级教师; values to be confirmed say so."""
    if value.confirm is not None:
        return "待确认"
    if value.value is not None:
        return _shown(value.value, value, vocabulary)
    dated = (f"{at.since}起 {_shown(at.value, value, vocabulary)}" for at in value.by_date)
    return "；".join(dated)


def _measures_about(matter: str, vocabulary: Vocabulary) -> set[str]:
    wanted = matter.casefold()
    found = set()
    for measure in vocabulary.measures.values():
        unit, relation = vocabulary.units[measure.unit], vocabulary.relations[measure.relation]
        ids = {measure.id, unit.id, relation.id}
        labels = [measure.label, unit.label, relation.label]
        words = [label.zh for label in labels] + [label.en.casefold() for label in labels]
        if wanted in ids or any(wanted in word for word in words):
            found.add(measure.id)
    return found


def _demands(
    plan: Plan, reference: str, item: Item, counted: list[Counted], vocabulary: Vocabulary
) -> Iterator[Demand]:
    units = {vocabulary.measures[c.measure].unit for c in counted}
    conditions = dict(expressions_of(item))
    population = conditions.get(("population",), conditions.get(("figure", "population"), ""))
    about = [v for _, v in values_of(item) if v.unit in units or v.unit == "share"]
    for value in about:
        yield Demand(
            plan=plan.id,
            plan_title=plan.head.title.zh,
            clause=value.clause or item.clause,
            reference=reference,
            title=item.title.zh,
            value=shown_value(value, vocabulary),
            window=shown_window(counted[0]),
            population=population,
            due=shown_due(item),
            confirmed=item.confirm is None and value.confirm is None,
        )


def shown_window(counted: Counted) -> Text:
    """The days over which rows count, in words."""
    window = counted.window
    if isinstance(window, str):
        return _WINDOWS[window]
    if window.form == "fixed":
        span = f"{window.since}—{window.until}"
        return Text(zh=span, en=span)
    if window.form == "rolling":
        return _length_words(Duration.parse(window.length or ""))
    return _WINDOWS[window.form]


def _length_words(length: Duration) -> Text:
    parts = ((length.years, "年", "years"), (length.months, "个月", "months"))
    given = [part for part in (*parts, (length.days, "天", "days")) if part[0]]
    zh = "".join(f"{number}{word}" for number, word, _ in given)
    return Text(zh=f"最近{zh}", en=f"last {' '.join(f'{n} {word}' for n, _, word in given)}")


def shown_due(item: Item) -> Text | None:
    """By when, in words; None where the plan names no time."""
    due = getattr(item, "due", None)
    if due is None:
        return None
    return _RECURRING if due == "recurring" else Text(zh=f"{due}", en=f"{due}")


def _shown(number: float | str, value: Value, vocabulary: Vocabulary) -> str:
    if isinstance(number, str):
        codes = vocabulary.codes.get(value.codes or "")
        return codes.labels.get(number, number) if codes else number
    unit = vocabulary.units[value.unit] if value.unit else None
    if unit is not None and unit.dimension == "ratio":
        return f"{number * 100:g}%"
    return f"{number:g} {unit.label.zh}" if unit else f"{number:g}"


def _facts(plan: Plan) -> Iterator[tuple[tuple[str, str], str]]:
    for provision in plan.provisions.values():
        reference = f"provision:{provision.id}"
        yield (reference, "summary"), provision.summary.zh
        yield (reference, "carried_by"), ", ".join(provision.carried_by)
    for reference, item in plan.items.items():
        yield (reference, "title"), item.title.zh
        for below, value in values_of(item):
            yield (reference, ".".join(map(str, below))), value.model_dump_json(exclude_none=True)
        for below, text in expressions_of(item):
            yield (reference, ".".join(map(str, below))), text
        for below, counted in measures_of(item):
            yield (reference, ".".join(map(str, below))), counted.model_dump_json(exclude_none=True)
