"""Events as JSON and back, without loss: what the application stores is what the engine folds."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING, Any

from qiangshi.casework.grounds import Finding
from qiangshi.casework.standing import Event, Seat, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAYS = {"on", "due", "opens", "since", "suspended"}


def told(value: Event | Standing) -> dict[str, Any]:
    """An event or standing in JSON's own types."""
    return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def event(row: Mapping[str, Any]) -> Event:
    """The event that `told` told."""
    found = _typed(row)
    found["findings"] = tuple(Finding(**one) for one in found.get("findings", ()))
    return Event(**found)


def standing(row: Mapping[str, Any]) -> Standing:
    """The standing that `told` told."""
    found = _typed(row)
    found["seats"] = tuple(Seat(**one) for one in found.get("seats", ()))
    return Standing(**found)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Finding | Seat):
        return dataclasses.asdict(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in _DAYS and isinstance(value, str) else value
        for name, value in row.items()
    }
