"""Status marks and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html

from qiangshi_web.kernel.bars import STANDINGS
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from qiangshi_web.kernel.bars import Bar

_IN_THE_LEGEND = (
    "met",
    "on_track",
    "at_risk",
    "not_met",
    "unknown",
    "informational",
    "not_applicable",
)
register = template.Library()


@register.simple_tag
def status(name: str) -> SafeString:
    """The mark of a status with its word."""
    mark, words = STANDINGS[name]
    return format_html(
        '<span class="verdict verdict-{}"><span aria-hidden="true">{}</span> {}</span>',
        name,
        mark,
        say(words),
    )


@register.inclusion_tag("kernel/bar.html")
def bar(drawn: Bar | None) -> dict[str, Any]:
    """A bar as inline SVG; nothing where there is nothing to draw."""
    return {"bar": drawn}


@register.inclusion_tag("kernel/legend.html")
def legend() -> dict[str, Any]:
    """What the marks and the hatching mean."""
    return {"legend": [(name, *STANDINGS[name]) for name in _IN_THE_LEGEND]}
