"""Checking in a process of its own: the same answer, and an end to it when a bound is passed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qiangshi.datacheck.coded import Limits
from qiangshi.datacheck.importing import Bounds, CheckedFile, Setting, check_file, check_in_child
from qiangshi.datacheck.importing.request import Request
from qiangshi.datacheck.profiles import load_profile, template_profile
from qiangshi.errors import WorkbookError
from tests.qiangshi.datacheck.books import (
    ENTRY,
    LI,
    TRAINING_HEAD,
    WANG,
    region,
    replaced,
    write_book,
)
from tests.qiangshi.datacheck.importing.conftest import KNOWN, WORDS

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Vocabulary

ROOT = Path(__file__).parents[4]


def same(mine: CheckedFile, its: CheckedFile) -> bool:
    return bool(
        mine.faults.equals(its.faults)
        and mine.questions.equals(its.questions)
        and mine.verdicts.equals(its.verdicts)
        and mine.notices == its.notices
        and mine.sheets == its.sheets
        and mine.tables.keys() == its.tables.keys()
        and all(mine.tables[name].equals(its.tables[name]) for name in mine.tables)
        and all(mine.places[name].equals(its.places[name]) for name in mine.places)
    )


def test_the_child_answers_as_the_parent_would(tmp_path: Path) -> None:
    head = ["姓名", "性别", "教职工类别", "身份证件号", "学校名称", "进本校年月"]
    path = write_book(
        tmp_path / "a.xlsx",
        {
            "基本信息": [
                head,
                ["李明", "女", "教师", "11010519491231002X", "第一小学", "201509"],
                ["王芳", "女", "教师", "41010519820304002X", "第一小学", "某日"],
                ["赵六", "男", "教师", None, "第二小学", None],
            ]
        },
    )
    profile = load_profile("national-teacher-system", vocabulary=WORDS)
    setting = Setting(known=KNOWN, key_salt=b"secret", decisions={(0, 3): "new"}, at="S1")
    told: list[tuple[str, int, int]] = []
    apart = check_in_child(
        path,
        profile=profile,
        vocabulary=WORDS,
        setting=setting,
        on_progress=lambda *step: told.append(step),
    )
    here = check_file(path, profile=profile, vocabulary=WORDS, setting=setting)
    assert same(apart, here)
    assert any("读取" in stage for stage, _, _ in told)


def test_what_is_kept_is_what_was_checked(vocabulary: Vocabulary, tmp_path: Path) -> None:
    rows = region(教职工=[["教师编号"], LI])
    path = write_book(tmp_path / "a.xlsx", rows)
    checked = check_file(path, profile=template_profile(vocabulary), vocabulary=vocabulary)
    checked.save(tmp_path / "kept")
    assert same(CheckedFile.load(tmp_path / "kept"), checked)
    (tmp_path / "kept" / "faults.arrow").unlink()
    with pytest.raises(WorkbookError, match="不完整"):
        CheckedFile.load(tmp_path / "kept")


def large(path: Path) -> Path:
    entries = [replaced(ENTRY, c0=f"T{number}") for number in range(30_000)]
    return write_book(path, region(培训学时记录=[TRAINING_HEAD, *entries]))


def test_a_file_that_needs_too_much_memory_is_refused_in_one_line(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    with pytest.raises(WorkbookError) as caught:
        check_in_child(
            large(tmp_path / "a.xlsx"),
            profile=template_profile(vocabulary),
            vocabulary=vocabulary,
            bounds=Bounds(memory_bytes=24 << 20),
        )
    assert "内存上限 24 MiB" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_process_that_is_bound_cannot_ask_for_more() -> None:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "import pyarrow as pa\n"
        "from qiangshi.datacheck.importing.child import bound_memory\n"
        "bound_memory(512 << 20)\n"
        "assert len(bytearray(64 << 20)) == 64 << 20\n"
        "for take in (bytearray, pa.allocate_buffer):\n"
        "    try:\n"
        "        take(1 << 30)\n"
        "    except MemoryError:\n"
        "        print('refused')\n"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["refused", "refused"]


def test_a_check_that_takes_too_long_is_stopped(vocabulary: Vocabulary, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"检查超过 0\.01 秒"):
        check_in_child(
            large(tmp_path / "a.xlsx"),
            profile=template_profile(vocabulary),
            vocabulary=vocabulary,
            bounds=Bounds(seconds=0.01),
        )


class GivenUp(Exception):  # noqa: N818 - reads as the sentence it is
    """Raised by one who watches and has seen enough."""


def test_who_watches_may_give_it_up(vocabulary: Vocabulary, tmp_path: Path) -> None:
    def give_up(stage: str, done: int, whole: int) -> None:
        raise GivenUp

    with pytest.raises(GivenUp):
        check_in_child(
            large(tmp_path / "a.xlsx"),
            profile=template_profile(vocabulary),
            vocabulary=vocabulary,
            on_progress=give_up,
        )


def test_what_the_child_refuses_is_passed_on(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(WorkbookError, match="PDF"):
        check_in_child(path, profile=template_profile(vocabulary), vocabulary=vocabulary)


def test_a_child_whose_parent_has_gone_ends_too(vocabulary: Vocabulary, tmp_path: Path) -> None:
    folder = tmp_path / "asked"
    folder.mkdir()
    request = Request(
        write_book(tmp_path / "a.xlsx", region(教职工=[["教师编号"], WANG])),
        template_profile(vocabulary),
        vocabulary,
        Setting(),
        Limits(),
        1 << 30,
    )
    request.save(folder)
    code = (
        f"import sys, time; sys.path[:] = {sys.path!r}\n"
        "from qiangshi.datacheck.importing import child\n"
        "child.check_file = lambda *a, **k: [None for _ in iter(int, 1)]\n"
        f"child.main({str(folder)!r})"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.close()
        assert process.wait(timeout=60) == 3
