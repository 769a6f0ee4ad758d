"""SQL that adds up the tree: from each organisation's own figures to those of its subtree.

`tree` has a row for each organisation (`organisation_id`, `place` in tree order, `is_leaf`),
`closure` one for each pair of an organisation and one of its subtree, itself included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.measure.backends.duckdb_expressions import may_be_unknown, quoted
from qiangshi.measure.backends.duckdb_facts import (
    PARTS,
    distinct_rows,
    is_additive,
    is_decimal,
    number_type,
    part,
)
from qiangshi.measure.backends.duckdb_subjects import TOP, Layout, added, translation
from qiangshi.measure.counts import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.measure.evaluation_plan import Test, WindowedMeasure


def measured_organisations(layout: Layout) -> str:
    """The SELECT of `measured_organisation`: own columns, measures of the whole subtree."""
    measures = layout.measures_at[TOP]
    columns = [quoted(f"{table}.{name}") for table, name in layout.columns_at(TOP)]
    selected = ["w.key", "w.above", "w.place", *(f"w.{column}" for column in columns)]
    rolled, joined = ["c.ancestor AS place"], []
    for measure in measures:
        number = number_type(measure, layout.vocabulary)
        for name in PARTS:
            column = part(measure.id, name)
            rolled.append(f"{added(measure, name)} AS {column}")
            kind = number if name == "known" else "BIGINT"
            selected.append(f"CAST({_whole(measure, name, layout)} AS {kind}) AS {column}")
        if not is_additive(measure, layout.vocabulary):
            alias = quoted(f"x_{measure.id}")
            joined.append(f"LEFT JOIN ({_distinct(measure, layout)}) AS {alias} USING (place)")
    return "\n".join(
        [
            f"SELECT {', '.join(selected)} FROM own_organisation AS w",
            f"JOIN (SELECT {', '.join(rolled)} FROM closure AS c",
            "JOIN own_organisation AS o ON o.place = c.descendant GROUP BY 1) AS s USING (place)",
            *joined,
        ]
    )


def _whole(measure: WindowedMeasure, name: str, layout: Layout) -> str:
    counted_anew = name == "known" and not is_additive(measure, layout.vocabulary)
    if counted_anew:
        return f"coalesce({quoted(f'x_{measure.id}')}.known, 0)"
    return f"s.{part(measure.id, name)}"


def _distinct(measure: WindowedMeasure, layout: Layout, bound: str = "TRUE") -> str:
    """Distinct values over each subtree: they do not add up, so each level counts for itself."""
    rows = distinct_rows(measure, layout.vocabulary, layout.plan.on)
    return (
        f"SELECT c.ancestor AS place, count(DISTINCT f.v) AS known FROM ({rows}) AS f"
        f" JOIN {layout.table(measure.owner)} AS a ON a.key = f.k"
        f" JOIN own_organisation AS o ON o.place = a.place AND {bound}"
        " JOIN closure AS c ON c.descendant = a.place GROUP BY 1"
    )


def sums_query(layout: Layout) -> str:
    """The SELECT of every sum over every subtree, in tree order, as whole numbers."""
    measures = {measure.id: measure for measure in layout.plan.measures}
    bounds = {condition.id: condition.text for condition in layout.plan.conditions}
    over = translation(layout, TOP, "o")
    selected, rolled, joined = ["t.place"], ["c.ancestor AS place"], []
    for each in layout.plan.sums:
        measure = measures[each.measure]
        for name in PARTS:
            column = part(each.id, name)
            if each.population is None:
                whole = f"m.{part(measure.id, name)}"
            else:
                bound = over.condition(bounds[each.population])
                rolled.append(f"{_bounded(measure, name, bound)} AS {column}")
                whole = f"s.{column}"
                if name == "known" and not is_additive(measure, layout.vocabulary):
                    alias = quoted(f"x_{each.id}")
                    query = _distinct(measure, layout, bound)
                    joined.append(f"LEFT JOIN ({query}) AS {alias} USING (place)")
                    whole = f"coalesce({alias}.known, 0)"
            scale = scale_of(measure, layout) if name in {"known", "extra"} else 1
            number = f"coalesce({whole}, 0)"
            if scale != 1:  # the product has more digits than the type of the sum
                number = f"CAST({number} AS DECIMAL(38, 4)) * {scale}"
            selected.append(f"CAST({number} AS BIGINT) AS {column}")
            if name == "known":
                there = f"CAST({whole} IS NOT NULL AS BIGINT) AS {part(each.id, 'there')}"
                selected.append(there)
    return "\n".join(
        [
            f"SELECT {', '.join(selected)} FROM tree AS t",
            "LEFT JOIN measured_organisation AS m USING (place)",
            f"LEFT JOIN (SELECT {', '.join(rolled)} FROM closure AS c",
            "JOIN own_organisation AS o ON o.place = c.descendant GROUP BY 1) AS s USING (place)",
            *joined,
            "ORDER BY t.place",
        ]
    )


def _bounded(measure: WindowedMeasure, name: str, bound: str) -> str:
    """One part of a sum over the organisations that `bound` holds for.

    Where it is unknown of an organisation if it belongs, all that it has is no more than possible.
    """
    column = f"o.{part(measure.id, name)}"
    if name == "known" and measure.aggregate in {"max", "min"}:
        return f"{measure.aggregate}(CASE WHEN {bound} THEN {column} END)"
    if name == "extra":
        column = f"CASE WHEN {bound} THEN {column} ELSE 0 END"
        return f"sum({column})"
    if name == "known":
        return f"sum(CASE WHEN {bound} THEN {column} ELSE 0 END)"
    return f"sum(CASE WHEN {bound} THEN {column} WHEN ({bound}) IS NULL THEN 1 ELSE 0 END)"


def scale_of(measure: WindowedMeasure, layout: Layout) -> int:
    """How many units of its counts make one of the measure."""
    return SCALE if is_decimal(measure, layout.vocabulary) else 1


def tests_query(subject: str, layout: Layout) -> str:
    """The SELECT of the counters of every test over `subject`, for every subtree, in tree order.

    Each condition is evaluated once a row, each counter in the same pass.
    """
    tests = [test for test in layout.plan.tests if test.subject == subject]
    used = {name for test in tests for name in (test.population, test.requires) if name}
    spelled = translation(layout, subject, "s")
    judged = [
        f"{spelled.condition(condition.text)} AS {quoted(condition.id)}"
        for condition in layout.plan.conditions
        if condition.id in used
    ]
    counters = dict(pair for test in tests for pair in _counters(test, layout))
    own = [f"{sql} AS {quoted(name)}" for name, sql in counters.items()]
    rolled = [f"sum({quoted(name)}) AS {quoted(name)}" for name in counters]
    final = [
        f"CAST(coalesce(s.{quoted(name)}, 0) AS BIGINT) AS {quoted(name)}" for name in counters
    ]
    return "\n".join(
        [
            f"SELECT t.place, {', '.join(final)} FROM tree AS t LEFT JOIN (",
            f"SELECT c.ancestor AS place, {', '.join(rolled)} FROM closure AS c JOIN (",
            f"SELECT place, {', '.join(own)} FROM (SELECT s.place, {', '.join(judged)}",
            f"FROM {quoted(f'measured_{subject}')} AS s) AS j GROUP BY place",
            ") AS own ON own.place = c.descendant GROUP BY 1",
            ") AS s USING (place) ORDER BY t.place",
        ]
    )


def _counters(test: Test, layout: Layout) -> Iterator[tuple[str, str]]:
    """Name and aggregate of the counters of a test that are not always zero."""
    population = quoted(test.population)
    text = layout.plan.condition(test.population).text
    sides = [("", population)]
    if may_be_unknown(text, layout.vocabulary, test.subject):
        sides.append(("maybe_", f"{population} IS NULL"))
    for prefix, inside in sides:
        if test.requires is None:
            yield f"{test.id}.{prefix}met", f"count(*) FILTER (WHERE {inside})"
            continue
        required = quoted(test.requires)
        outcomes = {"met": required, "not": f"NOT {required}", "unknown": f"{required} IS NULL"}
        for outcome, holds in outcomes.items():
            name = f"{prefix}{outcome}" if prefix or outcome != "not" else "not_met"
            yield f"{test.id}.{name}", f"count(*) FILTER (WHERE {inside} AND {holds})"
