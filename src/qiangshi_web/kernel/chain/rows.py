"""Rows that are no events of the log, held by its chain: an event lists what a step wrote of them.

A model that is `chained` names the columns by which its rows are told. `actions.add_rows` writes
them; for each an event holds its digest as it then stood. Columns of `chained_later` came when rows
were held already: they count where they are filled. Those of `unchained` may still change.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model


def called(row: Model) -> str:
    """What a row is called: the columns that its model names, with strokes between them."""
    columns: Sequence[str] = row.chained  # type: ignore[attr-defined] # a chained model has it
    return "/".join(str(getattr(row, column)) for column in columns)


def digest(row: Model) -> str:
    """SHA-256 over the columns as the database gives them: JSON, names in order, no blanks."""
    told = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    empty = {name for name in getattr(row, "chained_later", ()) if not told.get(name)}
    for name in (*empty, *getattr(row, "unchained", ())):
        told.pop(name, None)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chained_models() -> list[type[Model]]:
    """The models whose rows the chain holds."""
    return [model for model in apps.get_models() if hasattr(model, "chained")]
