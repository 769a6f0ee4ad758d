"""Which organisation a row is about: by its number, its code or its name."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.arrays import distinct, is_null, nothing, texts_of
from qiangshi.datacheck.cells import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.importing.faulting import Faults
    from qiangshi.datacheck.importing.known import Known
    from qiangshi.datacheck.importing.records import Records, SheetRecords

NOT_STATED = "没有填写所在学校，也无从推知"
_MOST_HINTS = 200  # looking for what was meant takes long; a wrong file would ask for all of it


@dataclass(slots=True)
class Schools:
    """Organisations on record or in the file itself, by what people call them."""

    ids: set[str] = field(default_factory=set)
    by_code: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, str] = field(default_factory=dict)
    _hints: int = 0

    @staticmethod
    def of(known: Known, in_file: Iterable[Records]) -> Schools:
        """Those on record, and those whose records stand in the file."""
        found = Schools()
        if known.organisations is not None:
            table = known.organisations
            found.add(*(texts_of(table, name) for name in ("organisation_id", "code", "name")))
        for records in in_file:
            if records.relation.id == "organisation":
                found.add(*(records.value(name) for name in ("organisation_id", "code", "name")))
        return found

    def add(self, ids: Array, codes: Array, names: Array) -> None:
        """Organisations by their numbers, codes and names."""
        for key, code, name in zip(
            ids.to_pylist(), codes.to_pylist(), names.to_pylist(), strict=True
        ):
            if key is None:
                continue
            self.ids.add(key)
            if code:
                self.by_code[code.casefold()].add(key)
            if name:
                self.by_name[squeezed(name)].add(key)
                self.names[squeezed(name)] = name

    def find(self, key: str | None, code: str | None, name: str | None) -> str | Unfound:
        """The organisation that these name, or why they name none."""
        if key is not None:
            return key  # held against the register later, with all other references
        for stated, index, what in (
            (code, self.by_code, "学校（机构）标识码"),
            (name, self.by_name, "学校"),
        ):
            if stated is None:
                continue
            flat = stated.casefold() if index is self.by_code else squeezed(stated)
            found = index.get(flat, set())
            if len(found) == 1:
                return next(iter(found))
            if len(found) > 1:
                return Unfound(f"有 {len(found)} 所机构叫“{stated}”，请填写学校（机构）标识码")
            if index is self.by_name or name is None:
                return Unfound(f"名册里没有{what}“{stated}”{self._hint(flat)}", elsewhere=True)
        return Unfound(NOT_STATED)

    def _hint(self, flat: str) -> str:
        if self._hints >= _MOST_HINTS:
            return ""
        self._hints += 1
        near = difflib.get_close_matches(flat, self.names, n=1, cutoff=0.6)
        return f"，是否应为“{self.names[near[0]]}”" if near else ""


@dataclass(frozen=True, slots=True)
class Unfound:
    """Why no organisation is found; `elsewhere` where one is named that is not on the register."""

    reason: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """For each row of a body the organisation, null where `reasons` says why."""

    ids: Array
    reasons: NDArray[np.object_]
    is_elsewhere: NDArray[np.bool_]


def locate(sheet: SheetRecords, schools: Schools, *, at: str | None) -> Located:
    """The organisation of each row; `at` holds for rows that name none."""
    rows = sheet.body.rows
    columns = [
        sheet.finders.get(f"where.{name}", nothing(rows, pa.string()))
        for name in ("organisation_id", "code", "name")
    ]
    key, combinations = distinct(columns)
    found: list[str | None] = []
    reasons: list[str] = []
    elsewhere: list[bool] = []
    for combination in combinations:
        answer = at if at is not None and not any(combination) else schools.find(*combination)
        found.append(answer if isinstance(answer, str) else None)
        reasons.append(answer.reason if isinstance(answer, Unfound) else "")
        elsewhere.append(isinstance(answer, Unfound) and answer.elsewhere)
    return Located(
        pa.array(found, pa.string()).take(key) if found else nothing(0, pa.string()),
        np.array([*reasons, ""], object)[key],
        np.array([*elsewhere, False])[key],
    )


def place_records(sheet: SheetRecords, located: Located, faults: Faults) -> Mapping[str, int]:
    """Give records their organisation; those that must have one and have none are faults.

    Returns how many records of each kind were left out because theirs is not on the register.
    """
    left_out: dict[str, int] = {}
    heading = next((sheet.labels[t] for t in ("where.name", "where.code") if t in sheet.labels), "")
    for group, records in sheet.groups.items():
        column = records.relation.by_id.get("organisation_id")
        if column is None or records.relation.id == "organisation":
            continue
        ids = located.ids.take(records.parents)
        if "organisation_id" in records.values:
            continue
        records.values["organisation_id"] = ids
        missing = records.exists & is_null(ids)
        if records.rows.elsewhere == "leave_out":
            away = missing & located.is_elsewhere[records.parents]
            left_out[group] = int(away.sum())
            records.exists = records.exists & ~away
            missing &= ~away
        if not column.required or records.relation.id == "person":
            continue  # a person who is on record already keeps her school
        places = np.flatnonzero(missing)
        faults.add(
            sheet.sheet,
            records.numbers[places],
            column=heading,
            reasons=located.reasons[records.parents[places]].tolist(),
        )
    return {group: count for group, count in left_out.items() if count}
