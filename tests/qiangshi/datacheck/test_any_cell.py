"""Whatever stands in a cell or a file, reading answers; it never breaks."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.datacheck.cells import Adjusted, Reason
from qiangshi.datacheck.reading import Reading, read_records
from qiangshi.datacheck.tables import arrow_schema
from qiangshi.datacheck.values import reader_of
from qiangshi.errors import WorkbookError
from qiangshi.policy import load_plan, load_vocabulary
from tests.qiangshi.datacheck.books import good, region, write_book
from tests.qiangshi.datacheck.conftest import ROOT

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import ColumnType

VOCABULARY = load_vocabulary(ROOT)
PLAN = load_plan("xiaocheng-2024", root=ROOT, vocabulary=VOCABULARY)
COLUMNS = [(r, column) for r in VOCABULARY.relations.values() for column in r.columns]
TYPES: dict[ColumnType, type] = {
    "text": str,
    "reference": str,
    "code": str,
    "integer": int,
    "decimal": float,
    "boolean": bool,
    "date": date,
}

# Near misses find more than noise does.
NEAR_MISSES = st.from_regex(
    r"[0-9\uff10-\uff19]{0,9}[-/.年,:]?[0-9]{0,4}[-/.月]?[0-9]{0,3}[日号元万亿学时%]{0,3}",
    fullmatch=True,
)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.floats(min_value=0, max_value=80_000),
    st.text(st.characters(), max_size=60),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Nd", "No", "Zs"]), max_size=8),
    NEAR_MISSES,
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(["是", "√", "无", "至今", "#N/A", '="01"', "1E+17", "110105194912310000"]),
)


@settings(max_examples=2000)
@given(place=st.sampled_from(COLUMNS), cell=CELLS)
def test_every_cell_gives_a_typed_value_or_a_reason(place: Any, cell: Any) -> None:
    relation, column = place
    outcome = reader_of(column, relation, VOCABULARY)(cell)
    if isinstance(outcome, Reason):
        assert outcome.zh
        return
    value = outcome.value if isinstance(outcome, Adjusted) else outcome
    assert value is None or type(value) is TYPES[column.type]
    pa.array([value], type=arrow_schema(relation).field(column.id).type)


def read_or_refused(path: Path) -> Reading | None:
    """None where the file is refused, which must take one line."""
    refused = ""
    try:
        return read_records(path, vocabulary=VOCABULARY, plan=PLAN)
    except WorkbookError as error:
        refused = str(error)
    assert refused
    assert "\n" not in refused
    return None


HEADS = [[column.label.zh for column in r.columns] for r in VOCABULARY.relations.values()]
LABELS = [relation.label.zh for relation in VOCABULARY.relations.values()]


@settings(max_examples=150)
@given(
    name=st.sampled_from(LABELS),
    head=st.sampled_from(HEADS),
    above=st.lists(st.lists(CELLS, max_size=5), max_size=2),
    rows=st.lists(st.lists(CELLS, max_size=9), max_size=6),
)
def test_every_sheet_gives_good_rows_and_bad_rows_that_add_up(
    name: str, head: list[str], above: list[list[Any]], rows: list[list[Any]]
) -> None:
    with TemporaryDirectory() as folder:
        written = [[_as_text(cell) for cell in row] for row in (*above, head, *rows)]
        lines = ["\t".join(row) for row in written]
        content = "\n".join(lines).encode("utf-8", "replace")
        file = Path(folder) / f"{name}.csv"
        file.write_bytes(content)
        reading = read_or_refused(file)
    if reading is None:
        return
    assert reading.rows_good == sum(good(reading).values())
    bad = {(fault.sheet, fault.row) for fault in reading.faults}
    if reading.tables:
        assert reading.rows_read - reading.rows_good <= len(bad)
    for relation, table in reading.tables.items():
        assert table.schema == arrow_schema(VOCABULARY.relations[relation])


def _as_text(cell: Any) -> str:
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    text = "" if cell is None else str(cell)
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")


@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_workbook_is_read_or_refused_in_one_line(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        file = write_book(Path(folder) / "数据.xlsx", region())
        content = bytearray(file.read_bytes())
        for _ in range(data.draw(st.integers(1, 5))):
            at = data.draw(st.integers(0, len(content) - 1))
            content[at] = data.draw(st.integers(0, 255))
        file.write_bytes(content[: data.draw(st.integers(0, len(content)))])
        reading = read_or_refused(file)
    assert reading is None or reading.rows_good <= reading.rows_read
