"""Words, numbers and dates as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.language import say as say_words
from qiangshi_web.kernel.refusals import refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi_web.kernel.language import Bilingual

register = template.Library()


@register.simple_tag
def say(chinese: str, **values: object) -> str:
    """`{% say "计划" %}`"""
    return say_words(chinese, **values)


@register.filter
def word(chinese: str) -> str:
    """The same for a word that a variable holds."""
    return say_words(chinese) if chinese else ""


@register.filter
def ground(text: str) -> str:
    """A ground, a cure or what was asked, as far as its words are known."""
    return refusal(text) if text else ""


@register.filter
def half(text: Bilingual | None) -> str:
    """The half of a bilingual text that the reader asked for."""
    return "" if text is None else pick(text)


@register.filter
def day(on: date | None) -> str:
    """2025年12月31日, or 31 December 2025."""
    return wordforms.day(on)


@register.filter
def instant(at: datetime | None) -> str:
    """2025-12-31 18:00, in the region's time; unknown is a dash."""
    return wordforms.UNKNOWN if at is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


@register.filter
def number(value: float | None) -> str:
    """1,234.5; unknown is a dash."""
    return wordforms.number(value)


@register.filter
def percent(value: float | None) -> str:
    """83.2%; unknown is a dash."""
    return wordforms.percent(value)


@register.filter
def plain(value: float) -> str:
    """A number as a form field has it: 360, 0.015."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
