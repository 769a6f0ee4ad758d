"""`qiangshi measure`, typed as a person types it."""

from __future__ import annotations

import csv
import json
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from qiangshi.cli import command
from qiangshi.errors import QiangshiError
from qiangshi.measure import STATUS_ZH, write_snapshot
from qiangshi.synthetic import RegionSpec, make_region
from tests.qiangshi.measure.hand_calculation import calculate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qiangshi.policy.vocabulary import Column, Vocabulary

LAST_DAY = date(2025, 12, 31)
PLAN = "jiyuan-2021"


def _type(*words: object) -> Result:
    return CliRunner().invoke(command, ["measure", *(str(word) for word in words)])


@pytest.fixture(scope="module")
def rows(vocabulary: Vocabulary) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    tables = make_region(RegionSpec(teachers=60), vocabulary=vocabulary)
    return {name: table.to_pylist() for name, table in tables.items()}


@pytest.fixture(scope="module")
def snapshot(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot") / "s"
    tables = make_region(RegionSpec(teachers=60), vocabulary=vocabulary)
    write_snapshot(tables, folder, on=LAST_DAY, vocabulary=vocabulary)
    return folder


@pytest.fixture
def filled(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], vocabulary: Vocabulary, tmp_path: Path
) -> Path:
    """The region as a bureau hands it in: a folder of CSV with Chinese heads and words."""
    folder = tmp_path / "records"
    folder.mkdir()
    for name, given in rows.items():
        relation = vocabulary.relations[name]
        with (folder / f"{relation.label.zh}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([column.label.zh for column in relation.columns])
            for row in given:
                writer.writerow(
                    [_written(column, row[column.id], vocabulary) for column in relation.columns]
                )
    return folder


@pytest.fixture
def filled_template(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], vocabulary: Vocabulary, tmp_path: Path
) -> Path:
    """The workbook that `qiangshi template` writes, filled in by the heads of its sheets."""
    CliRunner().invoke(command, ["template", PLAN, "--out", str(tmp_path / "模板.xlsx")])
    template = CalamineWorkbook.from_path(tmp_path / "模板.xlsx")
    relations = {relation.label.zh: relation for relation in vocabulary.relations.values()}
    path = tmp_path / "已填.xlsx"
    with Workbook(path) as book:
        for name in template.sheet_names:
            if name not in relations or relations[name].id not in rows:
                continue
            columns = {column.label.zh: column for column in relations[name].columns}
            head = template.get_sheet_by_name(name).to_python()[0]
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, head)
            for number, row in enumerate(rows[relations[name].id], start=1):
                wanted = (columns[str(label)] for label in head)
                cells = [_written(column, row[column.id], vocabulary) for column in wanted]
                sheet.write_row(number, 0, cells)
    return path


def _written(column: Column, value: Any, vocabulary: Vocabulary) -> str:
    if value is None:
        return ""
    if column.codes is not None:
        return vocabulary.codes[column.codes].labels[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


@pytest.mark.parametrize("handed_in", ["filled", "filled_template"])
def test_records_handed_in_are_measured_as_by_hand(
    handed_in: str,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    data = request.getfixturevalue(handed_in)
    typed = _type(PLAN, "--data", data, "--on", "2025-12-31", "--json")

    told = json.loads(typed.output)
    assert (told["faults"], told["source"]) == ([], data.name)
    measured = {
        (row["item"], row["organisation_id"], row["period"]): row for row in told["results"]
    }
    (top,) = {row["organisation_id"] for row in told["results"]}
    by_hand = {key: line for key, line in calculate(rows, LAST_DAY) if key[1] == top}
    assert len(by_hand) > 20
    for key, line in by_hand.items():
        found = measured[key]
        assert (found["numerator"], found["unknown"]) == (line.numerator, line.unknown), key
        assert (found["denominator"], found["status"]) == (line.denominator, line.status), key
    assert (tmp_path / f"{data.stem}-缺口.xlsx").is_file()


def test_a_bad_row_is_told_and_the_good_ones_count(filled: Path) -> None:
    file = filled / "教职工.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    heads = lines[0].split(",")
    cells = lines[1].split(",")
    cells[heads.index("教职工类别")] = "厨师"
    file.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")

    typed = _type(PLAN, "--data", filled, "--on", "2025-12-31")
    told = json.loads(_type(PLAN, "--data", filled, "--on", "2025-12-31", "--json").output)

    assert typed.exit_code == 0
    assert "五年继续教育学时" in typed.output
    faults = [(fault["sheet"], fault["row"], fault["column"]) for fault in told["faults"]]
    assert ("教职工.csv", 2, "教职工类别") in faults
    assert told["records"]["person"] == len(lines) - 2
    assert "教职工.csv 第 2 行“教职工类别”" in typed.output


def test_the_workbook_holds_results_gaps_and_what_was_wrong(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"

    _type(PLAN, "--data", filled, "--on", "2025-12-31", "--out", out)

    book = CalamineWorkbook.from_path(out)
    assert book.sheet_names == ["各条款", "缺口名单", "各机构", "未测算条目", "数据问题"]
    gaps = [row for row in book.get_sheet_by_name("缺口名单").to_python() if "四(三)" in row]
    assert any("差" in str(row[-1]) for row in gaps)


def test_the_clause_table_is_aligned_for_han_characters(snapshot: Path) -> None:
    typed = _type(PLAN, "--data", snapshot)

    lines = typed.output.splitlines()
    head = next(line for line in lines if line.startswith("条款"))
    at = _width(head[: head.index("状态")])
    words = set(STATUS_ZH.values())
    table = [line for line in lines if line.split() and line.split()[-1] in words]
    assert len(table) > 20
    assert {_width(line[: line.rindex(line.split()[-1])]) for line in table} == {at}


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def test_one_organisation_can_be_asked_for(snapshot: Path) -> None:
    everyone = json.loads(_type(PLAN, "--data", snapshot, "--json").output)
    top = everyone["results"][0]["organisation_id"]

    one = json.loads(_type(PLAN, "--data", snapshot, "--json", "--organisation", top).output)

    assert one["results"] == everyone["results"]
    wrong = _type(PLAN, "--data", snapshot, "--organisation", "没有")
    assert isinstance(wrong.exception, QiangshiError)
    assert str(wrong.exception) == "数据中没有编号为 没有 的机构"


def test_the_evaluation_plan_can_be_looked_at(snapshot: Path) -> None:
    told = json.loads(_type(PLAN, "--data", snapshot, "--show-plan").output)

    assert told["plans"] == [PLAN]
    assert any("360" in condition["text"] for condition in told["conditions"])


def test_without_data_the_demonstration_region_is_measured(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    tables = make_region(RegionSpec(teachers=30), vocabulary=vocabulary)
    place = tmp_path / "demo" / "snapshot"
    written = write_snapshot(tables, place, on=LAST_DAY, vocabulary=vocabulary)

    told = json.loads(_type(PLAN, "--home", tmp_path, "--json").output)

    assert (told["source"], told["snapshot"]) == ("示范地区（虚构）", written.sha256)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere-2021",), "没有名为 nowhere-2021 的方案"),
        ((PLAN, "--data", "nowhere.xlsx"), "nowhere.xlsx"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(words: tuple[str, ...], said: str) -> None:
    typed = _type(*words)

    assert isinstance(typed.exception, QiangshiError)
    assert said in str(typed.exception)
    assert "\n" not in str(typed.exception)
