"""The keys that the application holds: for sealing the log, for fields, for searching them.

`QIANGSHI_KEYS` maps each purpose (`log`, `field`, `index`) to its keys, the newest last; each is
`{"id": …, "key": 64 hexadecimal digits}`, its name without a colon. New things are done with the
newest; what was done with an older one is read with it. There is no key of our own making anywhere
but in a demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSES = ("log", "field", "index")
BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of 32 bytes and the name under which it is known."""

    id: str
    secret: bytes = field(repr=False)


def keys_of(told: Mapping[str, Any]) -> dict[str, list[Key]]:
    """Purpose → its keys. Raises ImproperlyConfigured naming each purpose without a good one."""
    found = {purpose: _keys(told.get(purpose, ())) for purpose in PURPOSES}
    lacking = [purpose for purpose, keys in found.items() if not keys]
    if lacking:
        raise ImproperlyConfigured(
            f"QIANGSHI_KEYS: expected keys of {BYTES} bytes for {', '.join(lacking)}, got none"
        )
    return found


def _keys(told: Any) -> list[Key]:
    good = [Key(str(one["id"]), bytes.fromhex(one["key"])) for one in told]
    fit = all(len(one.secret) == BYTES and ":" not in one.id for one in good)
    return good if fit else []


class _Held:
    """The keys as they were last read, and what they were read from."""

    told: object = None
    keys: Mapping[str, list[Key]] = MappingProxyType({})


def held(purpose: str) -> list[Key]:
    """The keys of a purpose, the newest last."""
    told = settings.QIANGSHI_KEYS
    if _Held.told is not told:
        _Held.keys, _Held.told = keys_of(told), told
    return _Held.keys[purpose]


def newest(purpose: str) -> Key:
    """The key that new things are done with."""
    return held(purpose)[-1]


def named(purpose: str, key_id: str) -> Key:
    """The key of that name. Raises LookupError where it is not held any more."""
    for key in held(purpose):
        if key.id == key_id:
            return key
    raise LookupError(f"expected a key {key_id!r} for {purpose}, got none")
