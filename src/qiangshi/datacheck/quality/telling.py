"""Saying what is wrong with a row: for whom it may be shown, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.datacheck.arrays import nothing, taken
from qiangshi.datacheck.joins import key_columns
from qiangshi.datacheck.ledgers import code_list_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.quality.records import Records
    from qiangshi.policy.vocabulary import Column, Relation, Text

_OF_RELATIONS = ("ethics", "health")  # that such a row exists at all is for few to know
_OF_COLUMNS = ("ethics", "health", "pay", "identity", "personal")
_SHOWN = frozenset({"open", "personal"})
_DASH = "—"
_LONGEST = 40

PROBLEMS = pa.schema(
    [
        pa.field("rule", pa.string()),
        pa.field("dimension", pa.string()),
        pa.field("relation", pa.string()),
        pa.field("key", pa.string()),
        pa.field("person_id", pa.string()),
        pa.field("organisation_id", pa.string()),
        pa.field("field", pa.string()),
        pa.field("area", pa.string()),
        pa.field("text_zh", pa.string()),
        pa.field("text_en", pa.string()),
        pa.field("cure_zh", pa.string()),
        pa.field("cure_en", pa.string()),
        pa.field("other", pa.string()),
    ]
)
"""One fault of one row. `field` is a column, or empty where the row as a whole is meant; `area` the
sensitivity of what it touches, values of which never stand in the texts unless it is open or
personal; `other` the key of the row that it collides with, where there is one."""


def area_of(relation: Relation, columns: Sequence[str]) -> str:
    """The most sensitive area that a fault touches which tells of these columns.

    That a value is missing tells of none.
    """
    everywhere = {column.sensitivity for column in relation.columns}
    found = next((area for area in _OF_RELATIONS if area in everywhere), None)
    if found is not None or relation.owner in _OF_RELATIONS:
        return found or relation.owner
    mine = {relation.by_id[name].sensitivity for name in columns if name in relation.by_id}
    if relation.belongs_to == "person" or relation.id == "person":
        mine.add("personal")
    return next((area for area in _OF_COLUMNS if area in mine), "open")


def keys_of(records: Records, relation: Relation, places: NDArray[np.int64]) -> Array:
    """What names each row: its key, or what tells rows apart, joined by strokes."""
    columns = [
        _as_text(taken(records.column(relation.id, column.id), places))
        for column in key_columns(relation)
    ]
    if len(columns) == 1:
        return columns[0]
    if not columns:
        return nothing(len(places), pa.string())
    return _joined(columns, "/")


def said(
    records: Records,
    relation: Relation,
    places: NDArray[np.int64],
    *,
    label: Text,
    columns: Sequence[str],
) -> tuple[Array, Array]:
    """What is wrong with each row, in Chinese and in English, with the values concerned."""
    about = [relation.by_id[name] for name in dict.fromkeys(columns) if name in relation.by_id]
    if not about:
        return _same(label.zh, len(places)), _same(label.en, len(places))
    count = len(places)
    zh, en = (
        [_named(records, relation, one, places, way) for one in about] for way in ("zh", "en")
    )
    return (
        _joined([_same(label.zh, count), _joined(zh, "，")], "："),
        _joined([_same(label.en, count), _joined(en, ", ")], ": "),
    )


def _named(
    records: Records, relation: Relation, column: Column, places: NDArray[np.int64], language: str
) -> Array:
    """The column with its value, or its name alone where the value is not for all."""
    label = _same(column.label.zh if language == "zh" else column.label.en, len(places))
    values = _value(records, relation, column, places, language)
    return label if values is None else _joined([label, values], " ")


def with_latest(texts: Array, latest: NDArray[np.int64], before: str) -> Array:
    """Each text with a day such as 20251231 behind it, where there is one."""
    days = [
        None if day == 0 else f"{before}{day // 10_000}-{day // 100 % 100:02d}-{day % 100:02d}"
        for day in latest.tolist()
    ]
    join: Any = pc.binary_join_element_wise
    tails: Array = pa.array(days, pa.string())
    found: Array = join(texts, tails, "", null_handling="skip")
    return found


def _value(
    records: Records, relation: Relation, column: Column, places: NDArray[np.int64], language: str
) -> Array | None:
    """The values of a column as they may be shown; None where they may not."""
    if column.sensitivity not in _SHOWN:
        return None
    values = taken(records.column(relation.id, column.id), places)
    codes = code_list_of(column, relation, records.vocabulary)
    if codes is not None:
        labels = {
            one.code: one.label.zh if language == "zh" else one.label.en for one in codes.codes
        }
        turned = [labels.get(str(one), str(one)) if one else None for one in values.to_pylist()]
        return pa.array(turned, pa.string())
    if pa.types.is_boolean(values.type):
        yes, no = ("是", "否") if language == "zh" else ("yes", "no")
        choose: Any = pc.if_else
        chosen: Array = choose(values, yes, no)
        return chosen
    return _as_text(values)


def _as_text(values: Array) -> Array:
    cut: Any = pc.utf8_slice_codeunits
    text: Array = cut(values.cast(pa.string()), 0, _LONGEST)
    return text


def _same(text: str, rows: int) -> Array:
    repeat: Any = pa.repeat
    found: Array = repeat(text, rows)
    return found


def _joined(parts: Sequence[Array], between: str) -> Array:
    join: Any = pc.binary_join_element_wise
    found: Array = join(*parts, between, null_handling="replace", null_replacement=_DASH)
    return found
