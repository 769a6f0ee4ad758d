"""`qiangshi synthetic`: a region on disk, by one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from qiangshi.commands.synthetic import command
from qiangshi.errors import SnapshotError
from qiangshi.measure.snapshot import read_snapshot

if TYPE_CHECKING:
    from pathlib import Path


def test_the_command_writes_a_snapshot_and_counts_its_rows(tmp_path: Path) -> None:
    out = tmp_path / "region"
    result = CliRunner().invoke(command, ["--teachers", "40", "--out", str(out)])
    assert result.exit_code == 0, result.output
    snapshot = read_snapshot(out)
    assert snapshot.on.isoformat() == "2025-12-31"
    assert f"教职工（person）：{snapshot.relations['person']} 行" in result.output


def test_the_same_options_write_the_same_content(tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for out in folders:
        options = ["--teachers", "40", "--seed", "7", "--on", "2024-06-30", "--out", str(out)]
        CliRunner().invoke(command, options, catch_exceptions=False)
    first, second = (read_snapshot(out) for out in folders)
    assert first.sha256 == second.sha256
    assert first.on.isoformat() == "2024-06-30"


def test_a_snapshot_is_replaced_by_the_next(tmp_path: Path) -> None:
    for teachers in ("40", "10"):
        options = ["--teachers", teachers, "--out", str(tmp_path / "region")]
        CliRunner().invoke(command, options, catch_exceptions=False)
    assert read_snapshot(tmp_path / "region").relations["organisation"] == 2


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    with pytest.raises(SnapshotError, match="不是快照文件夹"):
        CliRunner().invoke(command, ["--out", str(tmp_path)], catch_exceptions=False)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear all"


def test_fewer_than_ten_teachers_are_refused_in_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--teachers", "9", "--out", str(tmp_path / "region")])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
