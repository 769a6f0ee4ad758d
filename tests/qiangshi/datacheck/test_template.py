from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from qiangshi.datacheck.needs import columns_used, relations_needed
from qiangshi.datacheck.reading import read_records
from qiangshi.datacheck.template import template_bytes, write_template
from qiangshi.errors import WorkbookError
from qiangshi.policy import load_plan, load_vocabulary, plan_ids
from tests.qiangshi.datacheck.books import write_book

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

SHEETS = [
    "机构",
    "台账确认",
    "年度经费",
    "教职工",
    "工作坊（室）",
    "工作坊（室）成员",
    "培训学时记录",
]


def rows_of(content: bytes, sheet: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python()


def part_of(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def sheet_xml(content: bytes, sheet: str) -> str:
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    return part_of(content, f"xl/worksheets/sheet{names.index(sheet) + 1}.xml")


@pytest.fixture(scope="module")
def template(plan: Plan, vocabulary: Vocabulary) -> bytes:
    return template_bytes(plan, vocabulary)


def test_a_template_has_the_sheets_that_the_plan_is_measured_on(template: bytes) -> None:
    names = CalamineWorkbook.from_filelike(io.BytesIO(template)).sheet_names
    assert names == ["填写说明", *SHEETS, "代码"]


def test_relations_that_no_item_needs_are_not_asked_for(plan: Plan, vocabulary: Vocabulary) -> None:
    needed = {relation.id for relation in relations_needed(plan, vocabulary)}
    assert {"honour", "training_project"}.isdisjoint(needed)


def test_a_relation_comes_after_those_it_refers_to(plan: Plan, vocabulary: Vocabulary) -> None:
    seen: set[str] = set()
    for relation in relations_needed(plan, vocabulary):
        above = {column.of for column in relation.columns if column.required and column.of}
        assert above <= seen
        seen.add(relation.id)


def test_columns_that_items_read_are_told_from_the_others(
    plan: Plan, vocabulary: Vocabulary
) -> None:
    used = columns_used(plan, vocabulary)
    assert {
        ("training_entry", "hours"),
        ("training_entry", "is_recognised"),
        ("training_entry", "completed_on"),
        ("person", "staff_class"),
        ("organisation", "kind"),
        ("finance_year", "training_budget"),
    } <= used
    assert ("person", "born_on") not in used


def test_a_header_carries_the_chinese_labels_alone(template: bytes, vocabulary: Vocabulary) -> None:
    labels = [column.label.zh for column in vocabulary.relations["training_entry"].columns]
    assert rows_of(template, "培训学时记录") == [labels]


def test_the_guide_says_which_clause_each_sheet_serves(template: bytes) -> None:
    guide = {row[0]: row for row in rows_of(template, "填写说明")}
    assert guide["小城教师规划：数据填写模板"]
    assert guide["年度经费"]
    text = "\n".join(str(cell) for row in rows_of(template, "填写说明") for cell in row)
    assert "一 三年学时" in text
    assert "二 经费增长" in text
    assert "选填，指标要用" in text


def test_codes_are_chosen_from_lists_on_a_hidden_sheet(template: bytes) -> None:
    xml = sheet_xml(template, "教职工")
    assert "'代码'!" in xml
    assert re.search(r'<sheet name="代码"[^>]*state="hidden"', part_of(template, "xl/workbook.xml"))
    lists = rows_of(template, "代码")
    column = lists[0].index("职称等级")
    assert [row[column] for row in lists[1:4]] == ["未定级", "一级教师", "高级教师"]


def test_only_ledgers_of_the_workbook_can_be_confirmed(template: bytes) -> None:
    lists = rows_of(template, "代码")
    column = lists[0].index("台账名称")
    assert [row[column] for row in lists[1:] if row[column]] == ["年度经费", "培训学时记录"]


@pytest.mark.parametrize("kind", ["date", "decimal", "list"])
def test_cells_are_held_to_their_type_while_they_are_filled_in(kind: str, template: bytes) -> None:
    assert f'<dataValidation type="{kind}"' in sheet_xml(template, "培训学时记录")


def test_ids_are_text_so_that_no_digit_is_lost(template: bytes) -> None:
    style = re.search(r'<col min="1" max="1" [^>]*style="(\d+)"', sheet_xml(template, "教职工"))
    assert style is not None
    styles = part_of(template, "xl/styles.xml")
    cells = styles[styles.index("<cellXfs") :]
    formats = re.findall(r'<xf numFmtId="(\d+)"', cells)
    assert formats[int(style[1])] == "49"  # "@", text


def test_every_column_has_its_note(template: bytes, vocabulary: Vocabulary) -> None:
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        notes = [name for name in package.namelist() if "comments" in name]
        text = "".join(package.read(name).decode() for name in notes)
    assert "学时（选填，指标要用）" in text
    assert "单位：学时" in text
    assert "只有已认定的学时计入" in text


def test_the_same_plan_gives_the_same_bytes(
    template: bytes, plan: Plan, vocabulary: Vocabulary
) -> None:
    assert template_bytes(plan, vocabulary) == template


def test_a_template_that_cannot_be_written_says_so(
    plan: Plan, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    with pytest.raises(WorkbookError, match="无法写入"):
        write_template(plan, vocabulary, tmp_path / "没有" / "模板.xlsx")


def test_an_empty_template_holds_no_data(
    plan: Plan, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    write_template(plan, vocabulary, tmp_path / "模板.xlsx")
    with pytest.raises(WorkbookError, match="没有一行数据"):
        read_records(tmp_path / "模板.xlsx", vocabulary=vocabulary, plan=plan)


# --- template, filled in, read back ---------------------------------------------------------------


def filled_in(column: Column, relation: Relation, vocabulary: Vocabulary) -> tuple[Any, Any]:
    """What an official types into a column, and what is to be read from it."""
    if column.id == "relation" and relation.id == "ledger_confirmation":
        ledger = next(r for r in vocabulary.relations.values() if r.when_absent == "unknown")
        return ledger.label.zh, ledger.id
    if column.codes is not None:
        code = vocabulary.codes[column.codes].codes[-1]
        return code.label.zh, code.code
    match column.type:
        case "boolean":
            return "是", True
        case "date":
            return date(2024, 3, 1), date(2024, 3, 1)
        case "integer":
            number = int(column.at_least or 0) + 1
            return number, number
        case "decimal":
            share = (column.at_most or 2.0) / 2
            return share, share
        case "reference":
            return f"{column.of}-1", f"{column.of}-1"
    return f"{relation.id}-1", f"{relation.id}-1"


def assert_round_trip(plan: Plan, vocabulary: Vocabulary, path: Path) -> None:
    """Fill every column of every sheet of the template by its header; all must read back."""
    write_template(plan, vocabulary, path / "模板.xlsx")
    content = (path / "模板.xlsx").read_bytes()
    sheets, expected = {}, {}
    there = {relation.id for relation in relations_needed(plan, vocabulary)}
    for relation in relations_needed(plan, vocabulary):
        head = rows_of(content, relation.label.zh)[0]
        by_label = {column.label.zh: column for column in relation.columns}
        cells, values = {}, dict.fromkeys(relation.by_id)
        for label in head:
            column = by_label[label]
            # At the top of the tree, and where the other sheet is not part of the workbook.
            if column.of is not None and (column.of == relation.id or column.of not in there):
                continue
            cells[label], values[column.id] = filled_in(column, relation, vocabulary)
        sheets[relation.label.zh] = [head, [cells.get(label) for label in head]]
        expected[relation.id] = [values]
    file = write_book(path / "已填.xlsx", sheets)
    reading = read_records(file, vocabulary=vocabulary, plan=plan)
    assert reading.faults == []
    assert {name: table.to_pylist() for name, table in reading.tables.items()} == expected
    assert reading.absent == ()


def test_what_is_filled_into_a_template_reads_back(
    plan: Plan, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    assert_round_trip(plan, vocabulary, tmp_path)


@pytest.mark.parametrize("plan_id", plan_ids())
def test_the_template_of_every_plan_reads_back(plan_id: str, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    assert_round_trip(load_plan(plan_id, vocabulary=vocabulary), vocabulary, tmp_path)
