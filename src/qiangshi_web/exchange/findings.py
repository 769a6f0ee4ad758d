"""What is wrong with a file, as a list; and one of its rows, in brief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.datacheck.cells import shown
from qiangshi.datacheck.coded import open_coded
from qiangshi.datacheck.importing import CheckedFile
from qiangshi_web.exchange.folders import checked_of, source_of
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi_web.exchange.models import IdentityQuestion, ImportFile

_MOST = 5000
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, by sheet and row as in Excel."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


def findings(file: ImportFile) -> list[Finding]:
    """The first faults of a checked file, in the order of its rows."""
    checked = CheckedFile.load(checked_of(file))
    names = [sheet.name for sheet in checked.sheets]
    found = [
        Finding(
            names[one["sheet"]], one["row"], one["column"], one["value"][:_LONGEST], one["reason"]
        )
        for one in checked.faults.slice(0, _MOST).to_pylist()
    ]
    found += [
        Finding(names[one["sheet"]], one["row"], "", one["name"] or "", one["reasons"] or "")
        for one in checked.questions.slice(0, _MOST).to_pylist()
        if one["holds"]
    ]
    order = {name: place for place, name in enumerate(names)}
    return sorted(found, key=lambda one: (order[one.sheet], one.row))


def findings_table(rows: list[Finding]) -> Table[Finding]:
    """The faults as a list to sort, filter and take along."""
    return Table(
        name="findings",
        caption=say("检查发现的问题"),
        columns=(
            Column(key="row", label="行", kind="number", value=lambda one: one.row),
            Column(key="sheet", label="工作表", value=lambda one: one.sheet, filter="choice"),
            Column(key="column", label="列", value=lambda one: one.column or None, filter="choice"),
            Column(key="value", label="填写内容", value=lambda one: one.value or None),
            Column(key="reason", label="问题", value=lambda one: one.reason, filter="contains"),
        ),
        rows=rows,
    )


def row_of(file: ImportFile, asked: IdentityQuestion, *, row: int | None = None) -> dict[str, Any]:
    """Heading → what a row of the file says, for the row that is asked about or another one."""
    opened = open_coded(source_of(file))
    sheet = opened.sheets[asked.sheet]
    numbers = sheet.numbers.tolist()
    wanted = asked.row if row is None else row
    if wanted not in numbers:
        return {}
    header = CheckedFile.load(checked_of(file)).sheets[asked.sheet].header_row
    heads = [shown(cell) for cell in sheet.cells(numbers.index(header))]
    cells = [shown(cell) for cell in sheet.cells(numbers.index(wanted))]
    return {head: cell for head, cell in zip(heads, cells, strict=False) if head and cell}


def rows_in_brief(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Both side by side, by heading, what both tell first."""
    names = sorted({*one, *other}, key=lambda name: not (name in one and name in other))
    return [(name, one.get(name), other.get(name)) for name in names]
