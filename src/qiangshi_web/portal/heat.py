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
    """The value with its mark, its course, what the records leave open, and when it arrives.

    Only the mark where the item is not of such a place.
    """
    if reading is None:
        return _NOT_MEASURED
    verdict = _verdict(reading.standing, language())
    if reading.status == "not_applicable":
        return format_html('<a href="{}">{}</a>', url, verdict)
    return format_html('<a href="{}">{} {}{}</a>', url, text, verdict, _more(reading))


@lru_cache(maxsize=64)
def _verdict(standing: str, _language: str) -> SafeString:
    mark, word = STANDINGS[standing]
    return format_html(
        '<span class="verdict verdict-{}">{}<span class="off-screen"> {}</span></span>',
        standing,
        mark,
        say(word),
    )


def _more(reading: Reading) -> SafeString:
    parts = []
    if reading.course:
        parts.append(format_html('<span aria-hidden="true"> {}</span>', reading.course))
    if reading.gaps:
        parts.append(format_html('<br><span class="small">{}</span>', reading.gaps))
    if reading.outlook_words:
        parts.append(format_html('<span class="off-screen"> {}</span>', reading.outlook_words))
    month, bounds = reading.arrival
    if month:
        parts.append(
            format_html(
                '<span aria-hidden="true"><br><span class="small">{}</span><br>'
                '<span class="small">{}</span></span>',
                say("约 {month}", month=month),
                bounds,
            )
        )
    return mark_safe("".join(parts))
