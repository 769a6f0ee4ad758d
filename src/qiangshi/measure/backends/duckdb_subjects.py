"""SQL of the measures of subjects: persons with their sums, organisations with their subtrees'.

`measured_<subject>` has one row for each row of the relation: its `key`, the key `above` it, the
`place` of its organisation in the tree, the columns that conditions read (`"person.stage"`), and
the parts of each measure (`"m3.known"`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qiangshi.measure.backends.duckdb_expressions import (
    Interval,
    Translation,
    date_literal,
    quoted,
    text_literal,
)
from qiangshi.measure.backends.duckdb_facts import (
    PARTS,
    by_the_year,
    counts_owner,
    distinct_rows,
    fact_query,
    hanging_part,
    has_begun,
    heard,
    is_additive,
    joins,
    measure_interval,
    number_type,
    part,
    whole,
)
from qiangshi.measure.canonical import columns_in, measures_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from qiangshi.measure.evaluation_plan import EvaluationPlan, WindowedMeasure
    from qiangshi.measure.windows import Days
    from qiangshi.policy.vocabulary import Relation, Vocabulary

TOP = "organisation"


@dataclass(frozen=True, eq=False)
class Layout:
    """Which measures and columns each subject needs. `present`: relations that are there.

    Equal to itself alone, so that what follows from it can be kept.
    """

    plan: EvaluationPlan
    vocabulary: Vocabulary
    present: Set[str]
    also: Mapping[str, Set[tuple[str, str]]] = field(default_factory=dict)

    @cached_property
    def measures_at(self) -> dict[str, list[WindowedMeasure]]:
        """Subject → the measures that it, or a subject above it, needs; deepest subject first."""
        wanted: dict[str, set[str]] = {test.subject: set() for test in self.plan.tests}
        wanted[TOP] = {each.measure for each in self.plan.sums}
        for condition in self.plan.conditions:
            wanted.setdefault(condition.subject, set()).update(measures_in(condition.text))
        for measure in self.plan.measures:
            for subject in [subject for subject, ids in wanted.items() if measure.id in ids]:
                for between in self.vocabulary.path_to(measure.owner, subject) or ():
                    wanted.setdefault(between, set()).add(measure.id)
        deepest_first = sorted(wanted, key=self._depth, reverse=True)
        return {
            subject: [measure for measure in self.plan.measures if measure.id in wanted[subject]]
            for subject in deepest_first
        }

    def _depth(self, subject: str) -> int:
        return len(self.vocabulary.path_to(subject, TOP) or ())

    def columns_at(self, subject: str) -> list[tuple[str, str]]:
        """The columns that conditions over a subject read."""
        found = set(self.also.get(subject, ()))
        for condition in self.plan.conditions:
            if condition.subject == subject:
                found |= columns_in(condition.text)
        return sorted(found)

    def table(self, subject: str) -> str:
        """The table with the subject's own rows' measures, as an owner's."""
        return "own_organisation" if subject == TOP else quoted(f"measured_{subject}")

    def below(self, measure: WindowedMeasure, subject: str) -> str:
        """What a subject's measure is made of: the rows counted, or the owners one step down."""
        if measure.owner == subject:
            return measure.relation
        return (self.vocabulary.path_to(measure.owner, subject) or ("", ""))[-2]

    def parts_kept(self, measure: WindowedMeasure, subject: str) -> tuple[str, ...]:
        """The parts in `measured_<subject>`; those that are nought in every row are left out.

        Organisations, of which there are few, keep all.
        """
        if subject == TOP:
            return PARTS
        below = self.below(measure, subject)
        if measure.owner != subject and below in self.present:
            return self.parts_kept(measure, below)
        relation = self.vocabulary.relations[measure.relation]
        kept = {"known"}
        if (hanging := hanging_part(measure, self.vocabulary)) is not None:
            kept.add(hanging)
        silent = relation.when_absent == "unknown" and measure.relation != subject
        if below not in self.present or silent:
            once = measure.owner == subject and counts_owner(measure, self.vocabulary)
            kept.add("extra" if once else "open")
        if len(kept) > 1:
            kept.add("gap")
        return tuple(name for name in PARTS if name in kept)

    def relations(self) -> set[str]:
        """Every relation that a statement may read."""
        found = {TOP, "ledger_confirmation", *self.measures_at}
        found |= {measure.relation for measure in self.plan.measures}
        for name in list(found):
            path = self.vocabulary.path_to(name, TOP) or (name,)
            found |= set(path)
        texts = [condition.text for condition in self.plan.conditions]
        texts += [measure.where for measure in self.plan.measures]
        return found | {table for text in texts for table, _ in columns_in(text)} | self._between()

    def _between(self) -> set[str]:
        """Relations that lead from one to another: joins may pass through any."""
        every = self.vocabulary.relations.values()
        return {column.of for relation in every for column in relation.columns if column.of}


def translation(layout: Layout, subject: str, alias: str) -> Translation:
    """Names as they are spelled over the table `measured_<subject>`, called `alias`."""
    measures = {measure.id: measure for measure in layout.plan.measures}

    def column(table: str, name: str) -> str:
        return f"{alias}.{quoted(f'{table}.{name}')}"

    def measure(name: str) -> Interval:
        found = measures[name]
        parts = {kept: f"{alias}.{part(name, kept)}" for kept in layout.parts_kept(found, subject)}
        return measure_interval(found, layout.vocabulary, parts)

    return Translation(layout.vocabulary, layout.plan.on, column, measure)


def measured_query(subject: str, layout: Layout) -> str:
    """The SELECT of `measured_<subject>` (for organisations: of their own rows, without those
    below them).
    """
    relation = layout.vocabulary.relations[subject]
    measures = layout.measures_at[subject]
    columns = layout.columns_at(subject)
    confirmed = _confirmed_keys(measures, subject, layout)
    key = quoted(relation.key or "")
    above = f"r.{quoted(relation.parent_key)}" if relation.parent_key else "NULL"
    selected = [f"r.{key} AS key", f"{above} AS above", "o.place AS place"]
    for table, name in columns:
        source = "r" if table == subject else quoted(f"d_{table}")
        selected.append(f"{source}.{quoted(name)} AS {quoted(f'{table}.{name}')}")
    for measure in measures:
        selected += _measure_columns(measure, subject, layout, confirmed)
    tables = {table for table, _ in columns} - {subject}
    lines = [
        f"SELECT {', '.join(selected)}",
        f"FROM {quoted(subject)} AS r",
        joins(relation, layout.vocabulary, alias="r", wanted=tables),
        _organisation_join(relation, layout.vocabulary),
        *_measure_joins(subject, measures, layout),
    ]
    if confirmed:
        lines.append(f"LEFT JOIN ({_confirmed_query(confirmed)}) AS h ON h.id = o.organisation_id")
    lines.append(f"WHERE {has_begun(relation, layout.plan.on)}")
    return "\n".join(lines)


def _organisation_join(relation: Relation, vocabulary: Vocabulary) -> str:
    """Joins from a row `r` up to its organisation's place in the tree, `o`."""
    path = vocabulary.path_to(relation.id, TOP) or (relation.id,)
    here, lines = "r", []
    for name in path[1:-1]:
        upper = vocabulary.relations[name]
        condition = (
            f"{quoted(f'u_{name}')}.{quoted(upper.key or '')} = {here}.{quoted(f'{name}_id')}"
        )
        lines.append(f"LEFT JOIN {whole(name)} AS {quoted(f'u_{name}')} ON {condition}")
        here = quoted(f"u_{name}")
    lines.append(f"LEFT JOIN tree AS o ON o.organisation_id = {here}.organisation_id")
    return "\n".join(lines)


def _measure_joins(
    subject: str, measures: Iterable[WindowedMeasure], layout: Layout
) -> Iterable[str]:
    """LEFT JOINs of what is counted straight under the subject, and of what lies one owner down."""
    by_relation: dict[str, list[WindowedMeasure]] = {}
    by_owner: dict[str, list[WindowedMeasure]] = {}
    for measure in measures:
        below = layout.below(measure, subject)
        if below not in layout.present:
            continue
        if measure.owner == subject:
            by_relation.setdefault(measure.relation, []).append(measure)
        else:
            by_owner.setdefault(below, []).append(measure)
    key = quoted(layout.vocabulary.relations[subject].key or "")
    for name, counted in by_relation.items():
        column = layout.vocabulary.relations[subject].key or ""
        query = fact_query(counted, column, layout.vocabulary, layout.plan.on)
        alias = quoted(f"f_{name}")
        yield f"LEFT JOIN ({query}) AS {alias} ON {alias}.k = r.{key}"
    for name, counted in by_owner.items():
        alias = quoted(f"l_{name}")
        yield f"LEFT JOIN ({_lift(name, counted, layout)}) AS {alias} ON {alias}.k = r.{key}"
        for measure in counted:
            if not is_additive(measure, layout.vocabulary):
                alias = quoted(f"x_{measure.id}")
                query = _distinct(measure, subject, layout)
                yield f"LEFT JOIN ({query}) AS {alias} ON {alias}.k = r.{key}"


def _lift(owner: str, measures: Iterable[WindowedMeasure], layout: Layout) -> str:
    """The parts of each measure of `owner`, added up under the key above."""
    sums = [
        f"{added(measure, name)} AS {part(measure.id, name)}"
        for measure in measures
        for name in layout.parts_kept(measure, owner)
    ]
    return f"SELECT above AS k, {', '.join(sums)} FROM {layout.table(owner)} GROUP BY above"


def _distinct(measure: WindowedMeasure, subject: str, layout: Layout) -> str:
    """Distinct values under each row of a subject above the owner, counted anew."""
    path = layout.vocabulary.path_to(measure.owner, subject) or ()
    rows = distinct_rows(measure, layout.vocabulary, layout.plan.on)
    lines = [f"SELECT a{len(path) - 2}.above AS k, count(DISTINCT f.v) AS known FROM ({rows}) AS f"]
    here = "f.k"
    for number, name in enumerate(path[:-1]):
        lines.append(f"JOIN {layout.table(name)} AS a{number} ON a{number}.key = {here}")
        here = f"a{number}.above"
    return " ".join([*lines, "GROUP BY 1"])


def added(measure: WindowedMeasure, name: str) -> str:
    """SQL that adds up one part of a measure over owners."""
    column = part(measure.id, name)
    if name == "known" and measure.aggregate in {"max", "min"}:
        return f"{measure.aggregate}({column})"
    return f"sum({column})"


def _measure_columns(
    measure: WindowedMeasure,
    subject: str,
    layout: Layout,
    confirmed: Mapping[tuple[str, Days], str],
) -> list[str]:
    below = layout.below(measure, subject)
    if below not in layout.present:
        parts = _absent_parts(measure, subject, layout)
    elif measure.owner == subject:
        parts = _own_parts(measure, subject, layout, confirmed)
    else:
        lifted = quoted(f"l_{below}")
        parts = {
            name: f"{lifted}.{part(measure.id, name)}" for name in layout.parts_kept(measure, below)
        }
        if not is_additive(measure, layout.vocabulary):
            parts["known"] = quoted(f"x_{measure.id}") + ".known"
    types = _types(measure, subject, layout.vocabulary)
    columns = []
    for name in layout.parts_kept(measure, subject):
        nothing = "NULL" if name == "known" and measure.aggregate in {"max", "min"} else "0"
        filled = f"coalesce({parts.get(name, '0')}, {nothing})"
        columns.append(f"CAST({filled} AS {types[name]}) AS {part(measure.id, name)}")
    return columns


def _types(measure: WindowedMeasure, subject: str, vocabulary: Vocabulary) -> dict[str, str]:
    """The SQL types of the parts: narrow for what one owner has, since there are many owners."""
    number = number_type(measure, vocabulary)
    if subject == TOP or measure.owner != subject:
        return {"known": number, "extra": "BIGINT", "open": "BIGINT", "gap": "BIGINT"}
    counts = measure.column is None or measure.aggregate in {"count", "count_distinct"}
    known = "INTEGER" if counts else number
    return {"known": known, "extra": "INTEGER", "open": "TINYINT", "gap": "TINYINT"}


def _absent_parts(measure: WindowedMeasure, subject: str, layout: Layout) -> dict[str, str]:
    """Parts where nobody handed in the rows, or those that they are counted under."""
    once = measure.owner == subject and counts_owner(measure, layout.vocabulary)
    return {"known": "NULL", "extra" if once else "open": "1", "gap": "1"}


def _own_parts(
    measure: WindowedMeasure,
    subject: str,
    layout: Layout,
    confirmed: Mapping[tuple[str, Days], str],
) -> dict[str, str]:
    """Parts from the rows counted straight under the subject; no row at all (of a ledger kept by
    the year: none in the window) may mean unknown.
    """
    fact = quoted(f"f_{measure.relation}")
    counted = {"known", hanging_part(measure, layout.vocabulary)}
    parts = {name: f"{fact}.{part(measure.id, name)}" for name in counted if name is not None}
    if (measure.relation, measure.days) in confirmed:
        nothing = f"{fact}.k IS NULL" + (" AND o.is_leaf" if subject == TOP else "")
        if by_the_year(layout.vocabulary.relations[measure.relation]):
            nothing = f"({nothing} OR {fact}.{heard(measure.days)} IS FALSE)"
        silent = f"{nothing} AND h.{confirmed[measure.relation, measure.days]} IS NOT TRUE"
        name = "extra" if counts_owner(measure, layout.vocabulary) else "open"
        parts[name] = f"CASE WHEN {silent} THEN 1 ELSE {parts.get(name, '0')} END"
    unsure = [f"{parts[name]} > 0" for name in ("extra", "open") if name in parts]
    if unsure:
        parts["gap"] = f"CAST(coalesce({' OR '.join(unsure)}, FALSE) AS TINYINT)"
    return parts


def _confirmed_keys(
    measures: Iterable[WindowedMeasure], subject: str, layout: Layout
) -> dict[tuple[str, Days], str]:
    """(ledger, window) of each measure whose silence means unknown → its column in `h`."""
    keys: dict[tuple[str, Days], str] = {}
    for measure in measures:
        relation = layout.vocabulary.relations[measure.relation]
        counted_here = measure.owner == subject and measure.relation != subject
        if relation.when_absent == "unknown" and counted_here and relation.id in layout.present:
            keys.setdefault((measure.relation, measure.days), f"h{len(keys)}")
    return keys


def _confirmed_query(keys: Mapping[tuple[str, Days], str]) -> str:
    """For each organisation, whether its confirmations together cover the window of a ledger."""
    covers = [
        f"bool_or(relation = {text_literal(ledger)} AND since <= {date_literal(days.first)}"
        f" AND until >= {date_literal(days.last)}) AS {name}"
        for (ledger, days), name in keys.items()
    ]
    return f"SELECT organisation_id AS id, {', '.join(covers)} FROM confirmed GROUP BY 1"


CONFIRMED = """
SELECT organisation_id, relation, min(valid_from) AS since, max(valid_to) AS until
FROM (
  SELECT *, sum(CAST(starts AS INTEGER)) OVER (spans ROWS UNBOUNDED PRECEDING) AS island
  FROM (
    SELECT *, coalesce(valid_from > max(valid_to) OVER (
      spans ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1, TRUE) AS starts
    FROM ledger_confirmation
    WHERE valid_from <= valid_to
    WINDOW spans AS (PARTITION BY organisation_id, relation ORDER BY valid_from, valid_to)
  )
  WINDOW spans AS (PARTITION BY organisation_id, relation ORDER BY valid_from, valid_to)
)
GROUP BY organisation_id, relation, island
"""
"""Confirmations that touch or overlap, joined: two school years in a row cover both."""
