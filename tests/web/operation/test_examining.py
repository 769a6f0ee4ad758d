"""Whether an installation can work, as its watchers and its keeper see it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
import pytest
from django.db import DatabaseError, connection
from django.test import Client

from qiangshi.cli import command as qiangshi
from qiangshi_web.jobs.actions import bid_farewell, show_life
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.operation import examining, health
from qiangshi_web.operation.examining import Finding, examine
from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

NOW = datetime(2025, 12, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clocks_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the database goes by the tests' own time."""
    monkeypatch.setattr(examining, "_database_clock", lambda: NOW)


def looked(at: datetime = NOW) -> dict[str, Finding]:
    return {finding.about: finding for finding in examine(at=at)}


@pytest.mark.django_db
def test_the_doctor_looks_at_everything_and_says_what_to_do(
    settings: Settings, tmp_path: Path
) -> None:
    settings.QIANGSHI_FOLDER = tmp_path

    found = looked()

    kept = ["durability"] if connection.vendor == "postgresql" else []
    assert list(found) == [
        "settings", "factors", "database", *kept, "migrations", "clock", "folder", "keys", "log",
        "fonts", "jobs",
    ]  # fmt: skip
    good = {name for name, one in found.items() if one.state == "good"}
    assert {"migrations", "clock", "keys", "log", "fonts"} <= good
    assert found["jobs"].cure == "启动 qiangshi jobs work"
    assert all(one.cure for one in found.values() if one.state != "good")


@pytest.mark.django_db
@pytest.mark.parametrize("off", ["", "synchronous_commit", "fsync"])
def test_a_server_that_may_forget_what_it_answered_is_bad(
    monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    class Cursor:
        """A server on which one setting is off."""

        def __enter__(self) -> Cursor:
            return self

        def __exit__(self, *_: object) -> None: ...

        def execute(self, _: str, names: list[str]) -> None:
            self.asked = names[0]

        def fetchone(self) -> tuple[str]:
            return ("off" if self.asked == off else "on",)

    monkeypatch.setattr(connection, "cursor", Cursor)

    found = examining._durability()  # noqa: SLF001 - SQLite has no such settings to ask for

    assert (found.state, off in found.text) == ("bad" if off else "good", True)


@pytest.mark.django_db
def test_a_worker_is_missed_when_it_falls_silent_and_not_when_it_took_its_leave() -> None:
    show_life("here:1", at=NOW)
    assert looked(NOW + timedelta(seconds=60))["jobs"].state == "good"
    assert looked(NOW + timedelta(seconds=61))["jobs"].state == "bad"

    show_life("here:1", at=NOW + timedelta(hours=1))
    bid_farewell("here:1")
    assert looked(NOW + timedelta(hours=1))["jobs"].state == "bad"


@pytest.mark.django_db
def test_a_clock_behind_the_log_and_a_lost_key_are_bad(settings: Settings, tmp_path: Path) -> None:
    settings.QIANGSHI_FOLDER = tmp_path
    note("backup", "installation", actor=NOBODY, at=NOW + timedelta(minutes=1))
    assert looked()["clock"].state == "bad"

    key = dict(settings.QIANGSHI_KEYS["log"][0], id="log-9")
    settings.QIANGSHI_KEYS = {**settings.QIANGSHI_KEYS, "log": [key]}
    assert "log-1" in looked()["keys"].text
    assert looked()["log"].state == "bad"


@pytest.mark.django_db
def test_a_process_is_ready_when_its_database_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> object:
        raise DatabaseError("away")

    def answer(address: str) -> tuple[int, list[str]]:
        response = Client().get(address, headers={"host": "10.0.0.7:8000"})
        return response.status_code, json.loads(response.content)["lacking"]

    assert answer("/health/live") == (200, [])
    assert answer("/health/ready") == (200, [])

    health._was_migrated.cache_clear()  # noqa: SLF001 - what a new process starts with
    monkeypatch.setattr(health, "pending", lambda: ["jobs.0002_worker_signs"])
    assert answer("/health/ready") == (503, ["migrations"])

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert answer("/health/ready") == (503, ["database"])
    assert answer("/health/live") == (200, [])


def calls_that_are_shown() -> list[str]:
    """Every call of ours that deploy/ and the guide make."""
    shown = [*sorted((ROOT / "deploy").rglob("*")), ROOT / "docs/how-to/operate.md"]
    files = [file.read_text(encoding="utf-8") for file in shown if file.is_file()]
    return sorted({call for text in files for call in _CALL.findall(text)})


_CALL = re.compile(r"qiangshi ((?:[a-z]+)(?: [\w./-]+)*)")


@pytest.mark.parametrize("call", [one for one in calls_that_are_shown() if "--" in one])
def test_every_command_that_the_guide_shows_is_one_of_ours(call: str) -> None:
    command: click.Command | None = qiangshi
    words = call.split()
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))

    assert command is not None, f"expected a command of ours, got {call}"
    known = {option for one in command.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_guide_shows_every_command_of_operation() -> None:
    shown = {call.split()[0] for call in calls_that_are_shown()}

    assert {"serve", "jobs", "backup", "restore", "upgrade", "doctor", "audit", "keys"} <= shown


def test_every_variable_that_the_recipes_set_is_one_that_production_reads() -> None:
    recipes = [file for file in (ROOT / "deploy").rglob("*") if file.is_file()]
    told = {name for file in recipes for name in _VARIABLE.findall(file.read_text("utf-8"))}
    settings = ROOT / "src/qiangshi_web/settings/production.py"
    read = set(_VARIABLE.findall(settings.read_text("utf-8")))

    assert {name.removesuffix("_FILE") for name in told} <= {
        name.removesuffix("_FILE") for name in read
    }


_VARIABLE = re.compile(r"QIANGSHI_[A-Z_]+[A-Z]")
