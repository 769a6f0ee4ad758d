"""Numbers for records that the file gives none: the same record has the same, in every file."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pyarrow as pa

from qiangshi.datacheck.arrays import distinct, first_stated, is_null, taken

if TYPE_CHECKING:
    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.importing.records import Records

_LENGTH = 24
_BETWEEN = "\x1f"


def make_keys(records: Records, *, salt: bytes) -> None:
    """Give records that have none the number that `made_keys` makes."""
    key, numbered = records.relation.key, made_keys(records, salt=salt)
    if key is not None and numbered is not None:
        records.made = is_null(records.value(key))
        records.values[key] = first_stated([records.value(key), numbered])


def made_keys(records: Records, *, salt: bytes) -> Array | None:
    """A number for each record by the columns that the profile says tell records apart.

    None where the profile says nothing of it. With a secret `salt` the number tells nothing of
    what it was made from.
    """
    key, columns = records.relation.key, records.rows.key
    if key is None or not columns:
        return None
    parts = [records.value(name) for name in columns]
    places, combinations = distinct(parts)
    made = [
        None if not any(value is not None for value in combination)
        else _made(records.relation.id, combination, salt)
        for combination in combinations
    ]  # fmt: skip
    return taken(pa.array(made, pa.string()), places) if made else None


def _made(relation: str, values: tuple[object, ...], salt: bytes) -> str:
    text = _BETWEEN.join([relation, *("" if value is None else str(value) for value in values)])
    digest = hmac.new(salt, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"x{digest[:_LENGTH]}"
