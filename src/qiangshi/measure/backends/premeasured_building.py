"""Builds premeasured measures from a snapshot: a pass over each ledger, then up the tree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from qiangshi.measure.backends.duckdb_facts import (
    by_the_year,
    counts_owner,
    hanging_part,
    is_additive,
    is_decimal,
    leads,
)
from qiangshi.measure.backends.duckdb_subjects import CONFIRMED
from qiangshi.measure.backends.duckdb_views import add_views, connected
from qiangshi.measure.backends.premeasured_facts import Ledger
from qiangshi.measure.backends.premeasured_lifting import Lifted, distinct_pairs, lifted
from qiangshi.measure.backends.premeasured_planes import PlanePass, is_plane
from qiangshi.measure.canonical import tables_in
from qiangshi.measure.counts import SCALE
from qiangshi.measure.premeasured import TOP, Parts

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from types import TracebackType

    from qiangshi.measure.backends.premeasured_facts import Gathered
    from qiangshi.measure.backends.premeasured_rows import Shelves
    from qiangshi.measure.counts import Integers, Truths
    from qiangshi.measure.evaluation_plan import WindowedMeasure
    from qiangshi.measure.windows import Days

_AT_ONCE = 16  # measures of a ledger in one statement: bounds the memory of its answer
_MOST_FIGURES = 1 << 29  # of owners and measures in one pass over a ledger, about a byte each


class Building:
    """A connection to a snapshot on which measures are built."""

    def __init__(self, shelves: Shelves) -> None:
        self.shelves = shelves
        self.vocabulary = shelves.vocabulary
        self.present = frozenset(shelves.snapshot.relations) | {TOP}
        self.connection = connected()
        self.ledger = Ledger(self.connection, self.vocabulary)
        self._confirmed: dict[tuple[str, Days], Truths] = {}
        self._owners = ""
        self._seen: set[str] = set()

    def __enter__(self) -> Building:
        self.connection.execute("SET preserve_insertion_order = false")
        self._see("ledger_confirmation")
        self.connection.execute(f"CREATE TABLE confirmed AS {CONFIRMED}")
        return self

    def _see(self, name: str) -> None:
        """Make a relation readable by its name."""
        if name not in self._seen:
            self._seen.add(name)
            add_views(self.connection, self.vocabulary.relations[name], self.shelves.snapshot)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()
        pa.default_memory_pool().release_unused()

    def measured(
        self, measures: Sequence[WindowedMeasure]
    ) -> Iterator[tuple[WindowedMeasure, str, Parts]]:
        """Each measure at its owner and at every subject above it that is there."""
        together: dict[tuple[str, str], list[WindowedMeasure]] = {}
        for measure in measures:
            together.setdefault((measure.owner, measure.relation), []).append(measure)
        for (owner, relation), every in together.items():
            rest = every
            if owner in self.present and relation in self.present:
                self._register_owners(owner)
                rest = yield from self._by_planes(owner, every)
            for first in range(0, len(rest), _AT_ONCE):
                some = rest[first : first + _AT_ONCE]
                gathered = None
                if owner in self.present and relation in self.present:
                    gathered = self._gathered(owner, some)
                for measure in some:
                    yield from self._up(measure, gathered)

    def _by_planes(
        self, owner: str, measures: Sequence[WindowedMeasure]
    ) -> Generator[tuple[WindowedMeasure, str, Parts], None, list[WindowedMeasure]]:
        """Yields what planes can count; the measures that they cannot are returned."""
        fit = [measure for measure in measures if is_plane(measure, self.vocabulary)]
        rest = [measure for measure in measures if not is_plane(measure, self.vocabulary)]
        at_once = max(_AT_ONCE, _MOST_FIGURES // max(len(self.shelves.subject(owner).keys), 1))
        for first in range(0, len(fit), at_once):
            reading = PlanePass(self.shelves, fit[first : first + at_once], owner)
            reading.run()
            gathered = reading.gathered()
            for measure in reading.measures.values():
                yield from self._up(measure, gathered)
            rest += reading.failed
        return rest

    def _gathered(self, owner: str, measures: Sequence[WindowedMeasure]) -> Gathered:
        relation = self.vocabulary.relations[measures[0].relation]
        self._see(relation.id)
        if any(tables_in(measure.where) - {relation.id} for measure in measures):
            for lead in leads(relation, self.vocabulary):
                self._see(lead.target)
        key = self.vocabulary.relations[owner].key or ""
        owners = len(self.shelves.subject(owner).keys)
        return self.ledger.gathered(measures, key, owners=owners, on=self.shelves.on)

    def _register_owners(self, owner: str) -> None:
        if self._owners == owner:
            return
        keys = self.shelves.subject(owner).keys
        table = pa.table({"key": keys, "row": pa.array(np.arange(len(keys), dtype=np.int64))})
        self.connection.register("owners", table)
        self._owners = owner

    def _up(
        self, measure: WindowedMeasure, gathered: Gathered | None
    ) -> Iterator[tuple[WindowedMeasure, str, Parts]]:
        """A measure from its owner up to organisations, step by step."""
        path = self.vocabulary.path_to(measure.owner, TOP) or (TOP,)
        pairs, found = None, None
        for below, subject in zip((measure.relation, *path), path, strict=False):
            if subject not in self.present:
                found = pairs = None
                continue
            if below not in self.present or (found is None and subject != measure.owner):
                found = self._absent(measure, subject)
            elif subject == measure.owner and gathered is not None:
                pairs = self._pairs(measure)
                found = replace(self._own(measure, gathered), pairs=pairs)
            elif found is not None:
                upper = self.shelves.subject(subject)
                above = self.shelves.subject(below).above
                if pairs is not None:
                    pairs = distinct_pairs(above[pairs[0]], pairs[1])
                found = lifted(Lifted(found, above, len(upper.keys), measure.aggregate), pairs)
            if found is not None:
                yield measure, subject, found

    def _pairs(self, measure: WindowedMeasure) -> tuple[Integers, Integers] | None:
        if is_additive(measure, self.vocabulary):
            return None
        return distinct_pairs(*self.ledger.pairs(measure, self.shelves.on))

    def _scale(self, measure: WindowedMeasure) -> int:
        return SCALE if is_decimal(measure, self.vocabulary) else 1

    def _absent(self, measure: WindowedMeasure, subject: str) -> Parts:
        """Where nobody handed in the rows, or those that they are counted under."""
        rows = len(self.shelves.subject(subject).keys)
        none, one = np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=np.int64)
        once = subject == measure.owner and counts_owner(measure, self.vocabulary)
        there = np.full(rows, measure.aggregate not in {"max", "min"})
        extra, opened = (one, none) if once else (none, one)
        return Parts(none, extra, opened, one, there, self._scale(measure))

    def _own(self, measure: WindowedMeasure, gathered: Gathered) -> Parts:
        """From the rows counted straight under the owner; silence may mean unknown."""
        known = gathered.known[measure.id]
        nothing = np.zeros(len(known), dtype=np.int64)
        hanging = gathered.hanging.get(measure.id, nothing)
        is_extra = hanging_part(measure, self.vocabulary) == "extra"
        extra, opened = (hanging, nothing) if is_extra else (nothing, hanging)
        silent = self._silent(measure, gathered)
        if silent is not None and counts_owner(measure, self.vocabulary):
            extra = np.where(silent, 1, extra)
        elif silent is not None:
            opened = np.where(silent, 1, opened)
        gap = ((extra > 0) | (opened > 0)).astype(np.int64)
        there = gathered.there.get(measure.id)
        if there is None:
            there = np.ones(len(known), dtype=np.bool_)
        return Parts(known, extra, opened, gap, there, self._scale(measure))

    def _silent(self, measure: WindowedMeasure, gathered: Gathered) -> Truths | None:
        """Owners of whom a ledger says nothing, and nobody has confirmed that it is complete."""
        relation = self.vocabulary.relations[measure.relation]
        if relation.when_absent != "unknown" or measure.relation == measure.owner:
            return None
        nothing = ~gathered.seen
        owner = self.shelves.subject(measure.owner)
        if measure.owner == TOP:
            nothing &= self.shelves.tree.is_leaf
        if by_the_year(relation):
            nothing |= gathered.seen & ~gathered.heard[measure.days]
        return np.asarray(nothing & ~self._is_confirmed(relation.id, measure.days)[owner.places])

    def _is_confirmed(self, ledger: str, days: Days) -> Truths:
        """Organisations whose confirmations together cover the window of a ledger."""
        if (ledger, days) not in self._confirmed:
            found = self.connection.execute(
                "SELECT DISTINCT organisation_id FROM confirmed"
                " WHERE relation = ? AND since <= ? AND until >= ?",
                [ledger, days.first, days.last],
            ).fetchall()
            names = {str(name) for (name,) in found}
            ids = self.shelves.tree.organisations.ids
            self._confirmed[ledger, days] = np.array([name in names for name in ids])
        return self._confirmed[ledger, days]
