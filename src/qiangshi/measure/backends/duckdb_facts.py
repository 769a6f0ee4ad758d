"""SQL that counts the rows of one relation under their owners: every measure in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.measure.backends.duckdb_expressions import (
    Interval,
    Translation,
    date_literal,
    may_be_unknown,
    quoted,
)
from qiangshi.measure.canonical import tables_in
from qiangshi.measure.evaluation_plan import ALWAYS
from qiangshi.periods import school_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set
    from datetime import date

    from qiangshi.measure.evaluation_plan import WindowedMeasure
    from qiangshi.measure.windows import Days
    from qiangshi.policy.vocabulary import Relation, Vocabulary

DECIMAL = "DECIMAL(18, 4)"
"""The type in which decimal columns are read, so that sums are exact in any order."""

PARTS = ("known", "extra", "open", "gap")
"""What is kept of a measure: see `qiangshi.measure.counts.SumCounts`."""


def whole(relation: str) -> str:
    """The view of all rows of a relation, also where a session keeps to some subjects."""
    return quoted(f"all {relation}")


def part(measure: str, name: str) -> str:
    """The column that holds a part of a measure."""
    return quoted(f"{measure}.{name}")


def measure_interval(
    measure: WindowedMeasure, vocabulary: Vocabulary, parts: Mapping[str, str]
) -> Interval:
    """SQL of a measure's bounds, from the SQL of its parts; a part that is left out is nought."""
    known = parts["known"]
    high = f"({known} + {parts['extra']})" if "extra" in parts else known
    if "open" not in parts:
        return Interval(known, high)
    closed = f"(CASE WHEN {parts['open']} = 0 THEN {high} END)"
    low = f"(CASE WHEN {parts['open']} = 0 THEN {known} END)"
    match measure.aggregate:
        case "max":
            return Interval(known, closed)
        case "min":
            return Interval(low, known)
    return Interval(known if is_floored(measure, vocabulary) else low, closed)


def is_floored(measure: WindowedMeasure, vocabulary: Vocabulary) -> bool:
    """Whether further rows can only add: counts, and sums of what cannot be negative."""
    if measure.aggregate in {"count", "count_distinct"} or measure.column is None:
        return True
    at_least = vocabulary.relations[measure.relation].by_id[measure.column].at_least
    return at_least is not None and at_least >= 0


@dataclass(frozen=True, slots=True)
class Lead:
    """A join from a row to the one row of another relation that it leads to."""

    source: str
    column: str
    target: str


def leads(relation: Relation, vocabulary: Vocabulary) -> Iterator[Lead]:
    """Joins to all that dotted names may name: the order and choice of `policy.names.seen_from`."""
    seen = {relation.id}
    waiting = [relation]
    while waiting:
        here = waiting.pop(0)
        ways = []
        if here.belongs_to is not None and here.parent_key is not None:
            ways.append((here.belongs_to, here.parent_key))
        if here is relation:
            ways += [(column.of, column.id) for column in here.columns if column.of]
        for name, column in ways:
            if name in seen or name not in vocabulary.relations:
                continue
            seen.add(name)
            yield Lead(here.id, column, name)
            waiting.append(vocabulary.relations[name])


def joins(relation: Relation, vocabulary: Vocabulary, *, alias: str, wanted: Set[str]) -> str:
    """LEFT JOINs that make the columns of the relations `wanted` available as `d_<relation>`."""
    found = list(leads(relation, vocabulary))
    needed = set(wanted)
    for lead in reversed(found):
        if lead.target in needed:
            needed.add(lead.source)
    lines = []
    for lead in found:
        if lead.target in needed:
            source = alias if lead.source == relation.id else quoted(f"d_{lead.source}")
            target = quoted(f"d_{lead.target}")
            key = vocabulary.relations[lead.target].key or ""
            condition = f"{target}.{quoted(key)} = {source}.{quoted(lead.column)}"
            lines.append(f"LEFT JOIN {whole(lead.target)} AS {target} ON {condition}")
    return "\n".join(lines)


def row_translation(relation: str, vocabulary: Vocabulary, on: date) -> Translation:
    """Names as they are spelled over rows of `relation`, called `r`, with joins of `joins`."""

    def column(table: str, name: str) -> str:
        return f"r.{quoted(name)}" if table == relation else f'"d_{table}".{quoted(name)}'

    def measure(name: str) -> Interval:
        raise KeyError(name)

    return Translation(vocabulary, on, column, measure)


def in_days(relation: Relation, days: Days) -> str:
    """SQL of whether a row `r` lies in a window; NULL where its date is missing."""
    dated = relation.dated
    first, last = date_literal(days.first), date_literal(days.last)
    if dated.on is not None:
        day = f"r.{quoted(dated.on)}"
        return f"{day} <= {last}" + ("" if days.form == "open_on" else f" AND {day} >= {first}")
    if dated.since is not None or dated.until is not None:
        begun = f"r.{quoted(dated.since)} <= {last}" if dated.since else "TRUE"
        until = f"coalesce(r.{quoted(dated.until)} >= {first}, TRUE)" if dated.until else "TRUE"
        return f"{begun} AND {until}"
    if dated.year is not None:
        return f"r.{quoted(dated.year)} BETWEEN {days.first.year} AND {days.last.year}"
    if dated.school_year is not None:
        years = [school_year(day).first.year for day in (days.first, days.last)]
        return f"r.{quoted(dated.school_year)} BETWEEN {years[0]} AND {years[1]}"
    return "TRUE"


def has_begun(relation: Relation, on: date) -> str:
    """SQL of whether a row `r` is there at all on the day; rows without a date are."""
    dated = relation.dated
    if dated.year is not None:
        return f"coalesce(r.{quoted(dated.year)} <= {on.year}, TRUE)"
    if dated.school_year is not None:
        return f"coalesce(r.{quoted(dated.school_year)} <= {school_year(on).first.year}, TRUE)"
    day = dated.on or dated.since
    return "TRUE" if day is None else f"coalesce(r.{quoted(day)} <= {date_literal(on)}, TRUE)"


def counts_row(measure: WindowedMeasure, vocabulary: Vocabulary, on: date) -> str:
    """SQL of whether a row `r` counts for a measure."""
    relation = vocabulary.relations[measure.relation]
    inside = in_days(relation, measure.days)
    if measure.where == ALWAYS:
        return f"({inside})"
    where = row_translation(relation.id, vocabulary, on).condition(measure.where)
    return f"({inside} AND {where})"


def may_hang(measure: WindowedMeasure, vocabulary: Vocabulary) -> bool:
    """Whether a missing value can leave open if a row counts."""
    relation = vocabulary.relations[measure.relation]
    dated = relation.dated
    days = (dated.on, dated.since, dated.year, dated.school_year)
    undated = any(day is not None and not relation.by_id[day].required for day in days)
    return undated or may_be_unknown(measure.where, vocabulary, relation.id)


def by_the_year(relation: Relation) -> bool:
    """Whether a ledger is handed in year by year: one year there says nothing of another."""
    return relation.dated.year is not None or relation.dated.school_year is not None


def heard(days: Days) -> str:
    """The column that says whether there is any row inside a window, counted or not."""
    return quoted(f"heard {days.first} {days.last}")


def fact_query(
    measures: Sequence[WindowedMeasure], key: str, vocabulary: Vocabulary, on: date
) -> str:
    """A SELECT with one row for each value `k` of the column `key` and the parts of each measure.

    All `measures` count the same relation. Owners without any row have no row here; of a ledger
    kept by the year, `heard` says for each window whether there is a row inside.
    """
    relation = vocabulary.relations[measures[0].relation]
    wanted = {table for measure in measures for table in tables_in(measure.where)}
    texts = [counts_row(measure, vocabulary, on) for measure in measures]
    years = {measure.days for measure in measures} if by_the_year(relation) else set()
    tests = {text: f"q{number}" for number, text in enumerate(dict.fromkeys(texts))}
    inner = [f"r.{quoted(key)} AS k", *(f"{text} AS {name}" for text, name in tests.items())]
    columns = dict.fromkeys(measure.column for measure in measures if measure.column is not None)
    inner += [f"r.{quoted(column)} AS {_value(column)}" for column in columns]
    inner += [f"{in_days(relation, days)} AS {heard(days)}" for days in years]
    outer = ["k", *(f"bool_or({heard(days)} IS NOT FALSE) AS {heard(days)}" for days in years)]
    for measure, text in zip(measures, texts, strict=True):
        parts = _parts(measure, tests[text], key, vocabulary)
        outer += [f"{sql} AS {part(measure.id, name)}" for name, sql in parts.items()]
    return "\n".join(
        [
            f"SELECT {', '.join(outer)}",
            f"FROM (SELECT {', '.join(inner)} FROM {quoted(relation.id)} AS r",
            joins(relation, vocabulary, alias="r", wanted=wanted - {relation.id}),
            f"WHERE {has_begun(relation, on)}) AS f GROUP BY k",
        ]
    )


def _value(column: str) -> str:
    return quoted(f"v_{column}")


def hanging_part(measure: WindowedMeasure, vocabulary: Vocabulary) -> str | None:
    """The part that rows leave open which may or may not count; None where no row can."""
    if _hanging(measure, "q", vocabulary) is None:
        return None
    return "extra" if measure.aggregate in {"count", "count_distinct"} else "open"


def _parts(measure: WindowedMeasure, test: str, key: str, vocabulary: Vocabulary) -> dict[str, str]:
    """The aggregates over rows with the column `test`: `known`, and what may hang."""
    rows = f"count(*) FILTER (WHERE {test})"
    hanging = _hanging(measure, test, vocabulary)
    counts_key = measure.aggregate == "count_distinct" and measure.column == key
    if measure.aggregate == "count" or measure.column is None:
        parts = {"known": rows}
    elif counts_key:
        parts = {"known": f"least({rows}, 1)"}
    elif measure.aggregate == "count_distinct":
        parts = {"known": f"count(DISTINCT {_value(measure.column)}) FILTER (WHERE {test})"}
    else:
        known = f"{measure.aggregate}({_value(measure.column)}) FILTER (WHERE {test})"
        known = f"coalesce({known}, 0)" if measure.aggregate == "sum" else known
        parts = {"known": f"CAST({known} AS {number_type(measure, vocabulary)})"}
    if hanging is not None:
        more = f"count(*) FILTER (WHERE {hanging})"
        if hanging_part(measure, vocabulary) == "open":
            parts["open"] = f"CAST(coalesce(bool_or({hanging}), FALSE) AS TINYINT)"
        else:
            parts["extra"] = f"least({more}, 1 - {parts['known']})" if counts_key else more
    return parts


def _hanging(measure: WindowedMeasure, test: str, vocabulary: Vocabulary) -> str | None:
    """SQL of whether a row leaves the measure open; None where none can."""
    unsure = f"{test} IS NULL" if may_hang(measure, vocabulary) else None
    columns = vocabulary.relations[measure.relation].by_id
    if measure.column is None or measure.aggregate == "count" or columns[measure.column].required:
        return unsure
    empty = f"({test} AND {_value(measure.column)} IS NULL)"
    return f"({unsure} OR {empty})" if unsure else empty


def counts_owner(measure: WindowedMeasure, vocabulary: Vocabulary) -> bool:
    """Whether owners themselves are counted, each once at most."""
    key = vocabulary.relations[measure.owner].key
    return measure.aggregate == "count_distinct" and measure.column == key


def is_additive(measure: WindowedMeasure, vocabulary: Vocabulary) -> bool:
    """Whether owners' figures add up; distinct values do only where they name the owner."""
    owner_key = vocabulary.relations[measure.owner].key
    return measure.aggregate != "count_distinct" or measure.column == owner_key


def distinct_rows(measure: WindowedMeasure, vocabulary: Vocabulary, on: date) -> str:
    """A SELECT of the rows that count: key `k` of their owner, and the value `v` to count."""
    relation = vocabulary.relations[measure.relation]
    owner_key = vocabulary.relations[measure.owner].key or ""
    wanted = tables_in(measure.where) - {relation.id}
    return (
        f"SELECT r.{quoted(owner_key)} AS k, r.{quoted(measure.column or '')} AS v"
        f" FROM {quoted(relation.id)} AS r"
        f" {joins(relation, vocabulary, alias='r', wanted=wanted)}"
        f" WHERE {counts_row(measure, vocabulary, on)}"
    )


def number_type(measure: WindowedMeasure, vocabulary: Vocabulary) -> str:
    """The SQL type of a measure: decimal columns have four places, everything else none."""
    return DECIMAL if is_decimal(measure, vocabulary) else "BIGINT"


def is_decimal(measure: WindowedMeasure, vocabulary: Vocabulary) -> bool:
    """Whether a measure is made of the numbers of a decimal column."""
    if measure.column is None or measure.aggregate in {"count", "count_distinct"}:
        return False
    return vocabulary.relations[measure.relation].by_id[measure.column].type == "decimal"
