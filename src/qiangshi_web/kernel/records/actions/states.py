"""Rows that say how things stand on a day, into spans of days."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

from qiangshi_web.kernel.records import checks
from qiangshi_web.kernel.records.actions.storing import Outcome, put
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.findings import Findings
from qiangshi_web.kernel.records.shapes import longest, rows_of, shape_of
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date
    from typing import Self

    from django.db.models import Model

    from qiangshi_web.kernel.records.actions.writing import Writing
    from qiangshi_web.kernel.records.shapes import Row, Shape
    from qiangshi_web.kernel.registry import Register

_DAY = timedelta(days=1)


class Placeable(Protocol):
    """A model without beliefs of its own: only its states say anything about it."""

    @classmethod
    def unplaced(cls, key: str) -> Self:
        """A row that bears the key and awaits its first state."""


def put_states(
    register: Register, rows: Sequence[Row], writing: Writing, *, on: date
) -> list[tuple[Shape, Outcome]]:
    """Write what holds on the day `on`: first what never changes, then the states."""
    assert register.state is not None, f"expected a relation with states, got {register.relation}"
    shape, key = shape_of(register.state), register.relation.key or ""
    outcomes: list[tuple[Shape, Outcome]] = []
    refused: Collection[int] = ()
    if issubclass(register.model, Fact):
        lasting = shape_of(register.model)
        own = set(lasting.columns) - (set(shape.columns) - {key})
        outcome = put(lasting, [_only(row, own) for row in rows], writing)
        outcomes.append((lasting, outcome))
        refused = outcome.refused
        rows = [_without(row, own - {key}) for row in rows]
    else:
        _give_places(register.model, {row.get(key) for row in rows}, shape, key)
    return [*outcomes, (shape, _put_spans(shape, rows, refused, writing, on))]


def _only(row: Row, names: set[str]) -> Row:
    return {name: value for name, value in row.items() if name in names}


def _without(row: Row, names: set[str]) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _give_places(model: type[Model], keys: set[Any], shape: Shape, key: str) -> None:
    """Rows for keys that are new; those that are no keys at all get a ground from the states."""
    most = longest(shape.fields[key])
    named = {word for word in keys if isinstance(word, str) and 0 < len(word) <= most}
    placeable = cast("type[Placeable]", model)
    absent = sorted(named - checks.existing_keys(model, named))
    rows_of(model).bulk_create(
        [cast("Model", placeable.unplaced(word)) for word in absent], batch_size=1000
    )


def _put_spans(
    shape: Shape, rows: Sequence[Row], refused: Collection[int], writing: Writing, on: date
) -> Outcome:
    """Spans for the rows that are not `refused` already."""
    found = Findings(range(len(rows)))
    names, strange = checks.columns_given(shape, rows)
    given = checks.typed(shape, rows, names, found) if names else [{} for _ in rows]
    subject = shape.model.one_at_a_time[0]
    checks.find_missing(shape, dict(enumerate(given)), {*names, subject}, found)
    good = [place for place in found.good() if place not in refused]
    histories = _histories(shape, {given[place][subject] for place in good})
    spans = [
        (place, span)
        for place in good
        for span in _spans(given[place], histories[given[place][subject]], shape, on)
    ]
    outcome = put(
        shape, [span for _, span in spans], writing, numbers=[place for place, _ in spans]
    )
    grounds = strange + found.grounds + outcome.grounds
    unchanged = len(good) - len({place for place, _ in spans}) + outcome.unchanged
    return Outcome(outcome.recorded, outcome.corrected, unchanged, grounds, found.against)


def _histories(shape: Shape, subjects: set[Any]) -> dict[Any, list[Fact]]:
    """Subject → its states, in order of time."""
    subject = shape.model.one_at_a_time[0]
    histories: dict[Any, list[Fact]] = defaultdict(list)
    for some in checks.chunks(sorted(subjects)):
        stored = shape.model.objects.filter(**{f"{subject}__in": some}).order_by(
            cast("str", shape.since)
        )
        for state in stored:
            histories[getattr(state, subject)].append(state)
    return histories


def _spans(row: Row, history: Sequence[Fact], shape: Shape, on: date) -> Iterator[Row]:
    """The spans to write so that the row holds on the day `on`; none when it does."""
    since, until = cast("str", shape.since), cast("str", shape.until)
    then = next((state for state in history if _holds(state, shape, on)), None)
    if then is None:
        later = [getattr(state, since) for state in history if getattr(state, since) > on]
        yield row | {since: on, until: min(later) - _DAY if later else None}
        return
    before = row_of(then, shape)
    if all(before[name] == value for name, value in row.items()):
        return
    if before[since] < on:
        yield before | {until: on - _DAY}
    yield before | row | {since: on}


def _holds(state: Fact, shape: Shape, on: date) -> bool:
    first, last = getattr(state, shape.since or ""), getattr(state, shape.until or "")
    return bool(first <= on and (last is None or last >= on))
