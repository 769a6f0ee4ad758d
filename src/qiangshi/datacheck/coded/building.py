"""Cells in the order of the file, gathered into columns of distinct cells."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.coded.sheet import NOTHING, CodedColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from qiangshi.datacheck.cells import Cell

    Ints = NDArray[np.int64]

KINDS = {"number": 0, "date": 1, "duration": 2, "shared": 3, "text": 4}
"""What the number that stands for a cell means: the float's bits, or the place of a text."""

BOOLEANS = {False: 0, True: 1}
"""Places that true and false have among the texts of any sheet."""

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell knows no time zone
_ORDINAL = _EPOCH.toordinal()
_DAYS_TO_1904 = 1462
_PHANTOM = 60  # a spreadsheet counts 1900-02-29
_LAST_DAY = 2_958_465  # 9999-12-31
_MICROSECONDS = 86_400_000_000
_SECOND = 1_000_000
_LAST_ROW = 1 << 20  # of a sheet as spreadsheets know it; a file may claim others


class ColumnsBuilder:
    """Takes blocks of cells and gives columns. `shared` are the workbook's own numbered texts."""

    def __init__(self, shared: list[str], *, from_1904: bool) -> None:
        self.shared = shared
        self.cells = 0
        self._offset = _DAYS_TO_1904 if from_1904 else 0
        self._texts: list[Cell] = [False, True]
        self._places: dict[tuple[Any, bytes], int] = {}
        self._parts: dict[int, list[tuple[Ints, NDArray[np.int8], Ints]]] = {}
        self._rows: list[Ints] = []

    @property
    def width(self) -> int:
        """How many columns have a cell."""
        return len(self._parts)

    def text(self, raw: bytes, read: Callable[[bytes], str]) -> int:
        """The place of a text that only some cells have; each is decoded once."""
        place = self._places.get((read, raw))
        if place is None:
            place = self._places[read, raw] = len(self._texts)
            self._texts.append(read(raw))
        return place

    def add(self, rows: Ints, columns: Ints, kinds: NDArray[np.int8], payload: Ints) -> None:
        """Some cells: row and column, what the payload means, and the payload."""
        self.cells += len(rows)
        self._rows.append(rows[np.flatnonzero(np.diff(rows, prepend=-1))])
        order = np.argsort(columns.astype(np.uint16), kind="stable")
        sorted_columns = columns[order]
        cuts = np.flatnonzero(np.diff(sorted_columns)) + 1
        for places in np.split(order, cuts) if len(order) else []:
            parts = self._parts.setdefault(int(columns[places[0]]), [])
            parts.append((rows[places], kinds[places], payload[places]))

    def columns(self) -> tuple[NDArray[np.int32], dict[int, CodedColumn]]:
        """The numbers of rows that have a cell, ascending, and the columns."""
        numbers = np.unique(np.concatenate([*self._rows, np.zeros(0, np.int64)]))
        find = _finder(numbers)
        columns = {
            place: self._column(self._parts.pop(place), len(numbers), find)
            for place in sorted(self._parts)
        }
        return numbers.astype(np.int32), columns

    def _column(
        self,
        parts: list[tuple[Ints, NDArray[np.int8], Ints]],
        count: int,
        find: Callable[[Ints], Ints],
    ) -> CodedColumn:
        rows, kinds, payload = (np.concatenate(part) for part in zip(*parts, strict=True))
        places = find(rows)
        codes = np.full(count, NOTHING, np.int32)
        cells: list[Cell] = []
        present = np.flatnonzero(np.bincount(kinds)).tolist()
        for kind in present:
            mine = slice(None) if len(present) == 1 else np.flatnonzero(kinds == kind)
            coded: Any = pa.array(payload[mine]).dictionary_encode()
            codes[places[mine]] = coded.indices.to_numpy() + len(cells)
            cells += self._cells(kind, coded.dictionary.to_numpy())
        return CodedColumn(codes, cells)

    def _cells(self, kind: int, payload: Ints) -> list[Cell]:
        if kind == KINDS["shared"]:
            return [self.shared[place] for place in payload.tolist()]
        if kind == KINDS["text"]:
            return [self._texts[place] for place in payload.tolist()]
        numbers = payload.view(np.float64).tolist()
        if kind == KINDS["date"]:
            return [self._date(number) for number in numbers]
        if kind == KINDS["duration"]:
            return [_duration(number) for number in numbers]
        return list(numbers)

    def _date(self, serial: float) -> Cell:
        """The day or moment of a serial; a serial that is no day stays a number."""
        number = serial + self._offset
        if _PHANTOM < number <= _LAST_DAY and number.is_integer():
            return date.fromordinal(int(number) + _ORDINAL)
        if not 0 <= number <= _LAST_DAY:
            return serial
        moment = _EPOCH + timedelta(microseconds=_rounded(number))
        if number < _PHANTOM:
            moment += timedelta(days=1)
        if number < 1:
            return moment.time()
        return moment.date() if moment.time() == datetime.min.time() else moment


def _finder(numbers: Ints) -> Callable[[Ints], Ints]:
    """What finds the places of row numbers among `numbers`, which ascend."""
    last = int(numbers[-1]) if len(numbers) else -1
    if not 0 <= last <= _LAST_ROW:
        return lambda rows: np.searchsorted(numbers, rows)
    places = np.zeros(last + 1, np.int64)
    places[numbers] = np.arange(len(numbers))
    return lambda rows: places[rows]


def _rounded(number: float) -> int:
    """Microseconds, whole seconds where that is what was meant: a float holds no more."""
    exact = number * _MICROSECONDS
    second = round(exact / _SECOND) * _SECOND
    return second if abs(exact - second) < _SECOND / 1000 else round(exact)


def _duration(number: float) -> Cell:
    try:
        return timedelta(microseconds=_rounded(number))
    except OverflowError:
        return number
