"""Readers of a profile's targets: the vocabulary's own, and what the profile adds to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.datacheck.cells import Adjusted, Reason, broken, half_width, is_blank, shown, squeezed
from qiangshi.datacheck.dates import EARLIEST, LATEST, read_date
from qiangshi.datacheck.identifiers import PLAIN_ID, read_id
from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.profiles.formats import format_reader, load_formats, unchanged_in
from qiangshi.datacheck.profiles.models import ANY_OTHER, FINDERS, NOT_STATED, split_target
from qiangshi.datacheck.values import PLAIN_TEXT, distinct_reader, read_text, unchanged_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.cells import Cell, Outcome, Value
    from qiangshi.datacheck.profiles.formats import Unchanged
    from qiangshi.datacheck.profiles.models import Profile, ProfileTable, Target
    from qiangshi.datacheck.values import Reader
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

_YEAR = re.compile(r"(\d{4})(?:年|年度)?", re.ASCII)
_SCHOOL_YEAR = re.compile(r"(\d{4})[-—~～至/](\d{4})(?:学年)?(?:第?[一二12上下]学期)?", re.ASCII)
_BETWEEN = re.compile(r"至(?!今)|到|[-—–~～]+")


@dataclass(frozen=True, slots=True)
class TargetReader:
    """The reader of one target. `unchanged` tells of many texts which it would give back as
    they are, so that only the others need to be read one by one."""

    read: Reader
    unchanged: Unchanged | None = None

    def __call__(self, cell: Cell) -> Outcome:
        return self.read(cell)


def target_reader(
    name: str,
    target: Target,
    *,
    table: ProfileTable,
    profile: Profile,
    vocabulary: Vocabulary,
    multiple: int = 1,
    root: Path | None = None,
) -> TargetReader:
    """The reader of one target; `multiple` is what the header says numbers are counted in."""
    group, column_id = split_target(name)
    if group in FINDERS:
        plain = {"name": PLAIN_TEXT, "person_id": PLAIN_ID, "organisation_id": PLAIN_ID}
        pattern = plain.get(column_id, "")
        return TargetReader(_FINDERS.get(column_id, _found_by), _matching(pattern))
    relation = vocabulary.relations[table.groups[group].relation]
    column = relation.by_id[column_id]
    form = load_formats(root).get(f"{relation.id}.{column_id}")
    if form is not None:
        return TargetReader(_unless_blank(format_reader(form)), unchanged_in(form))
    read = distinct_reader(column, relation, vocabulary, multiple=multiple)
    if column_id in {relation.dated.year, relation.dated.school_year}:
        read = _year_reader(read, is_school_year=column_id == relation.dated.school_year)
    if target.reads is not None:
        read = _special(target.reads, read, column, relation, vocabulary)
    if target.values is not None:
        read = _listed(profile.values[target.values], read, column)
    is_plain = target.reads is None and target.values is None
    pattern = unchanged_texts(column, relation, vocabulary) if is_plain else ""
    return TargetReader(read, _matching(pattern))


def _matching(pattern: str) -> Unchanged | None:
    if not pattern:
        return None

    def unchanged(texts: Sequence[str]) -> NDArray[np.bool_]:
        match: Any = pc.match_substring_regex
        found: Any = match(pa.array(texts, pa.string()), pattern)
        return np.asarray(found.to_numpy(zero_copy_only=False))

    return unchanged


def _unless_blank(read: Reader) -> Reader:
    return lambda cell: None if is_blank(cell) else read(cell)


_FINDERS: Mapping[str, Reader] = {
    "person_id": read_id,
    "id_number": _unless_blank(format_reader("identity_number")),
    "organisation_id": read_id,
    "code": read_id,
    "born_on": read_date,
}


def _found_by(cell: Cell) -> Outcome:
    """A name to be looked up; what is left of a formula is none."""
    return (broken(cell) if isinstance(cell, str) else None) or read_text(cell)


def _listed(names: Mapping[str, Sequence[str]], read: Reader, column: Column) -> Reader:
    """The profile's own names first, then ours, then what takes any other."""
    by_name: dict[str, Value] = {}
    for value, called in names.items():
        for name in called:
            by_name[squeezed(name)] = _typed(value, column)
    has_other = ANY_OTHER in by_name
    other = by_name.pop(ANY_OTHER, None)

    def listed(cell: Cell) -> Outcome:
        if is_blank(cell):
            return None
        name = squeezed(cell if isinstance(cell, str) else shown(cell))
        if name in by_name:
            return by_name[name]
        found = read(cell)
        if isinstance(found, Reason) and has_other:
            return Adjusted(other, "不在列表内，已归入其他")
        return found

    return listed


def _typed(value: str, column: Column) -> Value:
    if value == NOT_STATED:
        return None
    return value == "true" if column.type == "boolean" else value


def _year_reader(read: Reader, *, is_school_year: bool) -> Reader:
    """A year may also be written as a day in it, a school year as both of its years."""

    def year(cell: Cell) -> Outcome:
        flat = "".join(half_width(cell).split()) if isinstance(cell, str) else ""
        both = _SCHOOL_YEAR.fullmatch(flat) if is_school_year else None
        if both is not None and int(both[2]) == int(both[1]) + 1:
            return read(int(both[1]))
        found = read(cell)
        if not isinstance(found, Reason) or is_school_year:
            return found
        named = read_date(cell)
        day = named.value if isinstance(named, Adjusted) else named
        if not isinstance(day, date):
            return found
        plain = read(day.year)
        return plain if isinstance(plain, Reason) else Adjusted(day.year, "写的是日期，只取年份")

    return year


def _special(
    reads: str, read: Reader, column: Column, relation: Relation, vocabulary: Vocabulary
) -> Reader:
    match reads:
        case "year_start":
            return lambda cell: _day_of_year(cell, "start") or read(cell)
        case "year_end":
            return lambda cell: _day_of_year(cell, "end") or read(cell)
        case "span_start":
            return lambda cell: _edge(cell, "first")
        case "span_end":
            return lambda cell: _edge(cell, "last")
    return _containing(column, relation, vocabulary, read)


def _day_of_year(cell: Cell, which: Literal["start", "end"]) -> Adjusted | None:
    """The first or last day of a bare year."""
    if isinstance(cell, bool):
        return None
    text = shown(cell) if isinstance(cell, int | float) else cell
    match = _YEAR.fullmatch(squeezed(text)) if isinstance(text, str) else None
    if match is None or not EARLIEST.year <= int(match[1]) <= LATEST.year:
        return None
    if which == "start":
        return Adjusted(date(int(match[1]), 1, 1), "只有年份，按当年第一天计")
    return Adjusted(date(int(match[1]), 12, 31), "只有年份，按当年最后一天计")


def _edge(cell: Cell, edge: Literal["first", "last"]) -> Outcome:
    """One end of a span that stands in one cell; the sign between may be one that days have."""
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        flat = "".join(half_width(cell).split())
        for between in _BETWEEN.finditer(flat):
            since = read_date(flat[: between.start()])
            until = read_date(flat[between.end() :], edge="last")
            if (
                since is not None
                and not isinstance(since, Reason | None)
                and not isinstance(until, Reason)
            ):
                return since if edge == "first" else until
    return Reason("应为起止日期，如 2018-09 至 2023-08")


def _containing(column: Column, relation: Relation, vocabulary: Vocabulary, read: Reader) -> Reader:
    codes = code_list_of(column, relation, vocabulary)
    names = sorted(
        (
            (squeezed(name), code.code)
            for code in (() if codes is None else codes.codes)
            for name in (code.label.zh, *code.aliases)
        ),
        key=lambda pair: -len(pair[0]),
    )

    def containing(cell: Cell) -> Outcome:
        found = read(cell)
        if not isinstance(found, Reason):
            return found
        text = squeezed(cell if isinstance(cell, str) else shown(cell))
        return next((code for name, code in names if name in text), found)

    return containing
