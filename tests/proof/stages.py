"""The stages of `bin/test`, the longest first so that two at a time end together."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proof import browser, postgres, wheel
from tests.proof.commands import ROOT, require, run
from tests.proof.verdict import Prove, Stage, Verdict, of_report

if TYPE_CHECKING:
    from collections.abc import Mapping

SETUP = ROOT / "bin" / "setup"
LIBRARY_PYTHON = ROOT / ".test-env" / "library" / "bin" / "python"
_TOOLS = Path(sys.executable).parent


def checked(*command: str | Path) -> Prove:
    """A stage that holds when a command exits with 0."""

    def prove(log: Path) -> Verdict:
        require(command, log=log)
        return Verdict(passed=1, failed=0)

    return prove


def suite(
    *arguments: str,
    log: Path,
    python: str | Path = sys.executable,
    env: Mapping[str, str] | None = None,
) -> Verdict:
    """Verdict of pytest on `arguments` in the environment of `python`."""
    report = log.with_suffix(".xml")
    report.unlink(missing_ok=True)
    command = [python, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    clean = {"PYTEST_ADDOPTS": "", "PYTHONPATH": "", postgres.ADDRESS: "", **(env or {})}
    return of_report(report, exit_code=run(command, log=log, env=clean))


def library(log: Path) -> Verdict:
    """The library's tests where only its own dependencies are installed."""
    require([SETUP, "library"], log=log)
    if run([LIBRARY_PYTHON, "-c", "import django"], log=log) == 0:
        return Verdict(
            passed=0, failed=1, reason="Django is installed in the library's environment"
        )
    return suite("tests/qiangshi", log=log, python=LIBRARY_PYTHON)


def architecture(log: Path) -> Verdict:
    """What keeps the house in shape, and the machinery of these very stages."""
    return suite("tests/architecture", "tests/proof", log=log)


COSTLY = ("tests/web/operation/test_storm.py",)
"""Told on PostgreSQL, whose server is killed as well; it runs on SQLite when it is called."""


def application_on_sqlite(log: Path) -> Verdict:
    """The application's tests on the embedded database."""
    return suite("tests/web", *(f"--ignore={file}" for file in COSTLY), log=log)


SAME_ON_ANY_DATABASE = (
    "tests/web/test_demo.py",  # makes a database of its own
    "tests/web/test_environment.py",  # starts processes that open none
    "tests/web/rights/test_matrix.py",  # asks what pages declare
    "tests/web/test_scope.py",  # likewise
    "tests/web/test_policies.py",  # shows what the plans' files say
    "tests/web/test_wording.py",  # reads the sources
    "tests/web/casework/test_walks.py",  # walks through declarations, with nothing on record
    "tests/web/records/test_offers.py",  # reads declarations
)


def application_on_postgres(log: Path) -> Verdict:
    """The application's tests on PostgreSQL, but for those to which it makes no difference."""
    without = [f"--ignore={file}" for file in SAME_ON_ANY_DATABASE]
    with postgres.database_for_tests(log) as address:
        return suite("tests/web", *without, log=log, env={postgres.ADDRESS: address})


def journeys(log: Path) -> Verdict:
    """A role's day in a real browser."""
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        env = {browser.CHROMIUM: browser.chromium(log), **browser.chinese_font(Path(folder))}
        return suite("tests/journeys", log=log, env=env)


def apache(log: Path) -> Verdict:
    """One login through Apache's relying party."""
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        env = {browser.CHROMIUM: browser.chromium(log), **browser.chinese_font(Path(folder))}
        return suite("tests/longer", log=log, env=env)


def spark(log: Path) -> Verdict:
    """The same evaluation plan on a local Spark: equal to DuckDB."""
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        return Verdict(
            passed=0, failed=1, reason="no Java: Spark needs a Java 17 runtime (openjdk-17-jre)"
        )
    return suite("-p", "no:django", "tests/spark", log=log)


def locks(log: Path) -> Verdict:
    """`uv.lock` answers pyproject.toml, and requirements.lock, for plain pip, says the same."""
    require([SETUP, "uv", "lock", "--check", "--project", ROOT], log=log)
    exported = log.with_suffix(".requirements")
    require([SETUP, "uv", *wheel.EXPORT, "--output-file", exported], log=log)
    if exported.read_bytes() != (ROOT / "requirements.lock").read_bytes():
        again = f"bin/setup uv {' '.join(wheel.EXPORT)} --output-file requirements.lock"
        return Verdict(passed=0, failed=1, reason=f"requirements.lock is out of date: {again}")
    return Verdict(passed=1, failed=0)


STAGES = (
    Stage("sqlite", "application on SQLite", application_on_sqlite),
    Stage("journeys", "browser journeys in Chromium", journeys),
    Stage("postgres", "application on PostgreSQL", application_on_postgres),
    Stage("library", "library without Django", library),
    Stage("mypy", "mypy --strict", checked(_TOOLS / "mypy", "src", "tests", "bench")),
    Stage("spark", "the same plan on Spark", spark),
    Stage("wheel", "wheel in a clean environment", wheel.proven),
    Stage("architecture", "architecture", architecture),
    Stage("contracts", "import contracts", checked(_TOOLS / "lint-imports", "--no-logo")),
    Stage("ruff", "ruff check", checked(_TOOLS / "ruff", "check", ".")),
    Stage("format", "ruff format --check", checked(_TOOLS / "ruff", "format", "--check", ".")),
    Stage("locks", "locks", locks),
)

# What needs more than a developer's machine has: only by name.
LONGER = (Stage("apache", "one login through Apache's relying party", apache),)

# What answers within a minute: no browser, no server, no download.
FAST = ("library", "sqlite", "mypy", "architecture", "contracts", "ruff", "format")
