"""Which table of a profile a sheet is, and which of its columns is which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.datacheck.cells import shown, squeezed
from qiangshi.datacheck.headers import HeaderNames, find_header
from qiangshi.datacheck.profiles.models import FINDERS, split_target
from qiangshi.policy.vocabulary import Column, Relation, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qiangshi.datacheck.coded import CodedSheet
    from qiangshi.datacheck.headers import Header
    from qiangshi.datacheck.profiles.models import Profile, ProfileColumn, ProfileTable
    from qiangshi.datacheck.sheets import Sheet
    from qiangshi.policy.vocabulary import Vocabulary

RESULT, REASONS = "结果", "错误原因"
"""The columns that a file comes back with; one that is handed in again has them already."""

_ANSWERS = frozenset({squeezed(RESULT), squeezed(REASONS)})
_FILE_ENDING = re.compile(r"\.(?:csv|tsv|txt|xlsx?|et|html?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Headings:
    """The header of a sheet: `columns` by their place in the sheet, `multiples` likewise.

    `unknown` are headings that nobody asked for, `repeated` those that came a second time.
    """

    table: ProfileTable
    first_row: int
    last_row: int
    columns: Mapping[int, ProfileColumn]
    multiples: Mapping[int, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    def answers(self, sheet: CodedSheet) -> tuple[tuple[int, int], tuple[int, ...]]:
        """Where the two columns with the answers go, and where such columns stand already.

        They go where they stand if that is at the end, else behind everything.
        """
        at = int(np.searchsorted(sheet.numbers, self.last_row))
        old = tuple(
            place
            for place, column in sorted(sheet.columns.items())
            if at < len(column.codes) and squeezed(shown(column.at(at))) in _ANSWERS
        )
        if len(old) == len(_ANSWERS) and old[-1] == sheet.width - 1 and old[0] == old[-1] - 1:
            return (old[0], old[1]), old
        return (sheet.width, sheet.width + 1), old

    @property
    def targets(self) -> dict[str, list[int]]:
        """Target → places of the columns that feed it, from the left."""
        found: dict[str, list[int]] = {}
        for place, column in sorted(self.columns.items()):
            for target in column.to:
                found.setdefault(target, []).append(place)
        return found


class TableNames:
    """The headings of one table of a profile."""

    def __init__(self, table: ProfileTable, profile: Profile, vocabulary: Vocabulary) -> None:
        self.table = table
        self._columns = {
            f"heading_{number}_of_{table.id}": column
            for number, column in enumerate(profile.columns_of(table))
        }
        self.columns = tuple(self._columns.values())
        relation = Relation(
            id=table.id,
            label=table.label,
            owner="plans",
            columns=tuple(
                _as_column(name, column, table, vocabulary)
                for name, column in self._columns.items()
            ),
        )
        also = {name: column.also for name, column in self._columns.items()}
        self._names = HeaderNames(relation, vocabulary, also=also)

    def find(self, sheet: Sheet) -> Headings | None:
        """The header of `sheet` in these names; None where there is none."""
        header = find_header(sheet, self._names)
        return None if header is None else self._headings(header)

    def _headings(self, header: Header) -> Headings:
        places = {column.id: place for place, column in header.columns.items()}
        return Headings(
            self.table,
            header.first_row,
            header.last_row,
            {place: self._columns[name] for name, place in places.items()},
            {places[name]: multiple for name, multiple in header.multiples.items()},
            tuple(name for name in header.unknown if squeezed(name) not in _ANSWERS),
            header.repeated,
        )


def _as_column(
    name: str, column: ProfileColumn, table: ProfileTable, vocabulary: Vocabulary
) -> Column:
    """The heading as a column of its own, with the unit and type of what it feeds."""
    label = Text(zh=column.header, en=column.header)
    for target in column.to:
        group, column_id = split_target(target)
        if group in FINDERS:
            continue
        fed = vocabulary.relations[table.groups[group].relation].by_id[column_id]
        return fed.model_copy(update={"id": name, "label": label, "of": None, "required": False})
    return Column(id=name, label=label, type="text")


class Recogniser:
    """Finds the table of a sheet among those of a profile."""

    def __init__(
        self, profile: Profile, vocabulary: Vocabulary, *, tables: Iterable[ProfileTable]
    ) -> None:
        self._vocabulary = vocabulary
        self._tables = tuple(tables)
        self._names = {table.id: TableNames(table, profile, vocabulary) for table in self._tables}

    def named(self, sheet: Sheet) -> ProfileTable | None:
        """The table whose whole name the sheet bears, apart from the ending of a file."""
        flat = _flat_name(sheet)
        names = ((table, (table.label.zh, *table.names)) for table in self._tables)
        return next((t for t, called in names if flat in map(squeezed, called)), None)

    def find(self, sheet: Sheet) -> Headings | None:
        """The table by the sheet's whole name, else by a part of it or by its headings alone.

        A part of a name counts only where the headings bear it out; among headings those that
        name most columns win, and of two that name as many neither.
        """
        table = self.named(sheet)
        if table is not None:
            return self._names[table.id].find(sheet)
        table = self._partly_named(sheet)
        if table is not None:
            found = self._names[table.id].find(sheet)
            if found is not None and self._is_enough(found):
                return found
        scored = [
            found
            for names in self._names.values()
            if (found := names.find(sheet)) is not None and self._is_enough(found)
        ]
        best = max((len(found.columns) for found in scored), default=0)
        winners = [found for found in scored if len(found.columns) == best]
        return winners[0] if len(winners) == 1 else None

    def _partly_named(self, sheet: Sheet) -> ProfileTable | None:
        flat = _flat_name(sheet)
        found = {
            len(squeezed(name)): table
            for table in self._tables
            for name in (table.label.zh, *table.names)
            if squeezed(name) in flat
        }
        return found[max(found)] if found else None

    def _is_enough(self, found: Headings) -> bool:
        """Whether every required column of at least one kind of rows has a heading."""
        groups = found.table.groups
        return any(not self.missing(found, group) for group in groups) or (
            not groups and 2 * len(found.columns) > len(found.table.columns)
        )

    def missing(self, found: Headings, group: str) -> list[Column]:
        """Required columns of a kind of rows that nothing in the sheet can give.

        A person's own number is made where it is not given; a school may be known by the person.
        """
        rows = found.table.groups[group]
        relation = self._vocabulary.relations[rows.relation]
        targets = [split_target(target) for target in found.targets]
        given = {column for name, column in targets if name == group} | set(rows.fixed)
        finders = {name for name, _ in targets}
        if "who" in finders or ("person" in finders and relation.id != "person"):
            given.add("person_id")
        if rows.key and relation.key is not None:
            given.add(relation.key)
        if relation.id != "organisation" and self._has_finder(found.table, "where"):
            given.add("organisation_id")
        return [column for column in relation.columns if column.required and column.id not in given]

    def _has_finder(self, table: ProfileTable, finder: str) -> bool:
        columns = self._names[table.id].columns
        return any(split_target(target)[0] == finder for c in columns for target in c.to)


def _flat_name(sheet: Sheet) -> str:
    return squeezed(_FILE_ENDING.sub("", sheet.name))
