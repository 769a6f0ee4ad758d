"""Most files are read and checked where the test is: a process for each would cost the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.datacheck.importing import check_file
from qiangshi_web.exchange.actions import checking
from qiangshi_web.exchange.previewing import preview
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.datacheck.importing import CheckedFile
    from qiangshi_web.exchange.previewing import Found


@pytest.fixture(autouse=True)
def in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the test is about processes of their own."""
    if "apart" in request.fixturenames:
        return
    monkeypatch.setattr(checking, "preview_in_child", _preview)
    monkeypatch.setattr(checking, "check_in_child", _check)


@pytest.fixture
def apart() -> None:
    """For tests in which files are read and checked in processes of their own."""


def _preview(path: Path, *, profile: str) -> Found:
    return preview(path, profile=profile, vocabulary=vocabulary())


def _check(path: Path, *, on_progress: Any, **about: Any) -> CheckedFile:
    return check_file(path, progress=on_progress, **about)
