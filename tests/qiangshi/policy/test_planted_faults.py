"""A fault planted anywhere in a plan or its vocabulary is reported at its file and line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from qiangshi.errors import PolicyError
from qiangshi.policy import load_plan, load_plans

HERE = Path(__file__).parent
SMALL = HERE / "small"
PLAN = "regions/xiaocheng-2024"


@dataclass(frozen=True)
class Planted:
    """A row of planted_faults.yaml."""

    file: str
    find: str
    plant: str
    says: str
    at: str | None = None

    @property
    def path(self) -> str:
        """Path of the file below the policy folder."""
        shared = self.file.startswith("vocabulary/") or self.file == "catalogue.yaml"
        return self.file if shared else f"{PLAN}/{self.file}"


ROWS = yaml.safe_load((HERE / "planted_faults.yaml").read_text(encoding="utf-8"))
FAULTS = [Planted(**row) for row in ROWS]


def _line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_small_plan_is_sound() -> None:
    assert set(load_plans(SMALL)) == {"floors", "xiaocheng-2024"}


def test_the_corpus_is_large_enough() -> None:
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("planted", FAULTS, ids=lambda p: f"{p.file}: {p.plant[:40]}")
def test_a_planted_fault_is_reported_at_its_line(planted: Planted, tmp_path: Path) -> None:
    root = tmp_path / "policy"
    shutil.copytree(SMALL, root)
    file = root / planted.path
    sound = file.read_text(encoding="utf-8")
    assert planted.find in sound
    damaged = sound.replace(planted.find, planted.plant, 1)
    file.write_text(damaged, encoding="utf-8")
    line = _line_of(damaged, planted.at) if planted.at else _line_of(sound, planted.find)

    with pytest.raises(PolicyError) as caught:
        load_plan("xiaocheng-2024", root=root)

    told = [(f.file, f.line, str(f)) for f in caught.value.faults]
    assert any(
        name == f"policy/{planted.path}" and where == line and planted.says in text
        for name, where, text in told
    ), f"expected {planted.says!r} at {planted.path}:{line}, got\n{caught.value}"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    root = tmp_path / "policy"
    shutil.copytree(SMALL, root)
    for name, before, after in (
        ("standards.yaml", "'teacher'", "'techer'"),
        ("funds.yaml", "measure: budget", "measure: buget"),
        ("tasks.yaml", "clause: 二", "clause: 三"),
    ):
        file = root / PLAN / name
        file.write_text(file.read_text("utf-8").replace(before, after), encoding="utf-8")

    with pytest.raises(PolicyError) as caught:
        load_plans(root)

    assert {fault.file.rpartition("/")[2] for fault in caught.value.faults} == {
        "standards.yaml",
        "funds.yaml",
        "tasks.yaml",
    }
