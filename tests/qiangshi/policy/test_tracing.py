"""A plan against a copy of its document: what stands there, and what does not."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from qiangshi.errors import QiangshiError
from qiangshi.policy import load_plan
from qiangshi.policy.tracing import chinese_number, printed_numbers, read_document, trace

SMALL = Path(__file__).parent / "small"
PARAGRAPHS = [
    "小城教师规划",
    "一、教师培训。各校应当安排好教师培训。",
    "（一）每三年完成七十二学时。",
    "二、经费。年度预算应当逐年增长。",
]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text("\n".join(PARAGRAPHS), encoding="gb18030")
    return path


def test_clauses_and_numbers_that_stand_there_are_found(document: Path) -> None:
    plan = load_plan("xiaocheng-2024", root=SMALL)
    clauses = dict(plan.clauses)
    clauses["一(一)"] = clauses["一(一)"].model_copy(update={"term": "每三年"})
    clauses["二"] = clauses["二"].model_copy(update={"term": "经费"})
    found = trace(plan.model_copy(update={"clauses": clauses}), read_document(document))
    assert (found.provisions, found.located) == (4, 4)
    assert (found.numbers, found.numbers_matched) == (1, 1)
    assert found.rest == ()


def test_a_number_printed_elsewhere_is_not_matched(document: Path) -> None:
    document.write_text("\n".join(PARAGRAPHS).replace("七十二", "六十"), encoding="utf-8")
    plan = load_plan("xiaocheng-2024", root=SMALL)
    clauses = dict(plan.clauses)
    clauses["一(一)"] = clauses["一(一)"].model_copy(update={"term": "每三年"})
    found = trace(plan.model_copy(update={"clauses": clauses}), read_document(document))
    assert found.numbers_matched == 0
    assert any(u.what == "number" and "72" in u.reason for u in found.rest)


def test_a_word_file_reads_like_its_text(tmp_path: Path, document: Path) -> None:
    path = tmp_path / "plan.docx"
    word = docx.Document()
    for paragraph in PARAGRAPHS:
        word.add_paragraph(paragraph)
    word.save(str(path))
    assert read_document(path).paragraphs == read_document(document).paragraphs


@pytest.mark.parametrize("name", ["plan.pdf", "absent.txt", "broken.docx", "empty.txt"])
def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if not name.startswith("absent"):
        path.write_bytes(b"" if name.startswith("empty") else b"\xff\xfe not a document")
    with pytest.raises(QiangshiError) as caught:
        read_document(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("三百六十", 360),
        ("十", 10),
        ("十五", 15),
        ("一万二千", 12000),
        ("二〇二五", 2025),
        ("七", 7),
    ],
)
def test_chinese_numerals_are_read(word: str, number: int) -> None:
    assert chinese_number(word) == number


def test_figures_in_ten_thousands_are_read_as_printed_and_in_full() -> None:
    assert {"1.5", "15000", "3"} <= printed_numbers("1.5万元，三年")
