"""How often something was asked within a while: what every limit of a rate rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.cache import BaseCache


def counted(cache: BaseCache, key: str, seconds: int) -> int:
    """How often it was asked since the count began, this time among them; then it begins anew."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it has just run out
        return 1
