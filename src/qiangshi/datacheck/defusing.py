"""Texts that a spreadsheet would run as formulas, made harmless and made themselves again.

An apostrophe in front is how a spreadsheet itself marks a text; one more is put before texts that
begin with one already, so that what was written always comes back.
"""

from __future__ import annotations

import re

# Signs that begin a formula, a command or another cell, ordinary and full-width.
_RISKY = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_DEFUSED = re.compile("''*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_HARMLESS = re.compile(r"[+-]?\d+(?:\.\d*)?%?|-{1,2}")


def defused(text: str) -> str:
    """`text` as it may stand in a delimited file.

    >>> defused("=1+1"), defused("李明"), defused("-5")
    ("'=1+1", '李明', '-5')
    """
    if _RISKY.match(text) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text


def restored(text: str) -> str:
    """What `defused` was given.

    >>> restored("'=1+1"), restored("'李明'")
    ('=1+1', "'李明'")
    """
    if text[:1] == "'" and _DEFUSED.match(text) and not _HARMLESS.fullmatch(text[1:]):
        return text[1:]
    return text
