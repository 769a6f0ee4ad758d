"""A plan's own sentences stay in the reader's copy of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.architecture import quotations
from tests.architecture.sources import passages, place, text_files

if TYPE_CHECKING:
    from pathlib import Path

# Made up for this test; no plan says it.
SENTENCE = "每逢大雪之后的第一个集市日，各校须把校门前的石阶扫净。"


def shingles_of(text: str) -> frozenset[int]:
    runs = quotations.runs(quotations.normalised(text))
    return quotations.read(quotations.written({quotations.shingle(run) for run in runs}))


def test_no_file_quotes_a_plan() -> None:
    known = quotations.read(quotations.SHINGLES.read_bytes())
    names = quotations.official_names()
    found = [
        f"{place(file)}: {passage}"
        for file in text_files()
        for text in passages(file)
        for passage in quotations.quoted(text, known=known, names=names)
    ]
    assert not found, "say it in other words:\n" + "\n".join(found)


def test_the_fingerprints_are_those_of_whole_plans() -> None:
    assert len(quotations.read(quotations.SHINGLES.read_bytes())) > 10_000


def test_thirteen_characters_of_a_plan_are_a_quotation() -> None:
    text = "name: x\nsummary: 第一个集市日，\n  各校须把校 门前\n"
    assert quotations.quoted(text, known=shingles_of(SENTENCE), names=[]) == [
        "第一个集市日各校须把校门前"
    ]


def test_twelve_characters_of_a_plan_are_a_name() -> None:
    text = "一个集市日，各校须把校门前！"
    assert quotations.quoted(text, known=shingles_of(SENTENCE), names=[]) == []


def test_names_in_a_list_are_no_sentence(tmp_path: Path) -> None:
    file = tmp_path / "bodies.yaml"
    file.write_text("bodies:\n  - 每逢大雪之后\n  - 的第一个\n  - 集市日各校\n", encoding="utf-8")
    known = shingles_of(SENTENCE)
    assert [quotations.quoted(text, known=known, names=[]) for text in passages(file)] == [[]] * 5


def test_a_value_over_several_lines_is_one_text(tmp_path: Path) -> None:
    file = tmp_path / "summary.yaml"
    file.write_text("summary: 每逢大雪\n  之后的第一个\n  集市日各校\n", encoding="utf-8")
    known = shingles_of(SENTENCE)
    assert any(quotations.quoted(text, known=known, names=[]) for text in passages(file))


def test_a_comment_is_text_too(tmp_path: Path) -> None:
    file = tmp_path / "comment.yaml"
    file.write_text("# 每逢大雪之后的\n# 第一个集市日各校\nbodies: 1\n", encoding="utf-8")
    known = shingles_of(SENTENCE)
    assert any(quotations.quoted(text, known=known, names=[]) for text in passages(file))


def test_width_and_punctuation_do_not_hide_a_quotation() -> None:
    known = shingles_of("到2025年底前共有ABC三所学校")
    found = quotations.quoted("“到２０２５年底前，共有 abc 三所学校”", known=known, names=[])
    assert found == ["到2025年底前共有abc三所学校"]


def test_an_official_name_is_no_quotation() -> None:
    name = "大雪之后的第一个集市日，各校"
    text = f"见《{name}》"
    assert quotations.quoted(text, known=shingles_of(SENTENCE), names=[name]) == []


def test_the_official_names_are_names() -> None:
    sentences = [
        name
        for name in quotations.official_names()
        if len(name) > 30 or not {*"，。；：,;"}.isdisjoint(name)
    ]
    assert sentences == []
