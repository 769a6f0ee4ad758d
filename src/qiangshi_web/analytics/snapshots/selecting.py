"""One SELECT a relation, in DuckDB's SQL over the application's tables.

Every value is cast to what the vocabulary says of its column, whatever the database called it. What
the database holds sealed, such as identity numbers, no snapshot holds: nothing measures it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db import connection

from qiangshi.measure.scanning import SQL_TYPES
from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.records.shapes import shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.registry import Register


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Of which day the states are told, and what was known when; `known_at` None: now."""

    on: date
    known_at: datetime | None = None


def select(register: Register, standpoint: Standpoint) -> str:
    """The rows of a relation, its columns in the vocabulary's order."""
    columns = [column.id for column in register.relation.columns]
    if register.state is None:
        return _rows(register.facts, columns, standpoint)
    held = [one for one in columns if register.holder(one) is register.state]
    states = _states(register.state, held, standpoint)
    lasting = [one for one in columns if one not in held]
    if not lasting:
        return states
    key = str(register.relation.key)
    identities = _rows(cast("type[Fact]", register.model), [key, *lasting], standpoint)
    told = ", ".join(f'{"i" if one in lasting else "s"}."{one}"' for one in columns)
    return f'SELECT {told} FROM ({states}) s JOIN ({identities}) i USING ("{key}")'


def _states(model: type[Fact], columns: Sequence[str], standpoint: Standpoint) -> str:
    """Those spans of a table that contain the day."""
    spans = _rows(model, [*columns, "valid_from", "valid_to"], standpoint)
    told = ", ".join(f'"{name}"' for name in columns)
    day = f"DATE '{standpoint.on.isoformat()}'"
    holds = f"valid_from <= {day} AND (valid_to IS NULL OR valid_to >= {day})"
    return f"SELECT {told} FROM ({spans}) WHERE {holds}"


def _rows(model: type[Fact], columns: Sequence[str], standpoint: Standpoint) -> str:
    """What a table holds; what it held then, where an instant is given."""
    now = _believed_now(model, columns, standpoint)
    if standpoint.known_at is None:
        return now
    return f"{now} UNION ALL {_believed_then(model, columns, standpoint)}"


def _cast(model: type[Fact], name: str, value: str) -> str:
    shape = shape_of(model)
    told = "NULL" if isinstance(shape.fields[name], SealedText) else value
    return f'CAST({told} AS {SQL_TYPES[shape.columns[name].type]}) AS "{name}"'


def _believed_now(model: type[Fact], columns: Sequence[str], standpoint: Standpoint) -> str:
    told = ", ".join(_cast(model, name, f'"{name}"') for name in columns)
    found = f'SELECT {told} FROM "{model._meta.db_table}"'
    if standpoint.known_at is None:
        return found
    return f"{found} WHERE {_instant('known_from')} <= {_microseconds(standpoint)}"


def _believed_then(model: type[Fact], columns: Sequence[str], standpoint: Standpoint) -> str:
    """Rows that a correction or withdrawal has put out of force since."""
    told = ", ".join(
        _cast(model, name, f"json_extract_string(\"row\", '$.{name}')") for name in columns
    )
    then = _microseconds(standpoint)
    return (
        f"SELECT {told} FROM kernel_superseded WHERE relation = '{model.ledger()}' "
        f"AND {_instant('known_from')} <= {then} AND {_instant('known_to')} > {then}"
    )


def _instant(column: str) -> str:
    """Microseconds since 1970. PostgreSQL's instants have a zone; SQLite's are texts in UTC."""
    if connection.vendor == "sqlite":
        return f"epoch_us(CAST({column} AS TIMESTAMP))"
    return f"epoch_us({column})"


def _microseconds(standpoint: Standpoint) -> int:
    assert standpoint.known_at is not None, "expected an instant, got none"
    return round(standpoint.known_at.timestamp() * 1_000_000)
