"""How a page with tables answers: whole, one table alone, or as Excel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from qiangshi.report.workbook import Column as SheetColumn
from qiangshi.report.workbook import Sheet, workbook_bytes
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.kept import kept_of
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.report.workbook import Kind as SheetKind
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.drawn import AnyTable
    from qiangshi_web.kernel.tables import Kind, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: dict[Kind, SheetKind] = {
    "text": "text",
    "number": "decimal",
    "percent": "share",
    "date": "date",
}


def answer(
    request: ActorRequest,
    template: str,
    *,
    tables: Sequence[AnyTable],
    context: dict[str, Any],
    notes: Sequence[str] = (),
) -> HttpResponse:
    """The page with its tables under `tables.<name>`; a part or a workbook where asked for.

    `notes` say where the figures come from; they stand above an exported table.
    """
    kept = kept_of(request, tables)
    if kept is not None:
        tables = [replace(table, shown=kept.columns(table)) for table in tables]
    for table in tables:
        if request.GET.get(f"{table.name}.format") == "xlsx":
            return _workbook(table.made(), request, notes)
    pages = [table.view(request.GET) for table in tables]
    views = {page.name: replace(page, own=kept.own(page) if kept else None) for page in pages}
    wanted = next((view for view in views.values() if view.id == request.htmx.target), None)
    if wanted is not None:
        response = render(request, "kernel/table.html", {"table": wanted})
    else:
        response = render(request, template, {"tables": views, **context})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _workbook(table: Table[Any], request: ActorRequest, notes: Sequence[str]) -> HttpResponse:
    """Exactly the rows, columns and order that the query shows, from all its pages.

    Where cells show more than their value, a second sheet has it in words.
    """
    chosen = table.with_whole(request.GET)
    columns = [
        SheetColumn(column.heading, _KINDS[column.kind], absent=wordforms.UNKNOWN)
        for column in table.shown_columns
    ]
    values = [[column.value(row) for column in table.shown_columns] for row in chosen]
    sheets = [Sheet(table.caption, columns, values, notes)]
    if any(column.words for column in table.shown_columns):
        words = [[column.in_words(row) for column in table.shown_columns] for row in chosen]
        in_words = [replace(column, kind="text") for column in columns]
        sheets.append(Sheet(say("状态"), in_words, words, notes))
    return attachment(workbook_bytes(sheets), name=f"{table.caption}.xlsx")


def attachment(content: bytes, *, name: str) -> HttpResponse:
    """A workbook to keep, under a name that may be Chinese."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["Cache-Control"] = "private, no-store"
    return response
