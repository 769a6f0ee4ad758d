"""A whole region, written as an official would keep it, reads back as it was."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.reading import read_records
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.synthetic import RegionSpec, make_region
from tests.qiangshi.datacheck.books import write_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from qiangshi.policy.vocabulary import Relation, Vocabulary
    from tests.qiangshi.datacheck.books import Row, Sheets

VOCABULARY = load_vocabulary()
PLAN = load_plan("jiyuan-2021", vocabulary=VOCABULARY)


@pytest.fixture(scope="module")
def region() -> dict[str, pa.Table]:
    return dict(make_region(RegionSpec(teachers=60, seed=7), vocabulary=VOCABULARY))


def as_kept(table: pa.Table, relation: Relation, vocabulary: Vocabulary) -> list[Row]:
    """The rows under their Chinese headings, codes as labels, yes and no as 是 and 否."""
    head: Row = [column.label.zh for column in relation.columns]
    lists = [code_list_of(column, relation, vocabulary) for column in relation.columns]
    labels = [{} if codes is None else codes.labels for codes in lists]
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return [head] + [
        [_kept(value, names) for value, names in zip(values, labels, strict=True)]
        for values in rows
    ]


def _kept(value: Any, labels: dict[str, str]) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return labels.get(value, value)


def workbook(sheets: Sheets, folder: Path) -> Path:
    return write_book(folder / "数据.xlsx", sheets)


def csv_folder(sheets: Sheets, folder: Path) -> Path:
    for name, rows in sheets.items():
        text = io.StringIO()
        csv.writer(text).writerows(
            [cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows
        )
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode("gb18030"))
    return folder


@pytest.mark.parametrize("write", [workbook, csv_folder])
def test_a_region_reads_back_as_it_was(
    write: Callable[[Sheets, Path], Path], region: dict[str, pa.Table], tmp_path: Path
) -> None:
    sheets = {
        VOCABULARY.relations[name].label.zh: as_kept(table, VOCABULARY.relations[name], VOCABULARY)
        for name, table in region.items()
    }
    reading = read_records(write(sheets, tmp_path), vocabulary=VOCABULARY, plan=PLAN)
    assert reading.faults == []
    assert reading.rows_good == reading.rows_read == sum(t.num_rows for t in region.values())
    assert set(reading.tables) == set(region)
    for name, table in region.items():
        assert reading.tables[name].equals(table.combine_chunks()), name
