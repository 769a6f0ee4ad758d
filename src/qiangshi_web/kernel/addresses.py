"""Addresses for lists: where a page lies is looked up once in a process, not for every row."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from django.urls import reverse

_AS_THEY_ARE = "!$&'()*+,;=/~:@"  # what Django's `reverse` lets stand


def address(name: str, *keys: str) -> str:
    """The address of a page, as `reverse` gives it, for keys that are text."""
    return _pattern(name, len(keys)).format(*(quote(key, safe=_AS_THEY_ARE) for key in keys))


@cache
def _pattern(name: str, keys: int) -> str:
    """The address with `{0}`, `{1}` … where the keys stand."""
    marks = [f"key-{number}-" for number in range(keys)]
    found = reverse(name, args=marks)
    for number, mark in enumerate(marks):
        found = found.replace(mark, f"{{{number}}}")
    return found
