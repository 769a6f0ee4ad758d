"""The wheel as a stranger gets it: built through the sdist, installed clean, used elsewhere."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proof.commands import ROOT, NotProvenError, require, run
from tests.proof.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORT = (
    *("export", "--frozen", "--quiet", "--extra", "web", "--no-dev"),
    *("--no-emit-project", "--no-header", "--no-annotate"),
)
_SETUP = ROOT / "bin" / "setup"
_PLACE = ROOT / ".test-env" / "wheel"
_PYTHON = _PLACE / "bin" / "python"
_PLAN = "jiyuan-2021"
# Folder of the sources → where its files lie in the wheel.
_SHIPPED = {
    "src/qiangshi": "qiangshi",
    "src/qiangshi_web": "qiangshi_web",
    "policy": "qiangshi/_policy",
}


def proven(log: Path) -> Verdict:
    """Build the wheel, then use the library and load the application out of it."""
    built = _build(log)
    missing = sorted(set(_expected()) - set(zipfile.ZipFile(built).namelist()))
    if missing:
        raise NotProvenError(f"not in the wheel: {', '.join(missing[:5])} ({len(missing)} files)")
    _clean_environment(log)
    _install(str(built), log=log)
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        used = _use_library(Path(folder), log)
        _install(f"qiangshi[web] @ {built.as_uri()}", log=log)
        used += _use_application(Path(folder), log)
    return Verdict(passed=used, failed=0)


def _build(log: Path) -> Path:
    dist = _PLACE.with_name("dist")
    shutil.rmtree(dist, ignore_errors=True)
    require([_SETUP, "uv", "build", "--quiet", "--out-dir", dist, ROOT], log=log)
    return next(dist.glob("*.whl"))


def _expected() -> Iterator[str]:
    for source, shipped in _SHIPPED.items():
        for file in (ROOT / source).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield f"{shipped}/{file.relative_to(ROOT / source).as_posix()}"


def _clean_environment(log: Path) -> None:
    shutil.rmtree(_PLACE, ignore_errors=True)
    _PLACE.parent.mkdir(exist_ok=True)
    base = ROOT / ".venv" / "bin" / "python"
    require([_SETUP, "uv", "venv", "--quiet", "--python", base, _PLACE], log=log)


def _install(what: str, *, log: Path) -> None:
    """Install with the locked versions as bounds: the wheel's own metadata must ask for them."""
    bounds = ROOT / "requirements.lock"
    require(
        [_SETUP, "uv", "pip", "install", "--python", _PYTHON, "--constraints", bounds, what],
        log=log,
    )


def _use_library(folder: Path, log: Path) -> int:
    """Number of commands that did their work where only the library is installed."""
    if run([_PYTHON, "-c", "import django"], log=log, cwd=folder) == 0:
        raise NotProvenError("the library's wheel brings Django")
    uses = (
        "--version",
        "--help",
        "plan check",
        "synthetic --teachers 60 --out region",
        f"measure {_PLAN} --data region",
        f"template {_PLAN} --out template.xlsx",
    )
    for use in uses:
        command: list[str | Path] = [_PYTHON.with_name("qiangshi"), *use.split()]
        require(command, log=log, env={"PYTHONPATH": ""}, cwd=folder)
    asked = run([_PYTHON.with_name("qiangshi"), "demo", "--check"], log=log, cwd=folder)
    answer = log.read_text(encoding="utf-8").splitlines()[-1]
    if asked != 1 or "qiangshi[web]" not in answer:
        raise NotProvenError(f"`qiangshi demo` without the application answers: {answer}")
    return len(uses) + 1


def _use_application(folder: Path, log: Path) -> int:
    load = "import django; django.setup(); import qiangshi_web.urls"
    env = {"PYTHONPATH": "", "DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.demo"}
    require([_PYTHON, "-c", load], log=log, env=env, cwd=folder)
    return 1
