"""Tables on a terminal, with Han characters counted as the two columns that they take."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


def width(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print aligned columns: numbers to the right, words to the left."""
    cells = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
    numeric = [_numeric(column) for column in zip(*rows, strict=True)] or [False] * len(heads)
    click.echo(_line(heads, widths, numeric))
    click.echo("  ".join("─" * columns for columns in widths))
    for row in cells:
        click.echo(_line(row, widths, numeric))


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    parts = []
    for cell, columns, right in zip(cells, widths, numeric, strict=True):
        padding = " " * (columns - width(cell))
        parts.append(padding + cell if right else cell + padding)
    return "  ".join(parts).rstrip()


def _numeric(column: Sequence[object]) -> bool:
    return all(isinstance(cell, int | float) or cell is None for cell in column)


def _shown(cell: object) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, float):
        return f"{cell:,.4g}" if abs(cell) < 1 else f"{cell:,.10g}"
    return str(cell)
