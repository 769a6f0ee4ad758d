"""Which person a row is about, and whether the people of a file are on record already."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.arrays import distinct, nothing, texts_of, whole
from qiangshi.datacheck.identity.names import name_reader
from qiangshi.datacheck.importing.known import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.identity.names import Name
    from qiangshi.datacheck.importing.records import Records, SheetRecords

_NOBODY = "没有填写教师编号、身份证件号或姓名"
_FINDERS = ("person_id", "id_number", "name", "born_on")


@dataclass(frozen=True, slots=True)
class _Known:
    """One person that rows may be about."""

    key: str
    name: Name


@dataclass(slots=True)
class Register:
    """People on record or in the file itself, by what rows call them."""

    _root: Path | None = None
    _by_key: dict[str, _Known] = field(default_factory=dict)
    _by_number: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _born: dict[str, Any] = field(default_factory=dict)
    _at: dict[str, str | None] = field(default_factory=dict)

    def add(self, people: pa.Table) -> None:
        """People with the columns of `known.PEOPLE`."""
        reader = name_reader(self._root)
        texts = {n: texts_of(people, n).to_pylist() for n in PEOPLE if n != "born_on"}
        days = (
            whole(people.column("born_on")).to_pylist()
            if "born_on" in people.column_names
            else [None] * people.num_rows
        )
        for row, key in enumerate(texts["person_id"]):
            if key is None:
                continue
            name = reader.read(texts["name"][row] or "")
            self._by_key[key] = _Known(key, name)
            self._by_name[name.strict].add(key)
            self._born[key] = days[row]
            self._at[key] = texts["organisation_id"][row]
            number = texts["id_number"][row]
            if number:
                self._by_number[number].add(key)

    def add_records(self, records: Iterable[Records]) -> None:
        """The people whose records stand in the file."""
        for one in records:
            if one.relation.id == "person":
                self.add(pa.table({name: one.value(name) for name in PEOPLE}))

    def find(self, key: str | None, number: str | None, name: str | None, born_on: Any,
             school: str | None) -> tuple[str | None, str]:  # fmt: skip
        """The person that these name, or why they name none."""
        if key is not None:
            known = self._by_key.get(key)
            if known is None:
                return None, f"名册里没有教师编号“{key}”"
            return self._agreeing({key}, name, f"教师编号“{key}”")
        if number is not None:
            found = self._by_number.get(number)
            if not found:
                return None, "名册里没有这一身份证件号"
            return self._agreeing(found, name, "这一身份证件号")
        if name is None:
            return None, _NOBODY
        return self._named(name, born_on, school)

    def _agreeing(self, keys: set[str], name: str | None, what: str) -> tuple[str | None, str]:
        if len(keys) > 1:
            return None, f"{what}在名册里有 {len(keys)} 人，请先合并"
        (key,) = keys
        held = self._by_key[key].name
        if name is not None and not name_reader(self._root).read(name).is_like(held):
            return None, f"{what}在名册里是另一个姓名，请核对"
        return key, ""

    def _named(self, name: str, born_on: Any, school: str | None) -> tuple[str | None, str]:
        found = self._by_name.get(name_reader(self._root).read(name).strict, set())
        if born_on is not None:
            found = {key for key in found if self._born[key] in {None, born_on}}
        if school is not None:
            found = {key for key in found if self._at[key] in {None, school}}
        if len(found) == 1:
            return next(iter(found)), ""
        if not found:
            return None, f"名册里没有叫“{name}”的教职工"
        return None, f"名册里有 {len(found)} 名“{name}”，请填写身份证件号"


def find_people(
    sheet: SheetRecords, schools: Array, register: Register
) -> tuple[Array, NDArray[np.object_]]:
    """For each row of a body the person, null where the second array says why."""
    rows = sheet.body.rows
    columns = [
        sheet.finders.get(
            f"who.{name}", nothing(rows, pa.date32() if name == "born_on" else pa.string())
        )
        for name in _FINDERS
    ]
    key, combinations = distinct([*columns, schools])
    answers = [register.find(*combination) for combination in combinations]
    found = pa.array([answer for answer, _ in answers], pa.string())
    reasons = np.array([*(reason for _, reason in answers), ""], object)
    return (found.take(key) if answers else nothing(0, pa.string())), reasons[key]
