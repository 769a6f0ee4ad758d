"""Whether rows may stand in a ledger: everything against them, column by column."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from qiangshi_web.kernel.records.grounds import Ground
from qiangshi_web.kernel.records.shapes import rows_of
from qiangshi_web.kernel.records.values import converter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model

    from qiangshi_web.kernel.records.findings import Findings
    from qiangshi_web.kernel.records.shapes import Row, Shape

    Key = tuple[Any, ...]
    Span = tuple[date, date, int | None]

_AT_ONCE = 500  # keys in one query: SQLite takes 999 values
_FOR_EVER = date.max


def columns_given(shape: Shape, rows: Sequence[Row]) -> tuple[list[str], list[Ground]]:
    """Columns that any row tells, in the ledger's order, and a ground for each it does not have."""
    given = set().union(*rows) if rows else set()
    strange = sorted(given - set(shape.columns))
    name = shape.model._meta.verbose_name
    grounds = [Ground(f"{name}没有“{column}”一栏", column) for column in strange]
    return [column for column in shape.columns if column in given], grounds


def typed(shape: Shape, rows: Sequence[Row], names: Sequence[str], found: Findings) -> list[Row]:
    """The rows with each value as its column stores it; what does not fit is None and a ground."""
    columns = [[*_converted(shape, name, rows, found)] for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _converted(shape: Shape, name: str, rows: Iterable[Row], found: Findings) -> Iterator[Any]:
    convert = converter(shape, name)
    for place, row in enumerate(rows):
        try:
            yield convert(row.get(name))
        except ValueError as error:
            found.add(place, str(error), name)
            yield None


def find_missing(
    shape: Shape, rows: Mapping[int, Row], names: Collection[str], found: Findings
) -> None:
    """A ground for each of the columns `names` that is required and that a row leaves empty."""
    for name in shape.required:
        if name in names:
            for place, row in rows.items():
                if row.get(name) is None and (place, name) not in found.cells:
                    found.add(place, f"{shape.label(name)}：不能为空", name)


def find_disorder(shape: Shape, rows: Sequence[Row], found: Findings) -> None:
    """A ground for each span that ends before it begins, and each key that comes twice."""
    seen: dict[Key, int] = {}
    for place in [*found.good()]:
        row = rows[place]
        since, until = _ends(shape, row)
        if since is not None and until < since:
            last, first = shape.label(shape.until or ""), shape.label(shape.since or "")
            found.add(place, f"{last}{until}早于{first}{since}", shape.until or "")
        key = shape.key_of(row)
        if key in seen:
            text = f"{shape.label(shape.key[0])}“{key[0]}”在同一批中出现多次"
            found.add(place, text, shape.key[0])
        seen[key] = place


def _ends(shape: Shape, row: Row) -> tuple[date | None, date]:
    """First and last day of a row's span; open ends last for ever."""
    if shape.since is None or shape.until is None:
        return None, _FOR_EVER
    return row.get(shape.since), row.get(shape.until) or _FOR_EVER


def find_strangers(shape: Shape, rows: Sequence[Row], found: Findings) -> None:
    """A ground for each reference to something that is not on record."""
    for name, target in shape.references.items():
        places = [place for place in found.good() if rows[place].get(name) is not None]
        known = existing_keys(target, {rows[place][name] for place in places})
        for place in places:
            value = rows[place][name]
            if value not in known:
                what = f"{shape.label(name)}“{value}”"
                found.add(place, f"{what}不在{target._meta.verbose_name}记录中", name)


def existing_keys(model: type[Model], keys: Collection[Any]) -> set[Any]:
    """Those of the keys that name a row."""
    found: set[Any] = set()
    for some in chunks(sorted(keys)):
        found |= set(rows_of(model).filter(pk__in=some).values_list("pk", flat=True))
    return found


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts small enough for one query."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def find_overlaps(
    shape: Shape,
    rows: Mapping[int, Row],
    found: Findings,
    *,
    replaced: Collection[Key],
) -> None:
    """A ground for each row whose span shares a day with another of the same subject.

    `rows` are those to be written by their places, `replaced` the keys of those that they take
    the place of. The subjects' rows must be locked.
    """
    if not shape.model.one_at_a_time or not rows:
        return
    spans = _spans_on_record(shape, rows.values(), replaced)
    for place, row in rows.items():
        first, last = _ends(shape, row)
        if first is not None:
            spans[_subject(shape, row)].append((first, last, place))
    name = shape.model._meta.verbose_name
    for (since, until), place in _collisions(spans.values()):
        end = until if until < _FOR_EVER else "今"
        found.add(place, f"时间重叠：{since}至{end}已有另一段{name}", shape.since or "")


def _collisions(subjects: Iterable[list[Span]]) -> Iterator[tuple[tuple[date, date], int]]:
    """The days of the earlier one of two spans that share some, and the place of the one to be
    written (of the later where both are)."""
    for held in subjects:
        held.sort(key=lambda span: span[:2])
        furthest: Span | None = None
        for span in held:
            if furthest is not None and span[0] <= furthest[1]:
                place = furthest[2] if span[2] is None else span[2]
                if place is not None:
                    yield furthest[:2], place
            if furthest is None or span[1] > furthest[1]:
                furthest = span


def _subject(shape: Shape, row: Row) -> Key:
    return tuple(row[name] for name in shape.model.one_at_a_time)


def _spans_on_record(
    shape: Shape, rows: Iterable[Row], replaced: Collection[Key]
) -> dict[Key, list[Span]]:
    """Subject → first day, last day and no place, of the rows that stay as they are."""
    within = shape.model.one_at_a_time
    subjects = {_subject(shape, row) for row in rows}
    names = [*within, shape.since or "", shape.until or "", *shape.key]
    spans: dict[Key, list[Span]] = defaultdict(list)
    for some in chunks(sorted({subject[0] for subject in subjects})):
        stored = shape.model.objects.filter(Q((f"{within[0]}__in", some)))
        for values in stored.values_list(*names):
            subject, (since, until) = values[: len(within)], values[len(within) :][:2]
            if subject in subjects and values[len(within) + 2 :] not in replaced:
                spans[subject].append((since, until or _FOR_EVER, None))
    return spans
