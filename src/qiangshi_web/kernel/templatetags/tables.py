"""Heads and rows of tables, drawn at once: a template that goes cell by cell takes ten times as
long.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.template import RequestContext

    from qiangshi_web.kernel.tables import Cell, Head, View

register = template.Library()
_FIGURES = {"number", "percent"}


def _escaped(text: str) -> str:
    """As Django does; a plain text, which most are, without what it does to look for others."""
    return escape(text) if type(text) is str else conditional_escape(text)


@register.simple_tag(takes_context=True)
def table_grid(context: RequestContext, table: View) -> SafeString:
    """Head and rows of a table, as they were drawn before or drawn now."""
    return mark_safe(table.grid or grid(table, context))


def grid(table: View, context: RequestContext | None = None) -> str:
    """Head and rows; `context` is for cells that templates draw."""
    heads = "".join(map(_head, table.heads))
    boost = f'hx-boost="true" hx-target="#{table.id}" hx-swap="outerHTML"'
    total = _row(table.total_row, ' class="total"', context) if table.total_row else ""
    rows = "".join(_row(row, "", context) for row in table.rows)
    return f"<thead><tr {boost}>{heads}</tr></thead>\n<tbody>{total}{rows}</tbody>"


def _row(cells: Sequence[Cell], attributes: str, context: RequestContext | None) -> str:
    drawn = "".join(_cell(cell, context) for cell in cells)
    return f"<tr{attributes}>{drawn}</tr>\n"


def _head(head: Head) -> str:
    kind = ' class="number"' if head.kind in _FIGURES else ""
    sorted_now = f' aria-sort="{head.direction}"' if head.direction else ""
    note = f'<span class="clause">{_escaped(head.note)}</span>' if head.note else ""
    url, label = _escaped(head.url), _escaped(head.label)
    link = f'<a id="{_escaped(head.id)}" href="{url}">{label}</a>'
    return f'<th scope="col"{kind}{sorted_now}>{link}{note}</th>'


def _cell(cell: Cell, context: RequestContext | None) -> str:
    kind = "number" if cell.kind in _FIGURES else ""
    classes = f"{cell.tint} {kind}".strip()
    shown = f' class="{_escaped(classes)}"' if classes else ""
    inner = _inner(cell, context)
    if cell.is_head:
        return f'<th scope="row"{shown}>{inner}</th>'
    return f"<td{shown}>{inner}</td>"


def _inner(cell: Cell, context: RequestContext | None) -> str:
    if cell.markup is not None:
        return _escaped(cell.markup)
    if cell.template:
        return _by_template(cell, context)
    text = _escaped(cell.text)
    return f'<a href="{_escaped(cell.url)}">{text}</a>' if cell.url else text


def _by_template(cell: Cell, context: RequestContext | None) -> str:
    assert context is not None
    assert context.template is not None
    drawing = context.template.engine.get_template(cell.template)
    with context.push(drawn=cell.drawn, url=cell.url, text=cell.text):
        return drawing.render(context)
