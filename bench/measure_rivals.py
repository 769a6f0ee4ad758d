"""Other ways to the same counts: plain DuckDB in one query or many, and Polars.

All count the tests over persons that `comparable` keeps, for every organisation with all below it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bench.truth_pairs import Number, Pairs
from qiangshi.measure.backends.duckdb_rollup import tests_query
from qiangshi.measure.backends.duckdb_subjects import CONFIRMED, Layout, measured_query
from qiangshi.measure.backends.duckdb_views import add_views, connected
from qiangshi.measure.canonical import measures_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.premeasured import Premeasured
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Vocabulary

SUBJECT = "person"
_NOUGHT = Number(0, 0, has_low=True, has_high=True)


def narrowed(plan: EvaluationPlan, names: set[str]) -> EvaluationPlan:
    """The plan with some tests over persons and what they read, and nothing else."""
    tests = tuple(test for test in plan.tests if test.id in names)
    used = {name for test in tests for name in (test.population, test.requires)}
    conditions = tuple(condition for condition in plan.conditions if condition.id in used)
    read = {name for condition in conditions for name in measures_in(condition.text)}
    measures = tuple(measure for measure in plan.measures if measure.id in read)
    return replace(plan, tests=tests, conditions=conditions, measures=measures, sums=(), items=())


class PlainQueries:
    """Statements over the Parquet files as they are."""

    def __init__(
        self, plan: EvaluationPlan, snapshot: Snapshot, premeasured: Premeasured,
        vocabulary: Vocabulary,
    ) -> None:  # fmt: skip
        self.plan, self.vocabulary = plan, vocabulary
        self.present = frozenset(snapshot.relations)
        self.connection = connected()
        tree = premeasured.tree
        pairs = np.array([(place, place) for place in range(tree.size)])
        above = tree.parents.copy()
        while (above >= 0).any():
            held = np.flatnonzero(above >= 0)
            pairs = np.concatenate([pairs, np.stack([above[held], held], axis=1)])
            above = np.where(above >= 0, tree.parents[above], -1)
        self.connection.register("tree", pa.table({
            "organisation_id": pa.array(tree.organisations.ids), "is_leaf": tree.is_leaf,
            "place": np.arange(tree.size, dtype=np.int32),
        }))  # fmt: skip
        levels = tree.levels[pairs[:, 0]]
        self.connection.register("closure_of_all", pa.table({
            "ancestor": pairs[:, 0], "descendant": pairs[:, 1], "level": levels,
        }))  # fmt: skip
        self.levels = int(tree.levels.max()) + 1
        for name in Layout(plan, vocabulary, self.present).relations():
            add_views(self.connection, vocabulary.relations[name], snapshot)
        self.connection.execute(f"CREATE TABLE confirmed AS {CONFIRMED}")

    def _query(self, plan: EvaluationPlan, closure: str) -> str:
        layout = Layout(plan, self.vocabulary, self.present)
        query = tests_query(SUBJECT, layout)
        inner = measured_query(SUBJECT, layout)
        query = query.replace('FROM "measured_person" AS s', f"FROM ({inner}) AS s")
        return query.replace("FROM closure AS c", f"FROM {closure} AS c")

    def fused(self) -> dict[str, Any]:
        """All tests and levels in one statement."""
        return self.connection.execute(self._query(self.plan, "closure_of_all")).fetchnumpy()

    def one_by_one(self, names: list[str]) -> Iterator[dict[str, Any]]:
        """A statement for each test and level of the tree."""
        for name in names:
            alone = narrowed(self.plan, {name})
            for level in range(self.levels):
                closure = f"(SELECT * FROM closure_of_all WHERE level = {level})"
                yield self.connection.execute(self._query(alone, closure)).fetchnumpy()


def comparable(plan: EvaluationPlan, vocabulary: Vocabulary, present: Set[str]) -> list[str]:
    """Tests over persons of which every way here can write the conditions."""
    texts = {condition.id: condition.text for condition in plan.conditions}
    plain = {
        measure.id
        for measure in plan.measures
        if measure.aggregate == "sum"
        and vocabulary.relations[measure.relation].dated.on is not None
        and measure.relation in present
    }
    pairs = _polars_pairs(plan, vocabulary, lambda _: _NOUGHT, SUBJECT)
    kept = []
    for test in plan.tests:
        if test.subject != SUBJECT or test.requires is None:
            continue
        both = texts[test.population], texts[test.requires]
        if measures_in(" AND ".join(both)) - plain:
            continue
        try:
            for text in both:
                pairs.holds(text)
                pairs.fails(text)
        except KeyError:
            continue
        kept.append(test.id)
    return kept


def _polars_pairs(plan: EvaluationPlan, vocabulary: Vocabulary, measure: Any, prefix: str) -> Pairs:
    """What conditions are made of, over columns of a lazy frame of `prefix`."""
    import polars as pl

    def code(relation: str, name: str, values: list[Any]) -> Any:
        return pl.col(name if relation == prefix else f"{relation}.{name}").is_in(values)

    def known(relation: str, name: str) -> Any:
        return pl.col(name if relation == prefix else f"{relation}.{name}").is_not_null()

    def number(relation: str, name: str) -> Number:
        column = pl.col(name if relation == prefix else f"{relation}.{name}")
        return Number(column, column, column.is_not_null(), column.is_not_null())

    def years(function: str, relation: str, name: str) -> Number:
        if function != "years_since":
            raise KeyError(function)
        day = pl.col(name if relation == prefix else f"{relation}.{name}")
        late = day.dt.month().cast(pl.Int32) * 100 + day.dt.day().cast(pl.Int32) > (
            plan.on.month * 100 + plan.on.day
        )
        value = plan.on.year - day.dt.year() - late.cast(pl.Int32)
        return Number(value, value, day.is_not_null(), day.is_not_null())

    return Pairs(vocabulary, code, known, number, years, measure, pl.lit(value=True))


def polars_counts(
    plan: EvaluationPlan, names: list[str], snapshot: Snapshot, premeasured: Premeasured,
    vocabulary: Vocabulary,
) -> dict[str, Any]:  # fmt: skip
    """Test → how many persons of the whole tree meet it: one lazy query over the files."""
    import polars as pl

    def scanned(relation: str) -> Any:
        return pl.scan_parquet(snapshot.path(relation))

    def no_measure(name: str) -> Number:
        raise KeyError(name)

    by_relation: dict[str, list[Any]] = {}
    for found in plan.measures:
        by_relation.setdefault(found.relation, []).append(found)
    people = scanned(SUBJECT)
    organisations = scanned("organisation")
    people = people.join(
        organisations.rename({name: f"organisation.{name}" for name in
                              vocabulary.relations["organisation"].by_id}),
        left_on="organisation_id", right_on="organisation.organisation_id", how="left",
    )  # fmt: skip
    for relation, measures in by_relation.items():
        dated = vocabulary.relations[relation].dated.on or ""
        made = _polars_pairs(plan, vocabulary, no_measure, relation)
        sums = []
        for each in measures:
            inside = pl.col(dated).is_between(each.days.first, each.days.last)
            counts = inside & made.holds(each.where)
            value = pl.col(each.column) if each.aggregate == "sum" else pl.lit(1)
            sums.append(value.filter(counts).sum().alias(f"{each.id}.known"))
            empty = counts & value.is_null()
            sums.append(empty.any().alias(f"{each.id}.open"))
        people = people.join(scanned(relation).group_by("person_id").agg(sums), on="person_id",
                             how="left")  # fmt: skip
    places = {name: place for place, name in enumerate(premeasured.tree.organisations.ids)}
    silent = _confirmed(plan, snapshot, premeasured, vocabulary, places)

    def measure(name: str) -> Number:
        known = pl.col(f"{name}.known").fill_null(0)
        unheard = pl.col(f"{name}.open").is_null() & pl.col("organisation_id").is_in(silent[name])
        closed = ~(pl.col(f"{name}.open").fill_null(value=False) | unheard)
        return Number(known, known, pl.lit(value=True), closed)

    pairs = _polars_pairs(plan, vocabulary, measure, SUBJECT)
    texts = {condition.id: condition.text for condition in plan.conditions}
    met = {}
    for test in plan.tests:
        if test.id in names:
            both = [pairs.holds(texts[name or ""]) for name in (test.population, test.requires)]
            met[test.id] = (both[0] & both[1]).sum()
    own = people.group_by("organisation_id").agg([each.alias(name) for name, each in met.items()])
    answer = own.collect(engine="streaming")
    counted = np.zeros((premeasured.tree.size, len(names)), dtype=np.int64)
    at = [places[name] for name in answer["organisation_id"]]
    counted[at] = np.stack([answer[name].to_numpy() for name in names], axis=1)
    rolled = premeasured.tree.added_up(counted)
    return {name: rolled[:, number] for number, name in enumerate(names)}


def _confirmed(
    plan: EvaluationPlan, snapshot: Snapshot, premeasured: Premeasured, vocabulary: Vocabulary,
    places: dict[str, int],
) -> dict[str, list[str]]:  # fmt: skip
    """Measure → organisations in which silence of its ledger is not confirmed to mean nought."""
    found: dict[str, list[str]] = {}
    connection = connected()
    add_views(connection, vocabulary.relations["ledger_confirmation"], snapshot)
    connection.execute(f"CREATE TABLE confirmed AS {CONFIRMED}")
    for each in plan.measures:
        if vocabulary.relations[each.relation].when_absent != "unknown":
            found[each.id] = []
            continue
        rows = connection.execute(
            "SELECT DISTINCT organisation_id FROM confirmed"
            " WHERE relation = ? AND since <= ? AND until >= ?",
            [each.relation, each.days.first, each.days.last],
        ).fetchall()
        told = {str(name) for (name,) in rows}
        found[each.id] = [name for name in places if name not in told]
    return found
