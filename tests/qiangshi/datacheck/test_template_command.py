from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from qiangshi.cli import command
from qiangshi.errors import UnknownPlan, WorkbookError
from tests.qiangshi.datacheck.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def template(out: Path, *more: str, plan: str = "xiaocheng-2024") -> Result:
    arguments = ["template", plan, "--out", str(out), "--policy", str(ROOT), *more]
    return CliRunner().invoke(command, arguments, catch_exceptions=True)


def test_the_command_writes_the_template_and_names_its_sheets(tmp_path: Path) -> None:
    result = template(tmp_path / "模板.xlsx")
    assert result.exit_code == 0, result.output
    assert "机构、台账确认、年度经费、教职工" in result.output
    assert (tmp_path / "模板.xlsx").read_bytes().startswith(b"PK")


def test_a_template_that_somebody_filled_in_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "模板.xlsx"
    out.write_bytes(b"filled in")
    result = template(out)
    assert isinstance(result.exception, WorkbookError)
    assert "--overwrite" in str(result.exception)
    assert out.read_bytes() == b"filled in"


def test_a_template_is_written_over_when_asked_or_when_nothing_is_lost(tmp_path: Path) -> None:
    out = tmp_path / "模板.xlsx"
    out.write_bytes(b"filled in")
    assert template(out, "--overwrite").exit_code == 0
    assert template(out).exit_code == 0


@pytest.mark.parametrize("place", ["没有/模板.xlsx"])
def test_a_folder_that_is_not_there_is_named(place: str, tmp_path: Path) -> None:
    result = template(tmp_path / place)
    assert isinstance(result.exception, WorkbookError)
    assert "无法写入" in str(result.exception)


def test_an_unknown_plan_is_told_in_one_line(tmp_path: Path) -> None:
    result = template(tmp_path / "模板.xlsx", plan="没有")
    assert isinstance(result.exception, UnknownPlan)
    assert "\n" not in str(result.exception)
