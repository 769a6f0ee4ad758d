"""Small registers drawn at random that hold together: organisations, people, entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from hypothesis import strategies as st

from qiangshi.datacheck.cells import Reason, tidy
from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.tables import arrow_schema
from qiangshi.datacheck.values import read_text, reader_of

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

RELATIONS = ("organisation", "person", "training_entry", "finance_year", "studio", "honour")
RISKY = ["=1+1", "+86", "@a", "-", "--", "-5", "'=a", "''+b", "＝甲", "1e5", "TRUE", "是", "2015年"]

TEXTS = (
    st.one_of(
        st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12),
        st.sampled_from(RISKY),
    )
    .map(tidy)
    .filter(lambda text: read_text(text) == text)
)
KEYS = st.from_regex(r"[A-Z][A-Za-z0-9_-]{0,8}", fullmatch=True)


@st.composite
def registers(draw: st.DrawFn, vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """Tables of the small vocabulary: keys unique, references that resolve, spans in order."""
    found: dict[str, pa.Table] = {}
    for name in RELATIONS:
        relation = vocabulary.relations.get(name)
        if relation is None:
            continue
        rows = draw(st.integers(1 if name == "organisation" else 0, 4))
        records = [_record(draw, relation, vocabulary, found) for _ in range(rows)]
        found[name] = pa.Table.from_pylist(
            _apart(records, relation, name), schema=arrow_schema(relation)
        )
    return found


def _record(
    draw: st.DrawFn, relation: Relation, vocabulary: Vocabulary, found: dict[str, pa.Table]
) -> dict[str, Any]:
    record: dict[str, Any] = {
        column.id: draw(_values(column, relation, vocabulary, found))
        if column.required or draw(st.booleans())
        else None
        for column in relation.columns
    }
    dated = relation.dated
    if dated.since and dated.until and record[dated.until] is not None:
        since, until = record[dated.since], record[dated.until]
        record[dated.since], record[dated.until] = min(since, until), max(since, until)
    if relation.id == "organisation":
        record["parent_id"] = None
    return record


def _values(
    column: Column, relation: Relation, vocabulary: Vocabulary, found: dict[str, pa.Table]
) -> st.SearchStrategy[Any]:
    codes = code_list_of(column, relation, vocabulary)
    if codes is not None:
        return st.sampled_from(codes.tokens)
    if column.of is not None and column.of in found:
        keys = found[column.of].column(f"{column.of}_id").to_pylist()
        return st.sampled_from(keys) if keys else st.none()
    match column.type:
        case "integer":
            low, high = int(column.at_least or 0), int(column.at_most or 10**9)
            return st.integers(low, high)
        case "decimal":
            most = min(column.at_most or 1e9, 1e9)
            return st.integers(0, 10**6).map(lambda part: round(most * part / 10**6, 4))
        case "boolean":
            return st.booleans()
        case "date":
            return st.dates(date(1950, 1, 1), date(2090, 12, 31))
    is_id = column.id == relation.key or column.type == "reference" or column.id == "id_number"
    read = reader_of(column, relation, vocabulary)
    texts = KEYS if is_id else TEXTS
    return texts.filter(lambda text: not isinstance(read(text), Reason))


def _apart(records: list[dict[str, Any]], relation: Relation, name: str) -> list[dict[str, Any]]:
    """Records with keys that differ, people with names that do; those that lack a reference go."""
    kept: dict[Any, dict[str, Any]] = {}
    for number, record in enumerate(records):
        if any(column.required and record[column.id] is None for column in relation.columns):
            continue
        if name == "person":
            record["name"] = f"{'甲乙丙丁'[number]}{record['name']}"
            record["id_number"] = None
        required = [column.id for column in relation.columns if column.required]
        key = record[relation.key] if relation.key else tuple(record[c] for c in required)
        kept.setdefault(key, record)
    return list(kept.values())
