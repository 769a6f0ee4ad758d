from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qiangshi.datacheck.tables import arrow_schema
from tests.qiangshi.datacheck.awkward_cells import CELLS
from tests.qiangshi.datacheck.awkward_joins import JOINS
from tests.qiangshi.datacheck.awkward_layouts import LAYOUTS
from tests.qiangshi.datacheck.books import (
    LI,
    PERSON_HEAD,
    WANG,
    column,
    found,
    good,
    region,
    replaced,
    write_book,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qiangshi.datacheck.reading import Reading
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.datacheck.awkward import Awkward

    Read = Callable[[Path], Reading]

AWKWARD = (*LAYOUTS, *CELLS, *JOINS)


def reading_of(trait: str, read: Read, folder: Path) -> Reading:
    awkward = next(awkward for awkward in AWKWARD if awkward.trait == trait)
    return read(write_book(folder / "数据.xlsx", awkward.sheets))


@pytest.mark.parametrize("awkward", AWKWARD, ids=lambda awkward: awkward.trait)
def test_every_row_of_an_awkward_workbook_gets_its_verdict(
    awkward: Awkward, read: Read, tmp_path: Path
) -> None:
    reading = read(write_book(tmp_path / "数据.xlsx", awkward.sheets))
    assert good(reading) == awkward.good
    assert found(reading) == [fault[:3] for fault in awkward.faults]
    for fault, (*_, part) in zip(reading.faults, awkward.faults, strict=True):
        assert part in fault.reason_zh
    for part in awkward.notices:
        assert any(part in str(notice) for notice in reading.notices), reading.notices


@pytest.mark.parametrize("awkward", AWKWARD, ids=lambda awkward: awkward.trait)
def test_tables_have_exactly_the_columns_of_the_vocabulary(
    awkward: Awkward, read: Read, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    reading = read(write_book(tmp_path / "数据.xlsx", awkward.sheets))
    for name, table in reading.tables.items():
        assert table.schema == arrow_schema(vocabulary.relations[name])
        table.validate(full=True)


def test_there_are_files_enough_to_learn_from() -> None:
    assert len({awkward.trait for awkward in AWKWARD}) == len(AWKWARD) >= 25


def test_what_was_read_is_what_was_written(read: Read, tmp_path: Path) -> None:
    reading = reading_of("a plain workbook", read, tmp_path)
    assert reading.rows_read == reading.rows_good == 5
    assert reading.tables["person"].to_pylist()[0] == {
        "person_id": "P1",
        "organisation_id": "S1",
        "name": "李明",
        "sex": "male",
        "born_on": date(1980, 5, 1),
        "staff_class": "teacher",
        "title_rank": "first",
        "hired_on": date(2005, 9, 1),
        "is_homeroom_teacher": True,
        "id_number": None,
    }


def test_a_reader_finds_the_row_the_column_and_what_stood_there(read: Read, tmp_path: Path) -> None:
    reading = reading_of("impossible days", read, tmp_path)
    assert str(reading.faults[0]) == (
        "教职工 第 2 行“出生日期”：2025 年 2 月没有 30 日（填的是：2025-02-30）"
    )


def test_rows_are_counted_from_the_top_of_the_sheet_and_not_of_the_table(
    read: Read, tmp_path: Path
) -> None:
    people = [[None], [None], [None], PERSON_HEAD, replaced(LI, c4="某日"), WANG]
    reading = read(write_book(tmp_path / "数据.xlsx", region(教职工=people)))
    assert found(reading)[0] == ("教职工", 5, "出生日期")


def test_every_row_read_is_good_or_has_a_fault(read: Read, tmp_path: Path) -> None:
    reading = reading_of("required cells left empty, two in one row", read, tmp_path)
    assert (reading.rows_read, reading.rows_good) == (6, 5)
    assert len(reading.faults) == 2


def test_money_in_ten_thousands_is_stored_in_yuan(read: Read, tmp_path: Path) -> None:
    reading = reading_of("money in 万元, by the line above the header", read, tmp_path)
    assert column(reading, "finance_year", "training_budget") == [123000.0, 110000.0]
    assert column(reading, "finance_year", "training_share") == [0.02, None]


def test_all_ways_of_writing_a_day_mean_the_same(read: Read, tmp_path: Path) -> None:
    reading = reading_of("every way of writing a day", read, tmp_path)
    september, august = date(2025, 9, 1), date(2015, 8, 1)
    assert column(reading, "person", "hired_on") == [september] * 3 + [august] * 5


def test_a_cell_merged_down_counts_for_each_row(read: Read, tmp_path: Path) -> None:
    reading = reading_of("cells merged down over several records", read, tmp_path)
    assert column(reading, "training_entry", "person_id") == ["P1", "P1"]


def test_of_two_columns_of_one_name_the_left_one_counts(read: Read, tmp_path: Path) -> None:
    trait = "columns that nobody asked for and one that comes twice"
    assert column(reading_of(trait, read, tmp_path), "training_entry", "hours") == [30.0]


def test_relations_that_are_needed_and_not_there_are_named(read: Read, tmp_path: Path) -> None:
    reading = reading_of("a plain workbook", read, tmp_path)
    assert set(reading.absent) == {
        "ledger_confirmation",
        "finance_year",
        "studio",
        "studio_membership",
    }
