"""The rows of one sheet as records of relations: typed, split, and with all that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.arrays import first_stated, is_null, nothing
from qiangshi.datacheck.cells import shown
from qiangshi.datacheck.faults import Notice
from qiangshi.datacheck.importing.converting import convert
from qiangshi.datacheck.importing.splitting import split_cells, unsplit
from qiangshi.datacheck.profiles.models import FINDERS, split_target
from qiangshi.datacheck.profiles.readers import target_reader
from qiangshi.datacheck.tables import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.importing.body import Body
    from qiangshi.datacheck.importing.converting import Converted
    from qiangshi.datacheck.importing.faulting import Faults
    from qiangshi.datacheck.importing.headings import Headings
    from qiangshi.datacheck.importing.splitting import Split
    from qiangshi.datacheck.profiles.models import Profile, ProfileRows
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

_FOUND_LATER = frozenset({"person_id", "organisation_id"})
MERGED_NUMBER = "数字单元格跨行合并，请拆开后逐行填写"
MISSING = "必填，不能为空"


@dataclass(slots=True)
class Records:
    """Records of one relation from one sheet.

    `parents` are the places of the rows they come from in the body, `numbers` those rows as in
    Excel; `values` are by column id, as long as `parents`. Where `exists` is false the row says
    nothing of this relation. `labels` are the headings by column id; `made` says whose number the
    file did not give.
    """

    sheet: int
    relation: Relation
    rows: ProfileRows
    parents: NDArray[np.int64]
    numbers: NDArray[np.int32]
    values: dict[str, Array]
    exists: NDArray[np.bool_]
    labels: dict[str, str] = field(default_factory=dict)
    made: NDArray[np.bool_] | None = None

    def value(self, column_id: str) -> Array:
        """A column; one that the sheet does not have states nothing."""
        found = self.values.get(column_id)
        return found if found is not None else nothing(len(self.parents), self.kind(column_id))

    def kind(self, column_id: str) -> pa.DataType:
        """The Arrow type of a column; text for one that the vocabulary at hand does not have."""
        if column_id not in self.relation.by_id:
            return pa.string()
        kind: pa.DataType = arrow_schema(self.relation).field(column_id).type
        return kind

    def label(self, column_id: str) -> str:
        """What the file calls a column, or else the vocabulary."""
        return self.labels.get(column_id) or self.relation.by_id[column_id].label.zh


@dataclass(slots=True)
class SheetRecords:
    """What one sheet comes to. `finders` are by target, as long as the body has rows."""

    sheet: int
    name: str
    headings: Headings
    body: Body
    groups: dict[str, Records] = field(default_factory=dict)
    finders: dict[str, Array] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SheetReader:
    """Reads sheets by one profile, telling faults and notices to those who gather them."""

    profile: Profile
    vocabulary: Vocabulary
    faults: Faults
    notices: list[Notice]
    root: Path | None = None

    def read(self, sheet: int, name: str, headings: Headings, body: Body) -> SheetRecords:
        """The records of a sheet, each with its values; faults are gathered."""
        reading = _Reading(self, SheetRecords(sheet, name, headings, body))
        reading.run()
        return reading.found


class _Reading:
    """One sheet being read."""

    def __init__(self, reader: SheetReader, found: SheetRecords) -> None:
        self.reader = reader
        self.found = found
        self._blamed: dict[int, NDArray[np.bool_]] = {}

    def run(self) -> None:
        found = self.found
        for group, rows in found.headings.table.groups.items():
            split = self._split(rows)
            found.groups[group] = self._group(group, rows, split)
        for target, places in found.headings.targets.items():
            if split_target(target)[0] in FINDERS:
                plain = unsplit(found.body.rows, {p: found.body.columns[p] for p in places})
                values = [self._convert(target, place, plain, pa.string()).values
                          if not target.endswith(".born_on")
                          else self._convert(target, place, plain, pa.date32()).values
                          for place in places]  # fmt: skip
                found.finders[target] = first_stated(values)
                found.labels[target] = found.headings.columns[places[0]].header

    def _split(self, rows: ProfileRows) -> Split:
        found = self.found
        mine = {
            place: split_target(target)[1]
            for target, places in found.headings.targets.items()
            if split_target(target)[0] == rows.group
            for place in places
        }
        columns = {place: found.body.columns[place] for place in mine}
        together = [place for place, column in mine.items() if column in rows.split]
        if not together:
            return unsplit(found.body.rows, columns)
        split = split_cells(found.body.rows, columns, together)
        headers = "、".join(found.headings.columns[place].header for place in together)
        self.reader.faults.mark(
            found.sheet,
            found.body.numbers,
            split.uneven,
            column=headers,
            reason=lambda row: "各单元格的行数不一致，无法逐行对应",
            value=lambda row: "",
        )
        return split

    def _group(self, group: str, rows: ProfileRows, split: Split) -> Records:
        found = self.found
        relation = self.reader.vocabulary.relations[rows.relation]
        records = Records(
            found.sheet,
            relation,
            rows,
            split.parents,
            found.body.numbers[split.parents],
            {},
            np.zeros(len(split.parents), np.bool_),
        )
        bad: dict[str, NDArray[np.bool_]] = {}
        cells: dict[str, Converted] = {}
        for target, places in found.headings.targets.items():
            name, column_id = split_target(target)
            if name != group:
                continue
            kind = records.kind(column_id)
            read = [self._convert(target, place, split, kind) for place in places]
            records.values[column_id] = first_stated([one.values for one in read])
            cells[column_id] = read[0]
            bad[column_id] = np.logical_or.reduce([one.bad for one in read])
            records.labels[column_id] = found.headings.columns[places[0]].header
        records.exists = _exists(records, bad)
        _fix(records)
        self._require(records, bad, cells)
        self._spans(records)
        return records

    # --- cells ------------------------------------------------------------------------------------

    def _convert(self, target: str, place: int, split: Split, kind: pa.DataType) -> Converted:
        found, reader = self.found, self.reader
        heading = found.headings.columns[place]
        read = convert(
            split.columns[place],
            target_reader(
                target,
                heading.to[target],
                table=found.headings.table,
                profile=reader.profile,
                vocabulary=reader.vocabulary,
                multiple=found.headings.multiples.get(place, 1),
                root=reader.root,
            ),
            kind,
        )
        self._blame(read, place, split, is_number=pa.types.is_integer(kind) or
                    pa.types.is_floating(kind))  # fmt: skip
        for text, (count, first) in read.adjusted.items():
            row = found.body.numbers[split.parents[first]]
            first_row = f"第 {row} 行" + ("等" if count > 1 else "")
            told = f"“{heading.header}”{first_row}共 {count} 处：{text}"
            reader.notices.append(Notice(found.name, told))
        return read

    def _blame(self, read: Converted, place: int, split: Split, *, is_number: bool) -> None:
        """A cell is blamed once, whatever else it should have given."""
        found, reader = self.found, self.reader
        header = found.headings.columns[place].header
        numbers = found.body.numbers
        if place in found.body.merged and is_number:
            merged = np.flatnonzero(found.body.merged[place])
            reader.faults.mark(
                found.sheet, numbers, merged, column=header,
                reason=lambda row: MERGED_NUMBER,
                value=lambda row: shown(found.body.columns[place].at(row)),
            )  # fmt: skip
        blamed = self._blamed.setdefault(place, np.zeros(found.body.rows, np.bool_))
        new = np.flatnonzero(read.bad & ~blamed[split.parents])
        blamed[split.parents[new]] = True
        reader.faults.mark(
            found.sheet,
            numbers[split.parents],
            new,
            column=header,
            reason=read.reason_at,
            value=read.shown_at,
        )

    # --- records ----------------------------------------------------------------------------------

    def _require(
        self,
        records: Records,
        bad: Mapping[str, NDArray[np.bool_]],
        cells: Mapping[str, Converted],
    ) -> None:
        """Required values that are not stated, save those that are found or made later."""
        for column in records.relation.columns:
            if not column.required or not self._is_asked(records, column):
                continue
            missing = records.exists & is_null(records.value(column.id))
            if column.id in bad:
                missing &= ~bad[column.id]
            places = np.flatnonzero(missing)
            stated = cells.get(column.id)
            self.reader.faults.add(
                records.sheet,
                records.numbers[places],
                column=records.label(column.id),
                reasons=MISSING,
                values=[stated.shown_at(place) for place in places.tolist()] if stated else "",
            )

    def _is_asked(self, records: Records, column: Column) -> bool:
        if column.id in records.values:
            return not (column.id == records.relation.key and records.rows.key)
        is_made = column.id == records.relation.key and bool(records.rows.key)
        return not is_made and column.id not in _FOUND_LATER

    def _spans(self, records: Records) -> None:
        """What ends before it begins."""
        dated, relation = records.relation.dated, records.relation
        if dated.since is None or dated.until is None:
            return
        since, until = records.value(dated.since), records.value(dated.until)
        days = [_days(values) for values in (since, until)]
        wrong = records.exists & (days[1] < days[0])
        begins = relation.by_id[dated.since].label.zh
        self.reader.faults.mark(
            records.sheet,
            records.numbers,
            np.flatnonzero(wrong),
            column=records.label(dated.until),
            reason=lambda row: f"早于{begins} {since[row].as_py().isoformat()}",
            value=lambda row: until[row].as_py().isoformat(),
        )


def _days(values: Array) -> NDArray[np.float64]:
    """Days as numbers; NaN, which compares as false, where not stated."""
    numbers: Any = values.cast(pa.int32()).cast(pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False))


def _exists(records: Records, bad: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Where one of the columns that make a row is stated, be it wrongly."""
    names = [name for name in records.rows.when or records.values if name in records.values]
    if not names:
        return np.zeros(len(records.parents), np.bool_)
    stated = [~is_null(records.values[name]) | bad[name] for name in names]
    return np.asarray(np.logical_or.reduce(stated))


def _fix(records: Records) -> None:
    """Values that the profile states for every record, where the file states none."""
    for name, value in records.rows.fixed.items():
        kind = records.kind(name)
        typed: Any = value
        if pa.types.is_boolean(kind):
            typed = value is True or str(value).lower() == "true"
        repeat: Any = pa.repeat
        fixed = repeat(pa.scalar(typed, kind), len(records.parents))
        records.values[name] = first_stated(
            [records.values[name], fixed] if name in records.values else [fixed]
        )
