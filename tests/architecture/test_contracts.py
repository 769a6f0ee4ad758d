"""The import contracts bite: a breach of each, planted in a copy of the sources, is reported."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

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


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is reported of each breach, and at the end, when none is planted any more."""
    sources = tmp_path_factory.mktemp("sources") / "src"
    shutil.copytree(ROOT / "src", sources, ignore=_all_but_python)
    done = subprocess.run(
        [sys.executable, "-m", "tests.architecture.planting"],
        input=json.dumps(BREACHES),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(sources), str(ROOT)])},
        cwd=sources,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[str] = json.loads(done.stdout)
    return told


def _all_but_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if "." in name and not name.endswith(".py")]


@pytest.mark.parametrize(
    "number", range(len(BREACHES)), ids=[f"{b[0]}-{Path(b[1]).stem}" for b in BREACHES]
)
def test_a_planted_breach_is_reported(reports: list[str], number: int) -> None:
    contract, _, _ = BREACHES[number]

    assert f"{contracts()[contract]} BROKEN" in reports[number]


def test_without_a_breach_every_contract_is_kept(reports: list[str]) -> None:
    assert f"Contracts: {len(contracts())} kept, 0 broken." in reports[-1]


def test_every_contract_has_a_planted_breach() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(contracts())
