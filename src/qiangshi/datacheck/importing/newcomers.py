"""The people of a file against those on record and against each other: no double goes unseen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.arrays import is_null, members, nothing, texts_of
from qiangshi.datacheck.identity.people import match_people, match_within
from qiangshi.datacheck.importing.keys import made_keys
from qiangshi.datacheck.importing.known import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.importing.faulting import Faults
    from qiangshi.datacheck.importing.known import Known
    from qiangshi.datacheck.importing.records import Records

NEW = "new"
"""The decision that somebody who may be on record is somebody else."""

QUESTIONS = pa.schema(
    [
        pa.field("sheet", pa.int32()),
        pa.field("row", pa.int32()),
        pa.field("name", pa.string()),
        pa.field("person_id", pa.string()),
        pa.field("other_row", pa.int32()),
        pa.field("is_definite", pa.bool_()),
        pa.field("reasons", pa.string()),
        pa.field("holds", pa.bool_()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""Who in a row may be whom: somebody on record (`person_id`) or another row (`other_row`).

A question that `holds` keeps the row back; one about two whom the file numbers apart does not."""


@dataclass(slots=True)
class Newcomers:
    """Settles who the people of a file are. Questions stay open until somebody decides them."""

    known: Known
    faults: Faults
    decisions: Mapping[tuple[int, int], str]
    root: Path | None = None
    salt: bytes = b""
    questions: list[dict[str, Any]] = field(default_factory=list)

    def against_record(self, groups: Sequence[Records]) -> None:
        """Give every person of `groups` the number she has on record, or leave her new."""
        for records in groups:
            table = pa.table({name: records.value(name) for name in PEOPLE})
            rows = np.flatnonzero(records.exists & ~self._is_bad(records))
            self._against_record(records, table.take(rows), rows)

    def _is_bad(self, records: Records) -> NDArray[np.bool_]:
        return np.asarray(np.isin(records.numbers, self.faults.bad_rows(records.sheet)))

    def _against_record(self, records: Records, people: pa.Table, rows: NDArray[np.int64]) -> None:
        keys: list[str | None] = records.value("person_id").to_pylist()
        schools: list[str | None] = records.value("organisation_id").to_pylist()
        on_record = self.known.people
        if on_record is not None and on_record.num_rows:
            known_keys = texts_of(on_record, "person_id").to_pylist()
            at = dict(
                zip(known_keys, texts_of(on_record, "organisation_id").to_pylist(), strict=True)
            )
            found: dict[int, dict[str, Mapping[str, Any]]] = {}
            for pair in match_people(people, on_record, root=self.root).to_pylist():
                likened = found.setdefault(int(rows[pair["left"]]), {})
                likened[str(known_keys[pair["right"]])] = pair
            numbered = made_keys(records, salt=self.salt) if found else None
            for row, likened in found.items():
                before = None if numbered is None else numbered[row].as_py()
                if keys[row] is None and before in likened:
                    keys[row] = before  # on record from this same row of another file
                else:
                    keys[row] = self._settled(records, row, keys[row], likened)
            schools = [
                at.get(key) if school is None and key is not None else school
                for key, school in zip(keys, schools, strict=True)
            ]
        records.values["person_id"] = pa.array(keys, pa.string())
        records.values["organisation_id"] = pa.array(schools, pa.string())

    def _settled(
        self,
        records: Records,
        row: int,
        key: str | None,
        likened: Mapping[str, Mapping[str, Any]],
    ) -> str | None:
        """The number of one person: the file's, that of the one she surely is, or still none."""
        if key in likened:
            return key
        decision = self.decisions.get((records.sheet, int(records.numbers[row])))
        if decision is not None and (decision == NEW or decision in likened):
            return key if decision == NEW else decision
        sure = [other for other, pair in likened.items() if pair["is_definite"]]
        if key is None and len(sure) == 1:
            return sure[0]
        for other, pair in likened.items():
            self._ask(records, row, pair, person_id=other)
        return key

    def _ask(
        self,
        records: Records,
        row: int,
        pair: Mapping[str, Any],
        *,
        person_id: str | None = None,
        other_row: int | None = None,
        holds: bool = True,
    ) -> None:
        self.questions.append(
            {
                "sheet": records.sheet,
                "row": int(records.numbers[row]),
                "name": records.value("name")[row].as_py(),
                "person_id": person_id,
                "other_row": other_row,
                "is_definite": pair["is_definite"],
                "reasons": pair["reasons"],
                "holds": holds,
            }
        )

    def against_each_other(self, groups: Sequence[Records]) -> None:
        """Rows of one file that are or may be the same person; the later row is the double."""
        if not groups:
            return
        tables = [pa.table({name: one.value(name) for name in PEOPLE}) for one in groups]
        exists = np.concatenate([one.exists & ~self._is_bad(one) for one in groups])
        owners = np.repeat(np.arange(len(groups)), [len(one.parents) for one in groups])
        within = np.concatenate([np.arange(len(one.parents)) for one in groups])
        rows = np.flatnonzero(exists)
        given = np.concatenate([_given(one) for one in groups])[rows]
        people = pa.concat_tables(tables).take(rows)
        keys = texts_of(people, "person_id")
        recorded = on_record(keys, self.known, "person").tolist()
        stated = keys.to_pylist()
        told: set[int] = set()
        for pair in match_within(people, root=self.root).to_pylist():
            left, right = pair["left"], pair["right"]
            if recorded[left] and recorded[right]:
                continue  # two who are on record as two
            if stated[left] is not None and stated[left] == stated[right]:
                continue  # the same number twice: told with all repeated keys
            if recorded[right]:
                left, right = right, left
            if right in told:
                continue  # a double is told once, with the first it doubles
            told.add(right)
            self._double(
                groups[owners[rows[left]]],
                groups[owners[rows[right]]],
                (int(within[rows[left]]), int(within[rows[right]])),
                pair,
                told_apart=bool(given[left] and given[right]),
            )

    def _double(
        self,
        first: Records,
        second: Records,
        at: tuple[int, int],
        pair: Mapping[str, Any],
        *,
        told_apart: bool,
    ) -> None:
        """The second of two likened rows: a fault, or a question where it may be somebody else."""
        other, number = int(first.numbers[at[0]]), int(second.numbers[at[1]])
        if self.decisions.get((second.sheet, number)) == NEW:
            return
        if pair["is_definite"]:
            self.faults.add(
                second.sheet,
                second.numbers[[at[1]]],
                column=second.label("name"),
                reasons=f"与第 {other} 行是同一人：{pair['reasons']}",
            )
        else:
            self._ask(second, at[1], pair, other_row=other, holds=not told_apart)

    def table(self) -> pa.Table:
        """All open questions, in the order of sheets and rows."""
        ordered = sorted(self.questions, key=lambda asked: (asked["sheet"], asked["row"]))
        return pa.Table.from_pylist(ordered, schema=QUESTIONS)


def _given(records: Records) -> NDArray[np.bool_]:
    """Whose number the file gives: a number that was made tells nobody apart."""
    stated = ~is_null(records.value("person_id"))
    return stated if records.made is None else stated & ~records.made


def on_record(keys: pa.Array[Any], known: Known, relation: str) -> NDArray[np.bool_]:
    """Which keys are on record."""
    held = known.keys_of(relation)
    return members(keys, held if held is not None else nothing(0, pa.string())) & ~is_null(keys)
