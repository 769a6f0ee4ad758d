"""The cells of a board. Hundreds stand on one: a template for each took longer than all else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from qiangshi_web.kernel.bars import STANDINGS
from qiangshi_web.kernel.language import language, say

if TYPE_CHECKING:
    from qiangshi_web.analytics.readings import Reading

_NOT_MEASURED = mark_safe('<span class="still">–</span>')


def heat(reading: Reading | None, text: str, url: str) -> SafeString:
    """The value with its mark, in one line; what its records leave open and where it goes is said
    beside them, and shown when the cell is pointed at or reached by keys.

    Only the mark where the item is not of such a place.
    """
    if reading is None:
        return _NOT_MEASURED
    verdict = _verdict(reading.standing, language())
    if reading.status == "not_applicable":
        return format_html('<a href="{}">{}</a>', url, verdict)
    more = reading.more_words
    if not more:
        return format_html('<a href="{}">{} {}</a>', url, text, verdict)
    told = format_html('<span class="off-screen"> {}</span>', more)
    return format_html('<a href="{}" data-tip>{} {}{}</a>', url, text, verdict, told)


@lru_cache(maxsize=64)
def _verdict(standing: str, _language: str) -> SafeString:
    mark, word = STANDINGS[standing]
    return format_html(
        '<span class="verdict verdict-{}">{}<span class="off-screen"> {}</span></span>',
        standing,
        mark,
        say(word),
    )
