from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.qiangshi.datacheck.books import column, found, good

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qiangshi.datacheck.reading import Reading

    Read = Callable[[Path], Reading]

ORGANISATIONS = (
    "机构编码,上级机构编码,机构名称,机构类别\nJ1,,小城教育局,教育局\nS1,J1,第一小学,小学\n"
)
PEOPLE = "教师编号,所在机构编码,姓名,教职工类别\nP1,S1,李明,教师\n"
ENTRIES = "记录编号,教师编号,完成日期,培训类别,学时,是否认定\nT1,P1,2024-07-15,校本,30,是\n"


def folder(path: Path, **files: bytes) -> Path:
    path.mkdir(exist_ok=True)
    for name, content in files.items():
        (path / f"{name}.csv").write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_folder_of_csv_is_read_in_any_usual_encoding(
    encoding: str, read: Read, tmp_path: Path
) -> None:
    files = {"organisation": ORGANISATIONS, "person": PEOPLE, "training_entry": ENTRIES}
    encoded = {name: text.encode(encoding) for name, text in files.items()}
    reading = read(folder(tmp_path, **encoded))
    assert reading.faults == []
    assert good(reading) == {"organisation": 2, "person": 1, "training_entry": 1}
    assert column(reading, "person", "name") == ["李明"]
    assert column(reading, "training_entry", "completed_on") == [date(2024, 7, 15)]


def test_files_may_be_named_by_chinese_label_and_end_in_capitals(
    read: Read, tmp_path: Path
) -> None:
    (tmp_path / "机构.CSV").write_text(ORGANISATIONS, encoding="utf-8")
    (tmp_path / "教职工.csv").write_text(PEOPLE, encoding="gb18030")
    (tmp_path / "说明.docx").write_bytes(b"PK")
    assert good(read(tmp_path)) == {"organisation": 2, "person": 1}


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_other_signs_than_commas_part_the_columns(sign: str, read: Read, tmp_path: Path) -> None:
    text = ORGANISATIONS.replace(",", sign)
    assert good(read(folder(tmp_path, organisation=text.encode()))) == {"organisation": 2}


def test_one_csv_file_is_a_folder_of_one(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "organisation.csv"
    file.write_text(ORGANISATIONS, encoding="utf-8")
    assert good(read(file)) == {"organisation": 2}


def test_faults_name_the_file_and_the_row(read: Read, tmp_path: Path) -> None:
    entries = ENTRIES + "T2,P1,2024-02-30,校本,12,是\n"
    reading = read(
        folder(
            tmp_path,
            organisation=ORGANISATIONS.encode(),
            person=PEOPLE.encode(),
            training_entry=entries.encode(),
        )
    )
    assert found(reading) == [("training_entry.csv", 3, "完成日期")]


def test_bytes_of_no_encoding_cost_their_own_row_only(read: Read, tmp_path: Path) -> None:
    content = ORGANISATIONS.encode() + b"S2,J1," + b"\xff\xff" + ",小学\n".encode()
    reading = read(folder(tmp_path, organisation=content))
    assert good(reading) == {"organisation": 2}
    assert found(reading) == [("organisation.csv", 1, ""), ("organisation.csv", 4, "机构名称")]
    assert "乱码" in reading.faults[1].reason_zh


def test_an_open_quotation_mark_costs_its_own_line_only(read: Read, tmp_path: Path) -> None:
    text = ORGANISATIONS + 'S2,J1,"第二小学,小学\nS3,J1,"第三,小学",小学\n'
    reading = read(folder(tmp_path, organisation=text.encode()))
    assert column(reading, "organisation", "organisation_id") == ["J1", "S1", "S3"]
    assert found(reading) == [("organisation.csv", 4, "")]
    assert "引号不成对" in reading.faults[0].reason_zh


def test_a_line_break_within_quotation_marks_belongs_to_the_cell(
    read: Read, tmp_path: Path
) -> None:
    text = ORGANISATIONS + 'S2,J1,"第二\n小学",小学\n'
    reading = read(folder(tmp_path, organisation=text.encode()))
    assert column(reading, "organisation", "name")[-1] == "第二 小学"


def test_ids_that_a_spreadsheet_exported_as_numbers_are_refused(read: Read, tmp_path: Path) -> None:
    people = PEOPLE + '1.10105E+17,S1,王芳,教师\n1234567890.0,S1,张三,教师\n="007",S1,赵六,教师\n'
    reading = read(folder(tmp_path, organisation=ORGANISATIONS.encode(), person=people.encode()))
    assert column(reading, "person", "person_id") == ["P1", "1234567890", "007"]
    assert found(reading) == [("person.csv", 3, "教师编号")]
