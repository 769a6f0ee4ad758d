"""What checking a file comes to, and keeping it from the check to the commit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc

from qiangshi.datacheck.faults import Notice, RowFault
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ABOUT = "checked.json"
_FORMAT = 1
_PLACES = "places-"
_TABLE = "table-"

GOOD, BAD, HELD, PASSED_OVER = range(4)
"""What became of a row: taken, refused, waiting for a decision, a total or footer."""

VERDICTS = pa.schema(
    [
        pa.field("sheet", pa.int32()),
        pa.field("row", pa.int32()),
        pa.field("verdict", pa.int8()),
        pa.field("is_new", pa.bool_()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""Each row of records; `is_new` is null where it is not known what is on record."""


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """A sheet as it was understood. `table` is None for one that was not read.

    `header_row` is the last row of the header; `answers` are the places, from 0, of the two
    columns that the file comes back with; `replaced` those of such columns that it has already.
    """

    name: str
    table: str | None
    header_row: int
    answers: tuple[int, int]
    replaced: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file after checking: good rows as tables, everything else row by row.

    `tables` have the vocabulary's columns; `places` say for each of their rows sheet, row and
    whether the key is new. `faults`, `questions` and `verdicts` are tables (`faulting.SCHEMA`,
    `newcomers.QUESTIONS`, `VERDICTS`).
    """

    name: str
    kind: str
    profile: str
    sheets: tuple[CheckedSheet, ...]
    tables: Mapping[str, pa.Table]
    places: Mapping[str, pa.Table]
    faults: pa.Table
    questions: pa.Table
    verdicts: pa.Table
    notices: tuple[Notice, ...]

    @property
    def rows_read(self) -> int:
        """Rows of records, good and bad."""
        return self.count(GOOD) + self.count(BAD) + self.count(HELD)

    @property
    def rows_good(self) -> int:
        """Rows that can go in as they are."""
        return self.count(GOOD)

    def count(self, verdict: int) -> int:
        """How many rows have a verdict."""
        return int(np.count_nonzero(self.verdicts.column("verdict").to_numpy() == verdict))

    def row_faults(self) -> list[RowFault]:
        """Every fault by itself, with the name of its sheet."""
        return [
            RowFault(
                self.sheets[fault["sheet"]].name,
                fault["row"],
                fault["column"],
                fault["reason"],
                fault["value"],
            )
            for fault in self.faults.to_pylist()
        ]

    def save(self, folder: Path) -> None:
        """Keep it in a new folder."""
        folder.mkdir(parents=True)
        _write(self.faults, folder / "faults.arrow")
        _write(self.questions, folder / "questions.arrow")
        _write(self.verdicts, folder / "verdicts.arrow")
        for name, table in self.tables.items():
            _write(table, folder / f"{_TABLE}{name}.arrow")
            _write(self.places[name], folder / f"{_PLACES}{name}.arrow")
        about = {
            "format": _FORMAT,
            "name": self.name,
            "kind": self.kind,
            "profile": self.profile,
            "sheets": [asdict(sheet) for sheet in self.sheets],
            "tables": list(self.tables),
            "notices": [asdict(notice) for notice in self.notices],
        }
        text = json.dumps(about, ensure_ascii=False, indent=1)
        (folder / ABOUT).write_text(text, encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> CheckedFile:
        """What `save` kept. Raises WorkbookError where it is not whole."""
        try:
            about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            if about["format"] != _FORMAT:
                raise WorkbookError(f"检查结果 {folder.name} 由另一版本写成，请重新检查")
            return CheckedFile(
                about["name"],
                about["kind"],
                about["profile"],
                tuple(_sheet(sheet) for sheet in about["sheets"]),
                {name: _read(folder / f"{_TABLE}{name}.arrow") for name in about["tables"]},
                {name: _read(folder / f"{_PLACES}{name}.arrow") for name in about["tables"]},
                _read(folder / "faults.arrow"),
                _read(folder / "questions.arrow"),
                _read(folder / "verdicts.arrow"),
                tuple(Notice(**notice) for notice in about["notices"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WorkbookError(f"检查结果 {folder.name} 不完整，请重新检查（{error}）") from error


def _sheet(about: dict[str, Any]) -> CheckedSheet:
    first, second = about["answers"]
    return CheckedSheet(
        about["name"],
        about["table"],
        about["header_row"],
        (first, second),
        tuple(about["replaced"]),
    )


def _write(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as out, ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)


def _read(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as content:
        return ipc.open_file(content).read_all()
