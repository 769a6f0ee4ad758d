"""Values as people read them: labels for codes, 是 and 否, days as days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.datacheck.ledgers import code_list_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from qiangshi.policy.vocabulary import Relation, Vocabulary

_YES, _NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Shown:
    """One column for people: its heading, and what its values turn into."""

    heading: str
    turn: Callable[[Any], Any]


def shown_columns(
    table: pa.Table,
    *,
    headings: Mapping[str, str] | None = None,
    relation: Relation | None = None,
    vocabulary: Vocabulary | None = None,
) -> list[Shown]:
    """The columns of a table as people read them.

    With a relation, headings are the vocabulary's labels and codes become theirs; `headings` says
    otherwise by column. Without either a column is headed by its name.
    """
    found = []
    for name in table.column_names:
        column = None if relation is None else relation.by_id.get(name)
        label = name if column is None else column.label.zh
        codes = (
            code_list_of(column, relation, vocabulary)
            if column is not None and relation is not None and vocabulary is not None
            else None
        )
        turn = _as_is if codes is None else _labels(codes.labels)
        found.append(Shown((headings or {}).get(name, label), turn))
    return found


def _labels(labels: Mapping[str, str]) -> Callable[[Any], Any]:
    return lambda value: labels.get(value, value)


def _as_is(value: Any) -> Any:
    if isinstance(value, bool):
        return _YES if value else _NO
    return value


def shown_rows(table: pa.Table, columns: Sequence[Shown]) -> list[list[Any]]:
    """The values of a table column by column, each distinct one turned once."""
    return [_turned(table.column(place), column.turn) for place, column in enumerate(columns)]


def _turned(column: pa.ChunkedArray[Any], turn: Callable[[Any], Any]) -> list[Any]:
    coded: Any = column.combine_chunks().dictionary_encode()
    found: list[Any] = []
    for chunk in coded.chunks if hasattr(coded, "chunks") else [coded]:
        values = [turn(value) for value in chunk.dictionary.to_pylist()]
        found += [None if code is None else values[code] for code in chunk.indices.to_pylist()]
    return found
