"""What-ifs on the snapshot of a run: what may be changed, and the answers, kept while they last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qiangshi.errors import ChangeError
from qiangshi.measure import read_snapshot, what_if
from qiangshi.measure.compiling import MEASURED
from qiangshi.measure.what_if_changes import (
    CHANGES,
    PopulationChange,
    ValueChange,
    WindowChange,
)
from qiangshi.measure.what_if_standing import StandingItem
from qiangshi.policy import plan_ids
from qiangshi.policy.item_parts import is_confirmed, measures_of, values_of
from qiangshi.policy.models import Window
from qiangshi_web.analytics.folders import placed
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.kernel.language import pick, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.measure.what_if import Difference
    from qiangshi.measure.what_if_changes import Change
    from qiangshi.policy.models import Counted, Item, Plan, Value
    from qiangshi_web.analytics.models import MeasuredSnapshot

VALUE, WINDOW, POPULATION = "value.", "window.", "population"
"""How the fields of a what-if are named in an address."""

WINDOWS = {
    "plan": "规划期",
    "year": "当年",
    "school_year": "本学年",
    "term": "本学期",
    "as_of": "当日在册",
    "P1Y": "近一年",
    "P2Y": "近两年",
    "P3Y": "近三年",
    "P5Y": "近五年",
}
_STEPS = 200  # of a slider, where its unit does not tell


@dataclass(frozen=True, slots=True)
class Slider:
    """A number of an item that may be dragged, in the plan's own unit."""

    name: str
    label: str
    unit: str
    now: float
    chosen: float
    low: float
    high: float
    step: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A window of an item: the one chosen, empty for the plan's own."""

    name: str
    label: str
    now: str
    chosen: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Adjustable:
    """Everything of an item that a what-if may change, as the query has it."""

    sliders: tuple[Slider, ...]
    windows: tuple[Choice, ...]
    population: str | None
    population_now: str | None
    changes: tuple[Change, ...]


def adjustable(plan: Plan, reference: str, query: Mapping[str, str]) -> Adjustable:
    """The sliders, windows and population of an item, and the changes that the query asks for."""
    item = plan.items[reference]
    sliders = tuple(_sliders(item, query))
    windows = tuple(_windows(item, query))
    now = _population(item)
    asked = " ".join(query.get(POPULATION, "").split()) or now
    changes: list[Change] = [
        ValueChange(plan=plan.id, item=reference, at=one.name.removeprefix(VALUE), to=one.chosen)
        for one in sliders
        if one.chosen != one.now
    ]
    changes += [
        WindowChange(
            plan=plan.id,
            item=reference,
            measure=one.name.removeprefix(WINDOW),
            to=_window(one.chosen),
        )
        for one in windows
        if one.chosen
    ]
    if asked is not None and asked != now:
        changes.append(PopulationChange(plan=plan.id, item=reference, to=asked))
    return Adjustable(sliders, windows, asked, now, tuple(changes))


def items_to_change(plan: Plan) -> list[str]:
    """References of the measured items that have a number to change."""
    return [
        reference
        for reference, item in plan.items.items()
        if isinstance(item, MEASURED) and is_confirmed(item) and _sliders(item, {})
    ]


def _sliders(item: Item, query: Mapping[str, str]) -> list[Slider]:
    found = []
    for below, value in values_of(item):
        now = value.value if value.value is not None or not value.by_date else _last(value)
        if isinstance(now, str) or now is None:
            continue
        name = VALUE + ".".join(map(str, below))
        low, high, step = _range(value, float(now))
        found.append(
            Slider(
                name=name,
                label=pick(value.label) if value.label is not None else say("目标"),
                unit=_unit(value.unit),
                now=float(now),
                chosen=min(high, max(low, _number(query.get(name), float(now)))),
                low=low,
                high=high,
                step=step,
            )
        )
    return found


def _last(value: Value) -> float | str:
    return max(value.by_date, key=lambda at: at.since).value


def _range(value: Value, now: float) -> tuple[float, float, float]:
    if value.unit == "share" and 0 <= now <= 1:
        return 0.0, 1.0, 0.005
    if now == int(now) and abs(now) <= _STEPS * 5:
        return min(0.0, 2 * now), max(2 * now, 10.0), 1.0
    return min(0.0, 2 * now), max(2 * now, 1.0), max(abs(now), 0.5) / _STEPS


def _unit(unit: str | None) -> str:
    known = vocabulary().units.get(unit or "")
    return "" if known is None or known.id == "share" else pick(known.label)


def _number(text: str | None, default: float) -> float:
    """A number of at most four places, as the engine keeps them."""
    try:
        found = round(float(text or ""), 4)
    except ValueError:
        return default
    return found if abs(found) < 1e12 else default


def _windows(item: Item, query: Mapping[str, str]) -> list[Choice]:
    found = []
    for below, counted in measures_of(item):
        name = f"{WINDOW}{below[-1]}"
        chosen = query.get(name, "")
        label = vocabulary().measures[counted.measure].label
        found.append(
            Choice(
                name=name,
                label=pick(label),
                now=_window_word(counted),
                chosen=chosen if chosen in WINDOWS else "",
                choices=tuple((key, say(word)) for key, word in WINDOWS.items()),
            )
        )
    return found


def _window_word(counted: Counted) -> str:
    window = counted.window
    if not isinstance(window, Window):
        return say(WINDOWS[window])
    if window.length is not None:
        return say(WINDOWS[window.length]) if window.length in WINDOWS else window.length
    return say(WINDOWS[window.form]) if window.form in WINDOWS else f"{window.since}—{window.until}"


def _window(token: str) -> Window:
    if token.startswith("P"):
        return Window(form="rolling", length=token)
    return Window.model_validate({"form": token})


def _population(item: Item) -> str | None:
    within = getattr(item, "figure", item)
    found: str | None = getattr(within, "population", None)
    return found


def as_it_is(run: MeasuredSnapshot, plan: Plan, reference: str) -> Difference | None:
    """An item without any change; None where it takes measuring in full."""
    try:
        return _standing(run.folder, run.sha256, plan.id, reference).answer([])
    except ChangeError:
        return None


def answer_for(run: MeasuredSnapshot, changes: Sequence[Change]) -> Difference:
    """What the changes change in the run; at once where one item's numbers alone do.

    Raises ChangeError with every ground.
    """
    keys = {(change.plan, getattr(change, "item", "")) for change in changes}
    if len(keys) == 1 and all(isinstance(change, ValueChange) for change in changes):
        ((plan_id, reference),) = keys
        try:
            return _standing(run.folder, run.sha256, plan_id, reference).answer(changes)
        except ChangeError:
            pass  # no share, or something not read: measured in full
    told = CHANGES.dump_json(tuple(changes)).decode()
    return _measured(run.folder, run.sha256, _changed(run, changes), told)


def _changed(run: MeasuredSnapshot, changes: Sequence[Change]) -> tuple[str, ...]:
    """The run's plans that are changed. The others stay as they are, and one of them may take the
    place of a changed one.
    """
    named = {change.plan for change in changes}
    return tuple(plan_id for plan_id in run.plan_ids if plan_id in named)


def newly_short(
    run: MeasuredSnapshot, changes: Sequence[Change], organisation_id: str
) -> list[str]:
    """Keys of an organisation's own people who come to fall short; empty where it is not at once
    known.
    """
    keys = {(change.plan, getattr(change, "item", "")) for change in changes}
    if len(keys) != 1 or not all(isinstance(change, ValueChange) for change in changes):
        return []
    ((plan_id, reference),) = keys
    if getattr(load(plan_id).items[reference], "subject", "") != "person":
        return []
    try:
        standing = _standing(run.folder, run.sha256, plan_id, reference)
        return standing.newly_short(changes, organisation_id)
    except ChangeError:
        return []


@lru_cache(maxsize=8)
def _standing(folder: str, sha256: str, plan_id: str, reference: str) -> StandingItem:
    """Snapshots and plans do not change; `sha256` keeps runs apart."""
    snapshot = read_snapshot(placed(folder))
    return StandingItem(load(plan_id), reference, snapshot, vocabulary=vocabulary())


@lru_cache(maxsize=32)
def _measured(folder: str, sha256: str, plans: tuple[str, ...], changes: str) -> Difference:
    return what_if(
        [load(plan_id) for plan_id in plans],
        CHANGES.validate_json(changes),
        read_snapshot(placed(folder)),
        vocabulary=vocabulary(),
        others={plan_id: load(plan_id) for plan_id in plan_ids() if plan_id not in plans},
    )
