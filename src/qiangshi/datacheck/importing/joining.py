"""What the records of a file must be to each other and to those on record, for whole columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.arrays import combined, is_null, members, nothing
from qiangshi.datacheck.faults import Notice
from qiangshi.datacheck.joins import circle, circling, in_order, key_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.importing.faulting import Faults
    from qiangshi.datacheck.importing.known import Known
    from qiangshi.datacheck.importing.records import Records
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary


@dataclass(slots=True)
class Joins:
    """Holds records to each other until nothing more falls.

    `held` are rows by sheet that wait for a decision; `names` are those of the sheets.
    """

    groups: Sequence[Records]
    known: Known
    faults: Faults
    held: Mapping[int, NDArray[np.int32]]
    names: Sequence[str]
    notices: list[Notice] = field(default_factory=list)

    def blame_repeated(self, vocabulary: Vocabulary) -> None:
        """Blame every row whose key an earlier one has."""
        for relation in self._order(vocabulary):
            self._repeated(relation)

    def settle(self, vocabulary: Vocabulary) -> None:
        """Blame every row with a reference to nothing, and those it drags along.

        A row that falls takes all its records with it, and with them whatever refers to these. Of
        rows that have fallen already all references to nothing are told too, so that who mends
        them has to do it once.
        """
        order = self._order(vocabulary)
        self._tell_unchecked(order, vocabulary)
        for relation in order:
            self._unresolved(relation, vocabulary, among=self._fallen)
        while any([self._unresolved(relation, vocabulary) for relation in order]):
            pass
        for relation in order:
            for column in relation.columns:
                if column.of == relation.id:
                    self._circles(relation, column)

    def alive(self, records: Records) -> NDArray[np.bool_]:
        """Records whose row has no fault and waits for nothing."""
        gone = self.faults.bad_rows(records.sheet)
        waiting = self.held.get(records.sheet, gone[:0])
        return np.asarray(
            records.exists & ~np.isin(records.numbers, gone) & ~np.isin(records.numbers, waiting)
        )

    def _order(self, vocabulary: Vocabulary) -> list[Relation]:
        present = {group.relation.id for group in self.groups}
        return [relation for relation in in_order(vocabulary) if relation.id in present]

    def _of(self, relation: Relation | str) -> list[Records]:
        name = relation if isinstance(relation, str) else relation.id
        return [group for group in self.groups if group.relation.id == name]

    # --- keys -------------------------------------------------------------------------------------

    def _repeated(self, relation: Relation) -> None:
        columns = key_columns(relation)
        groups = self._of(relation)
        if not columns:
            return
        parts = [pa.concat_arrays([g.value(column.id) for g in groups]) for column in columns]
        sheets = np.concatenate([np.full(len(g.parents), g.sheet, np.int32) for g in groups])
        numbers = np.concatenate([g.numbers for g in groups])
        alive = np.concatenate([self.alive(g) for g in groups])
        stated = np.logical_and.reduce([~is_null(part) for part in parts])
        rows = np.flatnonzero(alive & stated)
        if len(rows) == 0:
            return
        codes = combined([part.take(rows) for part in parts])
        _, first, of = np.unique(codes, return_index=True, return_inverse=True)
        again = np.flatnonzero(first[of] != np.arange(len(rows)))
        made = np.concatenate(
            [np.zeros(len(g.parents), bool) if g.made is None else g.made for g in groups]
        )
        together = "、".join(column.label.zh for column in columns)
        again_of = groups[0].label(columns[0].id)
        alike = _alike(groups[0])
        for sheet in np.unique(sheets[rows[again]]).tolist():
            mine = again[sheets[rows[again]] == sheet]
            before = [self._place(int(sheets[at]), int(numbers[at]), sheet)
                      for at in rows[first[of[mine]]]]  # fmt: skip
            for is_made in (False, True):
                told = np.flatnonzero(made[rows[mine]] == is_made).tolist()
                self.faults.add(
                    sheet,
                    numbers[rows[mine[told]]],
                    column="" if is_made else again_of,
                    reasons=[
                        f"与{before[at]}是同一条记录（{alike}"
                        if is_made
                        else f"{together}与{before[at]}重复，以先填的为准"
                        for at in told
                    ],
                    values=[
                        "" if is_made else str(parts[0][rows[mine[at]]].as_py()) for at in told
                    ],
                )

    def _place(self, sheet: int, number: int, seen_from: int) -> str:
        row = f"第 {number} 行"
        return row if sheet == seen_from else f"“{self.names[sheet]}”{row}"

    # --- references -------------------------------------------------------------------------------

    def _tell_unchecked(self, order: Sequence[Relation], vocabulary: Vocabulary) -> None:
        for relation in order:
            for column in relation.columns:
                if column.of is None or self._keys(column.of)[0] is not None:
                    continue
                if any((~is_null(group.value(column.id))).any() for group in self._of(relation)):
                    label = vocabulary.relations[column.of].label.zh
                    text = f"没有可用的“{label}”表，“{column.label.zh}”无从核对"
                    self.notices.append(Notice(relation.label.zh, text))

    def _keys(self, name: str) -> tuple[Array | None, Array]:
        """Keys that may be referred to, None where nothing is known of them, and those lost."""
        known = self.known.keys_of(name)
        groups = self._of(name)
        key = groups[0].relation.key if groups else None
        if key is None and known is None:
            return None, nothing(0, pa.string())
        there: list[Array] = [] if known is None else [known]
        lost: list[Array] = [nothing(0, pa.string())]
        for group in groups if key is not None else []:
            alive = self.alive(group)
            values = group.value(str(key))
            there.append(values.filter(pa.array(alive)))
            lost.append(values.filter(pa.array(group.exists & ~alive)))
        return pa.concat_arrays(there), pa.concat_arrays(lost)

    def _fallen(self, records: Records) -> NDArray[np.bool_]:
        """Records whose row has a fault already: who mends it is to know the others too."""
        gone = np.isin(records.numbers, self.faults.bad_rows(records.sheet))
        return np.asarray(records.exists & gone)

    def _unresolved(
        self,
        relation: Relation,
        vocabulary: Vocabulary,
        *,
        among: Callable[[Records], NDArray[np.bool_]] | None = None,
    ) -> bool:
        """Whether a row more has fallen for a reference to nothing, `among` those alive."""
        fell = False
        for column in relation.columns:
            if column.of is None:
                continue
            there, lost = self._keys(column.of)
            if there is None:
                continue
            label = vocabulary.relations[column.of].label.zh
            for group in self._of(relation):
                asked = (among or self.alive)(group)
                if among is not None:
                    asked &= ~members(group.value(column.id), lost)
                fell |= self._blame_unresolved(group, column, label, (there, lost), asked)
        return fell

    def _blame_unresolved(
        self,
        group: Records,
        column: Column,
        label: str,
        keys: tuple[Array, Array],
        asked: NDArray[np.bool_],
    ) -> bool:
        values = group.value(column.id)
        missing = asked & ~is_null(values) & ~members(values, keys[0])
        places = np.flatnonzero(missing)
        if len(places) == 0:
            return False
        is_lost = members(values.take(places), keys[1])
        lost_at = self._lost_at(str(column.of), group.sheet) if is_lost.any() else {}
        hints = _Hints(keys[0])
        stated = [str(value) for value in values.take(places).to_pylist()]
        self.faults.add(
            group.sheet,
            group.numbers[places],
            column=group.label(column.id),
            reasons=[
                f"所引用的{label}（{lost_at[value]}）有误未读入，本行随之未读入"
                if lost
                else f"“{label}”表中没有这一编号{hints.of(value)}"
                for lost, value in zip(is_lost.tolist(), stated, strict=True)
            ],
            values=stated,
        )
        return True

    def _lost_at(self, name: str, sheet: int) -> dict[str, str]:
        """Keys that fell → where they stand, as seen from a sheet."""
        found: dict[str, str] = {}
        for group in self._of(name):
            rows = np.flatnonzero(group.exists & ~self.alive(group))
            keys: list[Any] = group.value(str(group.relation.key)).take(rows).to_pylist()
            for key, number in zip(keys, group.numbers[rows].tolist(), strict=True):
                found.setdefault(key, self._place(group.sheet, number, sheet))
        return found

    def _circles(self, relation: Relation, column: Column) -> None:
        """A way up that leads round, as organisations below organisations may."""
        for group in self._of(relation):
            rows = np.flatnonzero(self.alive(group))
            keys = group.value(str(relation.key)).take(rows).to_pylist()
            above = group.value(column.id).take(rows).to_pylist()
            inside = set(keys)
            parents: dict[Any, Any] = {
                key: up if up in inside else None for key, up in zip(keys, above, strict=True)
            }
            wrong = set(circling(parents))
            places = rows[[key in wrong for key in keys]] if wrong else rows[:0]
            self.faults.add(
                group.sheet,
                group.numbers[places],
                column=group.label(column.id),
                reasons=[f"上级关系成了圈：{circle(key, parents)}" for key in keys if key in wrong],
                values=[str(parents[key]) for key in keys if key in wrong],
            )


class _Hints:
    """What an id that is not there may have meant."""

    def __init__(self, keys: Array) -> None:
        self._keys = keys
        self._loosely: dict[str, str] | None = None

    def of(self, value: str) -> str:
        if self._loosely is None:
            self._loosely = {_loose(key): key for key in self._keys.to_pylist() if key}
        meant = self._loosely.get(_loose(value))
        return "" if meant is None else f"，是否应为“{meant}”"


def _loose(key: str) -> str:
    """An id without what is easily lost: noughts at the front, the case of letters."""
    return key.casefold().lstrip("0")


def _alike(records: Records) -> str:
    """By what a row without a number is the record of another, and how it may stay beside it."""
    key = records.relation.key
    columns = "、".join(records.label(name) for name in records.rows.key)
    number = "" if key is None else records.relation.by_id[key].label.zh
    return f"{columns}相同），以先填的为准；确为两条的，请加“{number}”一列分别编号"
