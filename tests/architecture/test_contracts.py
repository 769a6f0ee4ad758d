"""The import contracts bite: a breach of each, planted in a copy of the sources, is reported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
CONTEXTS = "qiangshi_web/contexts"

# Contract, file of the copy that a line is added to (made if absent), the line.
BREACHES = (
    ("library-alone", "qiangshi/periods.py", "import qiangshi_web.kernel"),
    ("library-alone", "qiangshi/measure/planted.py", "import django.db"),
    ("library-layers", "qiangshi/policy/files.py", "import qiangshi.measure"),
    ("library-layers", "qiangshi/unplaced/__init__.py", "import datetime"),
    ("library-cycles", "qiangshi/policy/files.py", "import qiangshi.policy.loading"),
    ("duckdb", "qiangshi/synthetic/planted.py", "import duckdb"),
    ("duckdb", "qiangshi_web/analytics/planted.py", "import duckdb"),
    ("sqlglot", "qiangshi/policy/files.py", "import sqlglot"),
    ("columns", "qiangshi/policy/files.py", "import pyarrow"),
    ("columns", "qiangshi_web/portal/planted.py", "import numpy"),
    ("application-layers", "qiangshi_web/kernel/planted.py", "import qiangshi_web.portal"),
    ("application-layers", "qiangshi_web/analytics/planted.py", "import qiangshi_web.portal"),
    ("contexts", f"{CONTEXTS}/organisations/planted.py", "import qiangshi_web.contexts.people"),
    ("contexts", f"{CONTEXTS}/unplaced/__init__.py", "import datetime"),
    ("between-contexts", f"{CONTEXTS}/organisations/planted.py", "import qiangshi_web.identity"),
    (
        "inside-contexts",
        f"{CONTEXTS}/organisations/queries.py",
        "import qiangshi_web.contexts.organisations.actions",
    ),
    (
        "private",
        f"{CONTEXTS}/people/planted.py",
        "import qiangshi_web.contexts.organisations.models",
    ),
    ("private", "qiangshi_web/portal/planted.py", "import qiangshi_web.contexts.people.models"),
)


def contracts() -> dict[str, str]:
    """Identifier → name of every contract."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        contract["id"]: contract["name"]
        for contract in settings["tool"]["importlinter"]["contracts"]
    }


def report(sources: Path, contract: str) -> str:
    """What lint-imports says of one contract about the sources in a folder."""
    found = subprocess.run(
        [
            *(LINT_IMPORTS, "--config", ROOT / "pyproject.toml", "--contract", contract),
            *("--no-cache", "--no-logo"),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(sources), str(ROOT)])},
        cwd=sources,
        check=False,
    )
    return found.stdout + found.stderr


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources, their Python only, with a second context if there is none yet."""
    for file in (ROOT / "src").rglob("*.py"):
        copy = tmp_path / file.relative_to(ROOT / "src")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    people = tmp_path / CONTEXTS / "people"
    people.mkdir(exist_ok=True)
    for name in ("__init__.py", "models.py"):
        (people / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("contract", "file", "line"), BREACHES, ids=[f"{b[0]}-{Path(b[1]).stem}" for b in BREACHES]
)
def test_a_planted_breach_is_reported(sources: Path, contract: str, file: str, line: str) -> None:
    planted = sources / file
    planted.parent.mkdir(exist_ok=True)
    with planted.open("a", encoding="utf-8") as out:
        out.write(f"\n{line}\n")
    assert f"{contracts()[contract]} BROKEN" in report(sources, contract)


def test_every_contract_has_a_planted_breach() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(contracts())
