"""What holds of every relation alike, put to its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.datacheck.arrays import combined, is_null, members
from qiangshi.datacheck.cells import Reason
from qiangshi.datacheck.identity.numbers import is_residents, read_numbers
from qiangshi.datacheck.joins import key_columns
from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.profiles.formats import format_reader, load_formats
from qiangshi.datacheck.rules.models import ON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.quality.records import Records
    from qiangshi.datacheck.quality.standards import GeneralRule, Standards
    from qiangshi.policy.vocabulary import Column, Relation

    Mask = NDArray[np.bool_]

_LEAVERS = frozenset({"person", "organisation"})  # those referred to may have gone since


@dataclass(frozen=True, slots=True)
class ColumnJudged:
    """One column held to one rule: rows where something could be said, and those that break it."""

    rule: GeneralRule
    column: str
    checked: Mask
    failed: Mask


class GeneralChecks:
    """Holds the tables of a region to the general rules."""

    def __init__(
        self, records: Records, standards: Standards, *, on: date, root: Path | None = None
    ) -> None:
        self._records, self._on = records, on
        self._rules = {rule.check: rule for rule in standards.general}
        self._formats = load_formats(root)
        self._said_already = {
            (rule.relation, rule.order[0])
            for rule in standards.rules
            if rule.order is not None and rule.order[1] == ON
        }

    def judge(self, relation: Relation) -> Iterator[ColumnJudged]:
        """Every column of one relation."""
        for column in relation.columns:
            values = self._records.column(relation.id, column.id)
            stated = ~is_null(values)
            yield from self._missing(column, stated)
            if stated.any():
                yield from self._valid(relation, column, values, stated)
                yield from self._referring(relation, column, values, stated)
        yield from self._spans(relation)
        yield from self._repeated(relation)

    def _missing(self, column: Column, stated: Mask) -> Iterator[ColumnJudged]:
        if column.required and (rule := self._rules.get("required")) is not None:
            yield ColumnJudged(rule, column.id, np.ones_like(stated), ~stated)

    def _valid(
        self, relation: Relation, column: Column, values: Array, stated: Mask
    ) -> Iterator[ColumnJudged]:
        codes = code_list_of(column, relation, self._records.vocabulary)
        for check, failed in (
            ("codes", None if codes is None else ~members(values, pa.array(codes.tokens))),
            ("range", _outside(column, values)),
            ("number", self._wrong_number(relation, column, values)),
            ("future", self._in_future(relation, column, values)),
            ("ancient", self._long_ago(column, values)),
        ):
            rule = self._rules.get(check)  # type: ignore[call-overload] # a name of a check
            if failed is not None and rule is not None:
                yield ColumnJudged(rule, column.id, stated, stated & failed)

    def _wrong_number(self, relation: Relation, column: Column, values: Array) -> Mask | None:
        form = self._formats.get(f"{relation.id}.{column.id}")
        if form is None:
            return None
        texts = ["" if text is None else str(text) for text in values.to_pylist()]
        if form == "identity_number":
            doubtful = ~read_numbers(texts).right
            doubtful &= np.array([is_residents(text) for text in texts], np.bool_)
        else:
            doubtful = np.array([text != "" for text in texts], np.bool_)
        read = format_reader(form)
        for place in np.flatnonzero(doubtful).tolist():
            doubtful[place] = isinstance(read(texts[place]), Reason)
        return doubtful

    def _in_future(self, relation: Relation, column: Column, values: Array) -> Mask | None:
        dated = relation.dated
        if (relation.id, column.id) in self._said_already:
            return None
        if column.id == dated.on or column.id == "born_on":
            return _compared("greater", values, pa.scalar(self._on, pa.date32()))
        is_hers = relation.belongs_to == "person"  # figures of a school may be planned ahead
        if is_hers and column.id in {dated.year, dated.school_year}:
            return _compared("greater", values, pa.scalar(self._on.year, pa.int64()))
        return None

    def _long_ago(self, column: Column, values: Array) -> Mask | None:
        rule = self._rules.get("ancient")
        if column.type != "date" or rule is None:
            return None
        return _compared("less", values, pa.scalar(rule.since, pa.date32()))

    def _referring(
        self, relation: Relation, column: Column, values: Array, stated: Mask
    ) -> Iterator[ColumnJudged]:
        rule, target = self._rules.get("refers"), column.of
        if rule is None or target is None or column.id == relation.parent_key:
            return
        key = self._records.vocabulary.relations[target].key
        is_tree = target == relation.id
        if key is None or target not in self._records or (target in _LEAVERS and not is_tree):
            return
        there = members(values, self._records.column(target, key))
        yield ColumnJudged(rule, column.id, stated, stated & ~there)

    def _spans(self, relation: Relation) -> Iterator[ColumnJudged]:
        rule, dated = self._rules.get("span"), relation.dated
        if rule is None or dated.since is None or dated.until is None:
            return
        since = self._records.column(relation.id, dated.since)
        until = self._records.column(relation.id, dated.until)
        less: Any = pc.less
        wrong = less(until, since)
        checked = ~is_null(wrong)
        failed = np.asarray(wrong.fill_null(False).to_numpy(zero_copy_only=False))
        yield ColumnJudged(rule, dated.until, checked, failed)

    def _repeated(self, relation: Relation) -> Iterator[ColumnJudged]:
        rule, columns = self._rules.get("repeated"), key_columns(relation)
        if rule is None or not columns:
            return
        values = [self._records.column(relation.id, column.id) for column in columns]
        stated = np.logical_and.reduce([~is_null(one) for one in values])
        codes = combined(values)
        first = np.zeros(int(codes.max(initial=-1)) + 1, np.int64)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        again = first[codes] != np.arange(len(codes))
        yield ColumnJudged(rule, columns[0].id, stated, stated & again)


def _outside(column: Column, values: Array) -> Mask | None:
    if column.at_least is None and column.at_most is None:
        return None
    outside = np.zeros(len(values), np.bool_)
    numbers = values.cast(pa.float64())
    if column.at_least is not None:
        outside |= _compared("less", numbers, pa.scalar(column.at_least, pa.float64()))
    if column.at_most is not None:
        outside |= _compared("greater", numbers, pa.scalar(column.at_most, pa.float64()))
    return outside


def _compared(how: str, values: Array, bound: Any) -> Mask:
    compare: Any = getattr(pc, how)
    found = compare(values, bound).fill_null(False)
    return np.asarray(found.to_numpy(zero_copy_only=False))
