"""Workbooks in the binary form of 1997 (.xls, and .et alike), written record by record."""

from __future__ import annotations

import struct
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SECTOR = 512
_END, _FREE, _FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SMALLEST_STREAM = 4_096
_NAME_BYTES = 64
_STREAM, _ROOT = 2, 5
_GLOBALS, _SHEET = 0x0005, 0x0010
_BOF, _EOF, _FILE_PASSWORD = 0x0809, 0x000A, 0x002F
_BOUND_SHEET, _FORMATTED, _DIMENSIONS = 0x0085, 0x00E0, 0x0200
_LABEL, _NUMBER = 0x0204, 0x0203
_DAY_FORMAT = 14
_EPOCH = date(1899, 12, 30)
_HIDDEN = 1


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams, each padded so that it needs no small sectors."""
    bodies = {name: _padded(body, at_least=_SMALLEST_STREAM) for name, body in streams.items()}
    chains: list[int] = []
    starts: dict[str, int] = {}
    for name, body in bodies.items():
        starts[name] = len(chains)
        count = len(body) // SECTOR
        chains += [*range(len(chains) + 1, len(chains) + count), _END]
    directory = _directory(bodies, starts)
    first_directory = len(chains)
    count = len(directory) // SECTOR
    chains += [*range(first_directory + 1, first_directory + count), _END]
    per_sector = SECTOR // 4
    tables = 1
    while len(chains) + tables > tables * per_sector:
        tables += 1
    first_table = len(chains)
    chains += [_FAT_SECTOR] * tables
    chains += [_FREE] * (tables * per_sector - len(chains))
    header = struct.pack(
        "<8s16x5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6,
        0, tables, first_directory, 0, _SMALLEST_STREAM, _END, 0, _END, 0,
    )  # fmt: skip
    places = [*range(first_table, first_table + tables)]
    header += struct.pack("<109I", *places, *([_FREE] * (109 - tables)))
    return header + b"".join(bodies.values()) + directory + struct.pack(f"<{len(chains)}I", *chains)


def _padded(body: bytes, *, at_least: int = 0) -> bytes:
    size = max(-(-len(body) // SECTOR) * SECTOR, at_least)
    return body.ljust(size, b"\0")


def _directory(bodies: Mapping[str, bytes], starts: Mapping[str, int]) -> bytes:
    """The root, and each stream as the right neighbour of the one before."""
    count = len(bodies)
    entries = [_entry("Root Entry", _ROOT, child=1 if count else _FREE, start=_END)]
    for number, (name, body) in enumerate(bodies.items(), start=1):
        after = number + 1 if number < count else _FREE
        entries.append(_entry(name, _STREAM, right=after, start=starts[name], size=len(body)))
    return _padded(b"".join(entries))


def _entry(
    name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int = 0
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return encoded.ljust(_NAME_BYTES, b"\0") + struct.pack(
        "<HBBIII16xI16xIQ", len(encoded), kind, 1, _FREE, right, child, 0, start, size
    )


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str) -> bytes:
    """Sixteen bits of length, a mark for wide characters, and they."""
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return _record(_BOF, struct.pack("<HHHHII", 0x0600, kind, 0, 0x07CC, 0, 6))


def workbook_stream(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    *,
    hidden: Sequence[str] = (),
    before: bytes = b"",
) -> bytes:
    """The stream of a workbook: texts, numbers and days; None is no cell.

    `before` goes where a record about passwords would.
    """
    formats = b"".join(
        _record(_FORMATTED, struct.pack("<HHH14x", 0, number, 0)) for number in (0, _DAY_FORMAT)
    )
    bodies = [_sheet(rows) for rows in sheets.values()]
    names = [name.encode("utf-16-le") for name in sheets]
    head = _begin(_GLOBALS) + before + formats
    listed = sum(4 + 8 + len(name) for name in names)
    at = len(head) + listed + len(_record(_EOF))
    bound = b""
    for title, name, body in zip(sheets, names, bodies, strict=True):
        state = _HIDDEN if title in hidden else 0
        fields = struct.pack("<IBBBB", at, state, 0, len(name) // 2, 1)
        bound += _record(_BOUND_SHEET, fields + name)
        at += len(body)
    return head + bound + _record(_EOF) + b"".join(bodies)


def _sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    width = max(map(len, rows), default=0)
    cells = b"".join(
        _cell(number, place, cell)
        for number, row in enumerate(rows)
        for place, cell in enumerate(row)
        if cell is not None
    )
    size = _record(_DIMENSIONS, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    return _begin(_SHEET) + size + cells + _record(_EOF)


def _cell(row: int, column: int, cell: Any) -> bytes:
    if isinstance(cell, str):
        return _record(_LABEL, struct.pack("<HHH", row, column, 0) + _text(cell))
    if isinstance(cell, date):
        return _record(_NUMBER, struct.pack("<HHHd", row, column, 1, (cell - _EPOCH).days))
    return _record(_NUMBER, struct.pack("<HHHd", row, column, 0, float(cell)))


def write_old_book(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = ()
) -> None:
    """An .xls file, or with that name an .et."""
    path.write_bytes(compound({"Workbook": workbook_stream(sheets, hidden=hidden)}))


def write_locked_book(path: Path) -> None:
    """An .xls file whose stream is encrypted, as its third record says."""
    locked = _record(_FILE_PASSWORD, struct.pack("<HHH48x", 1, 1, 1))
    stream = workbook_stream({"基本信息": [["姓名"]]}, before=locked)
    path.write_bytes(compound({"Workbook": stream}))
