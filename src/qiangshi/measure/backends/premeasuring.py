"""A snapshot on one day, premeasured as far as plans have asked; asking for more extends it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.backends.duckdb_facts import is_floored
from qiangshi.measure.backends.premeasured_building import Building
from qiangshi.measure.backends.premeasured_rows import Shelves
from qiangshi.measure.canonical import columns_in, measures_in, tables_in
from qiangshi.measure.premeasured import TOP, Measured, Parts, Premeasured, SubjectTable
from qiangshi.measure.premeasured_columns import Codes, Numbers, Shared, descaled, narrow
from qiangshi.measure.premeasured_store import ArrayStore
from qiangshi.measure.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from qiangshi.measure.evaluation_plan import EvaluationPlan, WindowedMeasure
    from qiangshi.measure.premeasured_columns import StoredColumn
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Vocabulary

_FORM = "1"  # of what is kept; another number leaves what older versions kept alone


def store_beside(snapshot: Snapshot) -> Path:
    """Where what was premeasured of a snapshot is kept, next to it."""
    return snapshot.folder.with_name(f".{snapshot.folder.name}.premeasured")


def premeasure(
    plan: EvaluationPlan,
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    *,
    store: Path | None = None,
) -> Premeasured:
    """All that `plan` reads; kept in `store` and taken from there (see `store_beside`).

    Who asks more than once keeps a `Premeasuring` instead.
    """
    return Premeasuring(snapshot, vocabulary, on=plan.on, store=store).of(plan)


@dataclass
class Premeasuring:
    """What has been built of a snapshot for the day `on`; `of` builds what is still missing."""

    snapshot: Snapshot
    vocabulary: Vocabulary
    on: date
    store: Path | None = None
    _tables: dict[str, tuple[Any, Any, Any]] = field(default_factory=dict)
    _columns: dict[tuple[str, str, str], StoredColumn] = field(default_factory=dict)
    _measures: dict[tuple[str, str], Measured] = field(default_factory=dict)
    _own: dict[str, Parts] = field(default_factory=dict)
    _whole: dict[str, Parts] = field(default_factory=dict)
    _keys: dict[WindowedMeasure, str] = field(default_factory=dict)
    _shared: Shared = field(default_factory=Shared)

    @cached_property
    def tree(self) -> Tree:
        """The organisations."""
        return Tree.of(self.snapshot.table(TOP))

    @cached_property
    def _shelves(self) -> Shelves:
        return Shelves(self.snapshot, self.vocabulary, self.tree, self.on)

    @cached_property
    def _arrays(self) -> ArrayStore:
        if self.store is None:
            return ArrayStore(None)
        named = f"{self.snapshot.sha256[:16]}-{self.on.isoformat()}-{_FORM}"
        return ArrayStore(self.store / named)

    def of(self, plan: EvaluationPlan) -> Premeasured:
        """What `plan`, for the same day, reads. Raises ValueError for another day."""
        if plan.on != self.on:
            raise ValueError(f"expected a plan for {self.on}, got one for {plan.on}")
        asked = _Asked.of(plan)
        keys = {measure.id: self.key(measure) for measure in plan.measures}
        self._build(plan, asked, keys)
        tables = {
            subject: self._table(subject, asked, keys)
            for subject in asked.subjects
            if subject in self.snapshot.relations
        }
        columns = {pair: self.column(TOP, *pair) for pair in asked.columns.get(TOP, ())}
        own = {name: self._own[keys[name]] for name in sorted(asked.own)}
        by_id = {measure.id: measure for measure in plan.measures}
        whole = {name: self._whole_of(by_id[name], keys[name]) for name in asked.own}
        return Premeasured(self.on, self.tree, tables, columns, own, whole)

    def key(self, measure: WindowedMeasure) -> str:
        """A name for what a measure counts, the same in every plan."""
        if measure not in self._keys:
            self._keys[measure] = self._key(measure)
        return self._keys[measure]

    def _key(self, measure: WindowedMeasure) -> str:
        days = measure.days
        read = {measure.relation, measure.owner, *tables_in(measure.where)}
        path = self.vocabulary.path_to(measure.owner, TOP) or ()
        told = [
            measure.relation, measure.owner, measure.aggregate, measure.column, measure.where,
            days.form, days.first.isoformat(), days.last.isoformat(),
            *(self._fingerprint(name) for name in sorted(read | set(path))),
        ]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()[:24]

    def _fingerprint(self, relation: str) -> str:
        if relation not in self._fingerprints:
            text = self.vocabulary.relations[relation].model_dump_json()
            self._fingerprints[relation] = hashlib.sha256(text.encode()).hexdigest()
        return self._fingerprints[relation]

    @cached_property
    def _fingerprints(self) -> dict[str, str]:
        return {}

    def _build(self, plan: EvaluationPlan, asked: _Asked, keys: Mapping[str, str]) -> None:
        """Build the measures that are neither here nor in the store."""
        missing = [measure for measure in plan.measures if self._lacks(measure, asked, keys)]
        if not missing:
            return
        with Building(self._shelves) as building:
            for measure, subject, parts in building.measured(missing):
                if subject == TOP and measure.id in asked.own:
                    self._keep_own(keys[measure.id], parts)
                elif measure.id in asked.measures.get(subject, ()):
                    self._keep_measure(measure, subject, keys[measure.id], parts)

    def _lacks(self, measure: WindowedMeasure, asked: _Asked, keys: Mapping[str, str]) -> bool:
        key = keys[measure.id]
        if measure.id in asked.own and key not in self._own and not self._load_own(key):
            return True
        return any(
            (subject, key) not in self._measures and not self._load_measure(measure, subject, key)
            for subject, names in asked.measures.items()
            if measure.id in names and subject != TOP and subject in self.snapshot.relations
        )

    def _keep_own(self, key: str, parts: Parts) -> None:
        self._own[key] = parts = parts.slim(self._shared)
        arrays = {
            "known": parts.known, "extra": parts.extra, "open": parts.open, "gap": parts.gap,
            "there": parts.there,
        }  # fmt: skip
        if parts.pairs is not None:
            arrays |= {"places": parts.pairs[0], "values": parts.pairs[1]}
        self._arrays.save(f"own-{key}", arrays, {"scale": parts.scale})

    def _load_own(self, key: str) -> bool:
        found = self._arrays.load(f"own-{key}")
        if found is not None:
            arrays, about = found
            pairs = (arrays.pop("places"), arrays.pop("values")) if "places" in arrays else None
            self._own[key] = Parts(**arrays, scale=about["scale"], pairs=pairs)
        return found is not None

    def _keep_measure(self, measure: WindowedMeasure, subject: str, key: str, parts: Parts) -> None:
        shared = self._shared.of
        known = None if parts.there.all() else shared(parts.there)
        number = descaled(parts.known, known, parts.scale)
        number = Numbers(shared(number.values), known, number.scale)
        extra, opened = shared(narrow(parts.extra)), shared(narrow(parts.open))
        made = self._measured(measure, number, extra, opened)
        self._measures[subject, key] = made
        arrays = {"known": number.values, "extra": made.extra, "open": made.open}
        if known is not None:
            arrays["there"] = known
        self._arrays.save(f"{subject}-{key}", arrays, {"scale": number.scale})

    def _load_measure(self, measure: WindowedMeasure, subject: str, key: str) -> bool:
        found = self._arrays.load(f"{subject}-{key}")
        if found is not None:
            arrays, about = found
            number = Numbers(arrays["known"], arrays.get("there"), about["scale"])
            made = self._measured(measure, number, arrays["extra"], arrays["open"])
            self._measures[subject, key] = made
        return found is not None

    def _measured(
        self, measure: WindowedMeasure, known: Numbers, extra: Any, open_: Any
    ) -> Measured:
        floored = is_floored(measure, self.vocabulary)
        return Measured(known, extra, open_, measure.aggregate, floored)

    def _whole_of(self, measure: WindowedMeasure, key: str) -> Parts:
        """Own measures added up over subtrees."""
        if key not in self._whole:
            self._whole[key] = whole_of(self._own[key], measure, self.tree).slim(self._shared)
        return self._whole[key]

    def _table(self, subject: str, asked: _Asked, keys: Mapping[str, str]) -> SubjectTable:
        rows, places, offsets = self._rows_of(subject)
        columns = {pair: self.column(subject, *pair) for pair in asked.columns.get(subject, ())}
        measures = {
            name: self._measures[subject, keys[name]]
            for name in sorted(asked.measures.get(subject, ()))
        }
        return SubjectTable(subject, rows, places, offsets, columns, measures)

    def _rows_of(self, subject: str) -> tuple[Any, Any, Any]:
        """The rows of a subject, their places, and where each organisation's begin."""
        if subject not in self._tables:
            name = f"rows-{subject}-{self._fingerprint(subject)[:12]}"
            found = self._arrays.load(name)
            if found is None:
                made = self._shelves.subject(subject)
                arrays = {"rows": narrow(made.rows), "places": narrow(made.places)}
                self._arrays.save(name, arrays, {})
            else:
                arrays = found[0]
            offsets = np.searchsorted(arrays["places"], np.arange(self.tree.size + 1))
            self._tables[subject] = arrays["rows"], arrays["places"], offsets.astype(np.int64)
        return self._tables[subject]

    def column(self, subject: str, table: str, name: str) -> StoredColumn:
        """A column in the order of a subject's rows: its own, or of a relation it leads to."""
        key = (subject, table, name)
        if key not in self._columns:
            printed = f"{self._fingerprint(subject)}{self._fingerprint(table)}"
            named = f"column-{subject}-{table}-{name}-{_short(printed)}"
            found = self._arrays.load(named)
            if found is not None:
                self._columns[key] = _column_from(*found)
            else:
                self._columns[key] = self._shelves.read(subject, table, name)
                self._arrays.save(named, *_column_as(self._columns[key]))
        return self._columns[key]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _column_as(column: StoredColumn) -> tuple[dict[str, Any], dict[str, Any]]:
    if isinstance(column, Codes):
        return {"codes": column.codes}, {"categories": list(column.categories)}
    arrays = {"values": column.values}
    if column.known is not None:
        arrays["known"] = column.known
    return arrays, {"scale": column.scale}


def _column_from(arrays: dict[str, Any], about: dict[str, Any]) -> StoredColumn:
    if "categories" in about:
        return Codes(arrays["codes"], tuple(about["categories"]))
    return Numbers(arrays["values"], arrays.get("known"), about["scale"])


def whole_of(own: Parts, measure: WindowedMeasure, tree: Tree) -> Parts:
    """A measure of subtrees from that of the organisations themselves."""
    there = tree.added_up(own.there) > 0
    if own.pairs is not None:
        known = tree.distinct(*own.pairs)
    elif measure.aggregate in {"max", "min"}:
        largest = measure.aggregate == "max"
        worst = np.iinfo(np.int64).min if largest else np.iinfo(np.int64).max
        own_known = own.known.astype(np.int64)
        found = tree.extreme(np.where(own.there, own_known, worst), largest=largest)
        known = np.where(there, found, 0)
    else:
        known = tree.added_up(own.known)
    extra, opened, gap = (tree.added_up(part) for part in (own.extra, own.open, own.gap))
    return Parts(known, extra, opened, gap, there, own.scale)


@dataclass(frozen=True)
class _Asked:
    """What conditions read: measures and columns by subject; and the measures of organisations."""

    subjects: tuple[str, ...]
    measures: Mapping[str, set[str]]
    columns: Mapping[str, set[tuple[str, str]]]
    own: frozenset[str]

    @classmethod
    def of(cls, plan: EvaluationPlan) -> _Asked:
        measures: dict[str, set[str]] = {}
        columns: dict[str, set[tuple[str, str]]] = {}
        for condition in plan.conditions:
            measures.setdefault(condition.subject, set()).update(measures_in(condition.text))
            columns.setdefault(condition.subject, set()).update(columns_in(condition.text))
        subjects = dict.fromkeys(test.subject for test in plan.tests if test.subject != TOP)
        own = {each.measure for each in plan.sums} | measures.get(TOP, set())
        return cls(tuple(subjects), measures, columns, frozenset(own))
