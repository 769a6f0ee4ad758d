"""`qiangshi demo`: makes, checks, heals, and says in a line why it cannot."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from qiangshi.synthetic import RegionSpec
from qiangshi_web.demo import commands, homes
from qiangshi_web.demo.building import PLANS, pass_phrase, write_accounts
from qiangshi_web.demo.casting import bind_cast

if TYPE_CHECKING:
    from pathlib import Path

_RUN = "from qiangshi.cli import main; main()"


@dataclass(frozen=True)
class Demo:
    """A folder in which the command is run."""

    home: Path

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", _RUN, "demo", "--home", str(self.home), *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, check=False, env=clean()
        )

    def check(self, *arguments: str) -> dict[str, Any]:
        done = self.run("--check", "--teachers", "60", *arguments)
        assert done.returncode == 0, done.stderr
        summary: dict[str, Any] = json.loads(done.stdout)
        return summary

    @property
    def accounts(self) -> Path:
        return self.home / "demo" / "accounts.txt"


def clean() -> dict[str, str]:
    """The environment without what the tests' own settings need."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}


@dataclass(frozen=True)
class Made:
    """A demonstration, what the folder held before its second run, and what that told."""

    demo: Demo
    left_behind: list[str]
    summary: dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Sixty teachers: the first run was killed in the middle of its work, the second was not."""
    demo = Demo(tmp_path_factory.mktemp("demo"))
    interrupt(demo)
    left_behind = sorted(entry.name for entry in demo.home.iterdir() if entry.is_dir())
    return Made(demo, left_behind, demo.check())


def interrupt(demo: Demo) -> None:
    """Start making it, and kill that when the database is being made."""
    with subprocess.Popen(
        demo.command("--check", "--teachers", "60"),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=clean(),
        start_new_session=True,
    ) as first:
        assert first.stderr is not None
        assert "建立数据库" in first.stderr.readline() + first.stderr.readline()
        os.killpg(first.pid, signal.SIGKILL)


def test_a_rerun_heals_an_interrupted_first_run(made: Made) -> None:
    assert made.left_behind == ["demo.making"]
    assert sorted(entry.name for entry in made.demo.home.iterdir() if entry.is_dir()) == ["demo"]


def test_a_check_tells_how_the_region_stands(made: Made) -> None:
    summary = made.summary

    assert summary["teachers"] == 60
    assert summary["plans"] == list(PLANS)
    assert summary["provisions_evaluated"] == sum(
        summary[status]
        for status in ("met", "not_met", "unknown", "not_applicable", "informational")
    )
    assert summary["organisations"] > 1


def test_a_second_start_makes_nothing_anew(made: Made) -> None:
    demo = made.demo
    before = demo.accounts.read_text(encoding="utf-8"), demo.accounts.stat().st_mtime_ns

    assert demo.run("--check", "--teachers", "60").stderr == ""
    assert (demo.accounts.read_text(encoding="utf-8"), demo.accounts.stat().st_mtime_ns) == before


def test_a_reset_makes_everything_anew_and_gives_new_pass_phrases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(_: homes.Home, folder: Path, __: RegionSpec, ingredients: str) -> None:
        bound = bind_cast(TREE, [person("1", "C", "李甲")], lacking=["1"], hours={})
        write_accounts(folder / "accounts.txt", [(one, pass_phrase()) for one in bound])
        homes.write_stamp(folder, ingredients)

    def told(*more: str) -> str:
        arguments = ["--home", str(tmp_path), "--teachers", "60", "--check", *more]
        done = CliRunner().invoke(commands.demo, arguments, catch_exceptions=False)
        assert done.exit_code == 0
        return Demo(tmp_path).accounts.read_text(encoding="utf-8")

    monkeypatch.setattr(commands, "_build", build)
    monkeypatch.setattr(commands, "_summary", dict)
    for name in ("QIANGSHI_HOME", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, "")

    first, again, anew = told(), told(), told("--reset")

    assert first == again
    assert {*first.split("\n")} & {*anew.split("\n")} == {""}
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_dir()) == ["demo"]


def test_accounts_are_for_the_owners_eyes(made: Made) -> None:
    accounts = made.demo.accounts
    lines = accounts.read_text(encoding="utf-8").splitlines()

    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert lines[0].startswith("赵科长\tzhao\t")
    assert len({line.split("\t")[2] for line in lines}) == len(lines)


def test_a_damaged_stamp_makes_a_demonstration_count_as_not_made(tmp_path: Path) -> None:
    home = homes.Home(tmp_path)
    home.demo.mkdir()
    homes.write_stamp(home.demo, "as ordered")
    assert homes.is_made(home, "as ordered")

    (home.demo / homes.STAMP).write_text("{", encoding="utf-8")

    assert not homes.is_made(home, "as ordered")


def test_a_taken_port_is_told_in_one_line_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = Demo(tmp_path).run("--port", str(port))

    assert done.returncode == 1
    assert f"127.0.0.1:{port} 已被占用" in done.stderr
    assert "--port" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")

    done = Demo(file / "var").run("--check")

    assert done.returncode == 1
    assert "不可写" in done.stderr
    assert "--home" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_pass_phrases_are_long_and_never_alike() -> None:
    phrases = {pass_phrase() for _ in range(100)}

    assert len(phrases) == 100
    assert {len(phrase) for phrase in phrases} == {19}


def test_whatever_a_demonstration_is_made_of_changes_its_stamp() -> None:
    plain = homes.made_of(RegionSpec(teachers=60), plans_sha256="a")

    assert plain == homes.made_of(RegionSpec(teachers=60), plans_sha256="a")
    assert plain != homes.made_of(RegionSpec(teachers=61), plans_sha256="a")
    assert plain != homes.made_of(RegionSpec(teachers=60), plans_sha256="b")


def organisation(organisation_id: str, parent_id: str | None, tier: str) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "parent_id": parent_id, "tier": tier}


def person(person_id: str, organisation_id: str, name: str) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "organisation_id": organisation_id,
        "name": name,
        "staff_class": "teacher",
        "stage": "primary",
        "title_rank": "senior",
    }


TREE = [
    organisation("R", None, "region"),
    organisation("A", "R", "township"),
    organisation("A1", "A", "school"),
    organisation("B", "R", "township"),
    organisation("C", "R", "school"),
]


def test_the_cast_stands_in_one_unit_and_zhou_in_another() -> None:
    people = [person("1", "C", "李甲"), person("2", "A1", "王乙"), person("3", "A1", "李丙")]

    bound = bind_cast(TREE, people, lacking=["1", "2", "3"], hours={})

    assert [(one.part.username, one.organisation_id) for one in bound][:5] == [
        ("zhao", "R"),
        ("qian", "A"),
        ("sun", "A1"),
        ("li", "A1"),
        ("zhou", "B"),
    ]
    assert bound[3].person_id == "3"
    last = {one.part.username: one.person_id for one in bound if one.person_id}
    assert last == {"li": "3", "zhu": "1", "ma": "2"}


def test_where_there_is_no_second_unit_nobody_plays_zhou() -> None:
    bound = bind_cast(TREE[:3], [person("1", "A1", "王乙")], lacking=[], hours={})

    played = [one.part.username for one in bound]
    assert played[:4] == ["zhao", "qian", "sun", "li"]
    assert "zhou" not in played


def test_the_cast_plays_in_a_region_of_one_school() -> None:
    school = [organisation("S", None, "school")]

    bound = bind_cast(school, [person("1", "S", "王乙")], lacking=[], hours={})

    assert {one.organisation_id for one in bound} == {"S"}
