"""Heads and rows of tables, drawn at once: a template that goes cell by cell takes ten times as
long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.template import RequestContext

    from qiangshi_web.kernel.tables import Cell, Head

register = template.Library()
_FIGURES = {"number", "percent"}


@register.simple_tag
def table_heads(heads: Sequence[Head]) -> SafeString:
    """The cells of a table's head."""
    return mark_safe("".join(map(_head, heads)))


@register.simple_tag(takes_context=True)
def table_cells(context: RequestContext, cells: Sequence[Cell]) -> SafeString:
    """The cells of a row."""
    drawn = "".join(_cell(cell, context) for cell in cells)
    return mark_safe(drawn)


def _head(head: Head) -> str:
    kind = ' class="number"' if head.kind in _FIGURES else ""
    sorted_now = f' aria-sort="{head.direction}"' if head.direction else ""
    note = f'<span class="clause">{conditional_escape(head.note)}</span>' if head.note else ""
    url, label = conditional_escape(head.url), conditional_escape(head.label)
    link = f'<a id="{conditional_escape(head.id)}" href="{url}">{label}</a>'
    return f'<th scope="col"{kind}{sorted_now}>{link}{note}</th>'


def _cell(cell: Cell, context: RequestContext) -> str:
    kind = "number" if cell.kind in _FIGURES else ""
    classes = f"{cell.tint} {kind}".strip()
    shown = f' class="{conditional_escape(classes)}"' if classes else ""
    inner = _inner(cell, context)
    if cell.is_head:
        return f'<th scope="row"{shown}>{inner}</th>'
    return f"<td{shown}>{inner}</td>"


def _inner(cell: Cell, context: RequestContext) -> str:
    if cell.markup is not None:
        return conditional_escape(cell.markup)
    if cell.template:
        return _by_template(cell, context)
    text = conditional_escape(cell.text)
    return f'<a href="{conditional_escape(cell.url)}">{text}</a>' if cell.url else text


def _by_template(cell: Cell, context: RequestContext) -> str:
    assert context.template is not None
    drawing = context.template.engine.get_template(cell.template)
    with context.push(drawn=cell.drawn, url=cell.url, text=cell.text):
        return drawing.render(context)
