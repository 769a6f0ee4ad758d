"""Other ways to the same counts: plain DuckDB in one query or many, Polars, OpenFisca-core.

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
from qiangshi.measure.premeasured_columns import Codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.premeasured import Premeasured
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Vocabulary

SUBJECT = "person"


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


def array_pairs(premeasured: Premeasured, vocabulary: Vocabulary) -> Pairs:
    """Conditions over persons as numpy arrays, from premeasured columns."""
    table = premeasured.tables[SUBJECT]
    every = np.ones(len(table), dtype=np.bool_)

    def code(relation: str, name: str, values: list[Any]) -> tuple[Any, Any]:
        column = table.columns[relation, name]
        if not isinstance(column, Codes):
            return ~every, every if column.known is None else column.known
        kept = [place + 1 for place, value in enumerate(column.categories) if value in values]
        return np.isin(column.codes, kept), column.codes != 0

    def number(relation: str, name: str) -> Number:
        column = table.columns[relation, name]
        if isinstance(column, Codes):
            raise KeyError(name)
        known = every if column.known is None else column.known
        value = column.values / column.scale
        return Number(value, value, known, known)

    def years(function: str, relation: str, name: str) -> Number:
        column = table.columns[relation, name]
        if function != "years_since" or isinstance(column, Codes):
            raise KeyError(function)
        known = every if column.known is None else column.known
        day = column.values.astype("datetime64[D]")
        month = day.astype("datetime64[M]")
        numbers = (month.astype(int) % 12 + 1) * 100 + (day - month).astype(int) + 1
        late = numbers > premeasured.on.month * 100 + premeasured.on.day
        value = premeasured.on.year - 1970 - day.astype("datetime64[Y]").astype(int) - late
        return Number(value, value, known, known)

    def measure(name: str) -> Number:
        found = table.measures[name]
        low = found.known.values / found.known.scale
        return Number(low, low + found.extra, found.has_low, found.has_high)

    return Pairs(vocabulary, premeasured.on, code, number, years, measure, every)


def comparable(plan: EvaluationPlan, pairs: Pairs, present: Set[str]) -> list[str]:
    """Tests over persons of which every way here can write the conditions."""
    kept = []
    texts = {condition.id: condition.text for condition in plan.conditions}
    plain = {
        measure.id
        for measure in plan.measures
        if measure.aggregate == "sum"
        and pairs.vocabulary.relations[measure.relation].dated.on is not None
        and measure.relation in present
    }
    for test in plan.tests:
        if test.subject != SUBJECT or test.requires is None:
            continue
        if measures_in(f"{texts[test.population]} AND {texts[test.requires]}") - plain:
            continue
        try:
            pairs.of(texts[test.population])
            pairs.of(texts[test.requires])
        except KeyError:
            continue
        kept.append(test.id)
    return kept


def _formula(pairs: Pairs, population: str, requires: str) -> Any:
    def formula(_population: Any, _period: Any) -> Any:
        return pairs.of(population).holds & pairs.of(requires).holds

    return formula


def openfisca_rules(
    plan: EvaluationPlan, names: list[str], pairs: Pairs, persons: int
) -> dict[str, Any]:
    """Test → how many persons meet it, each rule as a variable of OpenFisca-core."""
    from openfisca_core import entities, periods
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = entities.Entity("person", "persons", "A person", "")
    system = TaxBenefitSystem([person])
    texts = {condition.id: condition.text for condition in plan.conditions}
    for test in plan.tests:
        if test.id in names:
            formula = _formula(pairs, texts[test.population], texts[test.requires or ""])
            made = {"value_type": bool, "entity": person, "label": test.id,
                    "definition_period": periods.DateUnit.YEAR, "formula": formula}  # fmt: skip
            system.add_variable(type(test.id, (Variable,), made))
    builder = SimulationBuilder()
    built = builder.build_default_simulation(system, persons)
    year = str(plan.on.year)
    return {name: int(built.calculate(name, year).sum()) for name in names}


def _polars_pairs(plan: EvaluationPlan, vocabulary: Vocabulary, measure: Any, prefix: str) -> Pairs:
    """What conditions are made of, over columns of a lazy frame of `prefix`."""
    import polars as pl

    def code(relation: str, name: str, values: list[Any]) -> tuple[Any, Any]:
        column = pl.col(name if relation == prefix else f"{relation}.{name}")
        return column.is_in(values), column.is_not_null()

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

    return Pairs(vocabulary, plan.on, code, number, years, measure, pl.lit(value=True))


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
            counts = inside & made.of(each.where).holds
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
            both = [pairs.of(texts[name or ""]) for name in (test.population, test.requires)]
            met[test.id] = (both[0].holds & both[1].holds).sum()
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
