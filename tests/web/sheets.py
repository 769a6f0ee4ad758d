"""The Excel of a page's table, read back."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from django.test import Client


def sheet(
    client: Client, address: str, table: str, *, head: str, **query: str
) -> list[dict[str, Any]]:
    """The rows below the one that begins with `head`, by their headings."""
    response = client.get(address, {**query, f"{table}.format": "xlsx"})
    assert response.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    at = next(place for place, row in enumerate(rows) if row[0] == head)
    names = [str(name) for name in rows[at]]
    return [dict(zip(names, row, strict=True)) for row in rows[at + 1 :]]
