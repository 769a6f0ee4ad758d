"""Checking by columns comes to what reading row by row comes to, save for doubles of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qiangshi.datacheck.importing import check_file
from qiangshi.datacheck.profiles import template_profile
from qiangshi.datacheck.tables import arrow_schema
from tests.qiangshi.datacheck.awkward_cells import CELLS
from tests.qiangshi.datacheck.awkward_joins import JOINS
from tests.qiangshi.datacheck.awkward_layouts import LAYOUTS
from tests.qiangshi.datacheck.books import good, write_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qiangshi.datacheck.reading import Reading
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.datacheck.awkward import Awkward

# Those whose made-up people are one person several times over.
DOUBLES = {"every way of writing a day"}
SAME = [a for a in (*LAYOUTS, *CELLS, *JOINS) if a.trait not in DOUBLES]


@pytest.mark.parametrize("awkward", SAME, ids=lambda awkward: awkward.trait)
def test_rows_and_faults_are_those_of_reading_row_by_row(
    awkward: Awkward, read: Callable[[Path], Reading], vocabulary: Vocabulary, tmp_path: Path
) -> None:
    path = write_book(tmp_path / "数据.xlsx", awkward.sheets)
    reading = read(path)
    checked = check_file(path, profile=template_profile(vocabulary), vocabulary=vocabulary)
    counts = {name: table.num_rows for name, table in checked.tables.items()}
    assert counts == {name: rows for name, rows in good(reading).items() if name in counts}
    assert set(map(str, checked.row_faults())) == set(map(str, reading.faults))
    for name, table in checked.tables.items():
        table.validate(full=True)
        assert table.schema == arrow_schema(vocabulary.relations[name])
        assert table.equals(reading.tables[name].combine_chunks()), name
    assert checked.rows_good + checked.count(1) == checked.rows_read
