"""Judging all records of a region by all rules: every fault, and how much was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.arrays import nothing, taken
from qiangshi.datacheck.joins import key_columns
from qiangshi.datacheck.quality.general import GeneralChecks
from qiangshi.datacheck.quality.ledgers import Ledgers
from qiangshi.datacheck.quality.records import NOBODY, Organisations, Records
from qiangshi.datacheck.quality.several import find_twins, judge_apart, judge_has
from qiangshi.datacheck.quality.standards import Standards, load_standards
from qiangshi.datacheck.quality.telling import PROBLEMS, area_of, keys_of, said, with_latest
from qiangshi.datacheck.rules import DIMENSIONS, Judged, judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.quality.standards import GeneralRule
    from qiangshi.datacheck.rules import Rule
    from qiangshi.policy.vocabulary import Relation, Vocabulary

    Mask = NDArray[np.bool_]

WRONG, ANY = "wrong", "any"
_SCHOOLS = frozenset({"school"})
_TWINS = ("id_number", "name", "born_on")


@dataclass(frozen=True)
class Assessment:
    """A region's records on one day, judged.

    `problems` is every fault (see `telling.PROBLEMS`), `ledgers` what was handed in (see
    `ledgers.LEDGERS`). `checked` and `failed` count rows by rule (in the order of
    `standards.by_id`) and organisation; `rows` counts rows by organisation, `faulty` those with a
    fault by dimension, `WRONG` (not valid or not consistent) or `ANY`. All counts are the
    organisation's own, without those below it.
    """

    on: date
    standards: Standards
    organisations: Organisations
    problems: pa.Table
    ledgers: pa.Table
    checked: NDArray[np.int64]
    failed: NDArray[np.int64]
    rows: NDArray[np.int64]
    faulty: Mapping[str, NDArray[np.int64]]


def assess(
    tables: Mapping[str, pa.Table],
    *,
    vocabulary: Vocabulary,
    on: date,
    standards: Standards | None = None,
    root: Path | None = None,
) -> Assessment:
    """Judge the tables of a region (by relation; `ParquetFolder` reads those of a snapshot).

    `on` is the day that they are as of; `root` is another policy folder. What is not known breaks
    no rule, and a relation that is absent is a ledger that nobody handed in. Raises PolicyError
    where the standards do not fit.
    """
    held_to = standards or load_standards(vocabulary=vocabulary, root=root)
    judging = _Judging(Records(tables, vocabulary), held_to, on, root)
    judging.run()
    return judging.assessment()


def find_problems(
    tables: Mapping[str, pa.Table],
    *,
    vocabulary: Vocabulary,
    on: date,
    root: Path | None = None,
) -> pa.Table:
    """Every fault of a region's records, one a row; see `telling.PROBLEMS`."""
    return assess(tables, vocabulary=vocabulary, on=on, root=root).problems


class _Judging:
    """A region being judged, one relation after the other."""

    def __init__(self, records: Records, standards: Standards, on: date, root: Path | None) -> None:
        self.records, self.standards, self.on, self.root = records, standards, on, root
        self.ledgers = Ledgers(records, on=on)
        self.general = GeneralChecks(records, standards, on=on, root=root)
        count = len(records.organisations)
        self.place_of = {rule: place for place, rule in enumerate(standards.by_id)}
        self.checked = np.zeros((len(self.place_of), count), np.int64)
        self.failed = np.zeros_like(self.checked)
        self.rows = np.zeros(count, np.int64)
        self.faulty = {kind: np.zeros(count, np.int64) for kind in (*DIMENSIONS, WRONG, ANY)}
        self.problems: list[pa.Table] = [PROBLEMS.empty_table()]
        self._marks: NDArray[np.bool_] = np.zeros((0, 0), np.bool_)

    def run(self) -> None:
        """Judge every relation that is there, and let go of it."""
        for relation in self.records.relations:
            owners = self.records.owners(relation.id)
            self._marks = np.zeros((len(DIMENSIONS), len(owners)), np.bool_)
            self._hold_to_general(relation)
            for rule in self.standards.rules:
                if rule.relation == relation.id:
                    self._hold_to(rule, relation)
            if relation.id == "person":
                self._tell_twins(relation)
            self._count_rows(owners)
            self.records.drop(relation.id)

    def assessment(self) -> Assessment:
        """What it came to."""
        ledgers = self.ledgers.state(self.standards.scoring.ledgers, _SCHOOLS)
        return Assessment(
            self.on,
            self.standards,
            self.records.organisations,
            pa.concat_tables(self.problems).combine_chunks(),
            ledgers,
            self.checked,
            self.failed,
            self.rows,
            self.faulty,
        )

    # --- rules ------------------------------------------------------------------------------------

    def _hold_to_general(self, relation: Relation) -> None:
        """Each rule counts a row once, however many of its columns break it."""
        rows = len(self.records.owners(relation.id))
        together: dict[str, Judged] = {}
        for found in self.general.judge(relation):
            one = Judged(found.checked, found.failed)
            before = together.get(found.rule.id, Judged(*(np.zeros(rows, np.bool_),) * 2))
            together[found.rule.id] = Judged(
                before.checked | one.checked, before.failed | one.failed
            )
            self._tell(found.rule, relation, one, field=found.column, columns=[found.column])
        for rule_id, judged in together.items():
            self._count(self.standards.by_id[rule_id], relation, judged)

    def _hold_to(self, rule: Rule, relation: Relation) -> None:
        if rule.has is not None:
            found = judge_has(rule, rule.has, self.records, self.ledgers, on=self.on)
            self._count(rule, relation, found.judged)
            self._tell(rule, relation, found.judged, field="", columns=[], latest=found.latest)
            return
        if rule.apart is not None:
            judged = judge_apart(rule, self.records)
            dated = relation.dated
            columns = [str(dated.since), str(dated.until)]
        else:
            judged = judge(
                rule,
                lambda name: self.records.column(relation.id, name),
                len(self.records.owners(relation.id)),
                on=self.on,
            )
            asked = rule.implies is not None and rule.implies.states is not None
            columns = [] if asked else [name for name in rule.columns if name not in rule.when]
        self._count(rule, relation, judged)
        self._tell(rule, relation, judged, field=rule.blamed, columns=columns)

    def _tell_twins(self, relation: Relation) -> None:
        rules = {rule.check: rule for rule in self.standards.general}
        if not {"same_person", "perhaps_same_person"} & set(rules):
            return
        twins = find_twins(self.records, root=self.root)
        everyone = np.ones(len(twins.surely), np.bool_)
        for rule, places in (
            (rules.get("same_person"), twins.surely),
            (rules.get("perhaps_same_person"), twins.perhaps),
        ):
            if rule is not None:
                judged = Judged(everyone, places != NOBODY)
                self._count(rule, relation, judged)
                self._tell(rule, relation, judged, field="", columns=_TWINS, others=places)

    # --- counting and telling ---------------------------------------------------------------------

    def _count(self, rule: Rule | GeneralRule, relation: Relation, judged: Judged) -> None:
        owners = self.records.owners(relation.id)
        mine = owners != NOBODY
        place, count = self.place_of[rule.id], len(self.records.organisations)
        for counts, rows in ((self.checked, judged.checked), (self.failed, judged.failed)):
            counts[place] += np.bincount(owners[mine & rows], minlength=count)
        self._marks[DIMENSIONS.index(rule.dimension)] |= judged.failed

    def _count_rows(self, owners: NDArray[np.int64]) -> None:
        count, mine = len(self.records.organisations), owners != NOBODY
        self.rows += np.bincount(owners[mine], minlength=count)
        marks = dict(zip(DIMENSIONS, self._marks, strict=True))
        marks |= {WRONG: marks["valid"] | marks["consistent"], ANY: self._marks.any(axis=0)}
        for kind, marked in marks.items():
            self.faulty[kind] += np.bincount(owners[mine & marked], minlength=count)

    def _tell(
        self,
        rule: Rule | GeneralRule,
        relation: Relation,
        judged: Judged,
        *,
        field: str,
        columns: Sequence[str],
        others: NDArray[np.int64] | None = None,
        latest: NDArray[np.int64] | None = None,
    ) -> None:
        owners = self.records.owners(relation.id)
        places = np.flatnonzero(judged.failed & (owners != NOBODY))
        if len(places) == 0:
            return
        records, count = self.records, len(places)
        zh, en = said(records, relation, places, label=rule.label, columns=columns)
        if latest is not None:
            zh, en = (
                with_latest(zh, latest[places], "：最近一次 "),
                with_latest(en, latest[places], ": last on "),
            )
        persons = records.persons(relation.id)
        stated: dict[str, Array] = {
            "rule": _same(rule.id, count),
            "dimension": _same(rule.dimension, count),
            "relation": _same(relation.id, count),
            "key": keys_of(records, relation, places),
            "person_id": _nobody(count) if persons is None else taken(persons, places),
            "organisation_id": taken(records.organisations.ids, owners[places]),
            "field": _same(field, count),
            "area": _same(area_of(relation, columns), count),
            "text_zh": zh,
            "text_en": en,
            "cure_zh": _same(rule.cure.zh, count),
            "cure_en": _same(rule.cure.en, count),
            "other": _nobody(count) if others is None else self._keys(relation, others[places]),
        }
        self.problems.append(
            pa.Table.from_arrays([stated[n] for n in PROBLEMS.names], PROBLEMS.names)
        )

    def _keys(self, relation: Relation, places: NDArray[np.int64]) -> Array:
        (key, *_) = key_columns(relation)
        return taken(self.records.column(relation.id, key.id), places).cast(pa.string())


def _same(text: str, rows: int) -> Array:
    repeat: Any = pa.repeat
    found: Array = repeat(text, rows)
    return found


def _nobody(rows: int) -> Array:
    return nothing(rows, pa.string())
