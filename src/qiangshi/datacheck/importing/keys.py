"""Numbers for records that the file gives none: the same record has the same, in every file."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pyarrow as pa

from qiangshi.datacheck.arrays import distinct, first_stated, is_null

if TYPE_CHECKING:
    from qiangshi.datacheck.importing.records import Records

_LENGTH = 24
_BETWEEN = "\x1f"


def make_keys(records: Records, *, salt: bytes) -> None:
    """Number records by the columns that the profile says tell them apart.

    With a secret `salt` the number tells nothing of what it was made from.
    """
    key, columns = records.relation.key, records.rows.key
    if key is None or not columns:
        return
    parts = [records.value(name) for name in columns]
    places, combinations = distinct(parts)
    made = [
        None if not any(value is not None for value in combination)
        else _made(records.relation.id, combination, salt)
        for combination in combinations
    ]  # fmt: skip
    if not made:
        return
    numbered: pa.Array[pa.StringScalar] = pa.array(made, pa.string()).take(places)
    records.made = is_null(records.value(key))
    records.values[key] = first_stated([records.value(key), numbered])


def _made(relation: str, values: tuple[object, ...], salt: bytes) -> str:
    text = _BETWEEN.join([relation, *("" if value is None else str(value) for value in values)])
    digest = hmac.new(salt, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"x{digest[:_LENGTH]}"
