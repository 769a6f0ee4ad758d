"""Settings are read from the environment and a malformed one stops the start."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ImproperlyConfigured

from qiangshi_web.settings import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "QIANGSHI_TRIED"


def read_integer() -> object:
    return environment.integer(NAME, 1)


def read_truth() -> object:
    return environment.truth(NAME, "true")


def read_database() -> object:
    return environment.database(NAME, default="sqlite:///x")


def read_secret() -> object:
    return environment.secret(NAME)


@pytest.mark.parametrize(
    ("reader", "value", "complaint"),
    [
        (read_integer, "8k", "expected a whole number, got '8k'"),
        (read_integer, "-1", "expected a whole number"),
        (read_integer, "\uff18", "expected a whole number"),  # a full-width 8
        (read_truth, "perhaps", "expected true or false, got 'perhaps'"),
        (read_database, "mysql://here/x", "expected sqlite:///… or postgresql://…/name"),
        (read_database, "postgresql://here:port/x", "expected a port number"),
        (read_database, "postgresql://here", "expected sqlite:///… or postgresql://…/name"),
        (read_secret, "short", "expected 50 characters or more, got 5"),
    ],
)
def test_a_malformed_value_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[[], object], value: str, complaint: str
) -> None:
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=complaint.replace("(", r"\(")):
        reader()


def test_a_password_never_stands_in_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "mysql://root:geheim@here/x")

    with pytest.raises(ImproperlyConfigured) as complaint:
        read_database()

    assert "geheim" not in str(complaint.value)


def test_a_postgresql_address_gives_all_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgresql://qs:p%40ss@db.local:5433/qiangshi?sslmode=require")

    found = environment.database(NAME, default="")

    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("qs", "p@ss", "db.local")
    assert (found["PORT"], found["NAME"]) == ("5433", "qiangshi")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_an_embedded_database_waits_instead_of_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "sqlite:////var/lib/qiangshi/db.sqlite3")

    found = environment.database(NAME, default="")

    assert found["NAME"] == "/var/lib/qiangshi/db.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]


def test_every_absent_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "here")

    with pytest.raises(ImproperlyConfigured, match="QIANGSHI_A, QIANGSHI_B"):
        environment.required(["QIANGSHI_A", NAME, "QIANGSHI_B"])


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 50 + "\n", encoding="utf-8")
    monkeypatch.setenv(f"{NAME}_FILE", str(file))

    assert environment.secret(NAME) == "k" * 50


def production(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """django-admin under the settings of production, with this environment and no other."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QIANGSHI_")}
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={**clean, "DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.production", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_names_every_setting_that_it_lacks() -> None:
    done = production("check")

    assert done.returncode == 1
    names = "QIANGSHI_DATABASE_URL, QIANGSHI_ALLOWED_HOSTS, QIANGSHI_KEYS_FILE"
    assert names in done.stderr


def test_production_passes_djangos_own_examination(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    environment.write_keys(keys, environment.new_keys())
    done = production(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        QIANGSHI_SECRET_KEY="".join(chr(33 + number) for number in range(60)),
        QIANGSHI_KEYS_FILE=str(keys),
        QIANGSHI_DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
        QIANGSHI_ALLOWED_HOSTS="qiangshi.example",
        QIANGSHI_FOLDER=str(tmp_path),
    )

    assert (done.returncode, done.stderr) == (0, "")
