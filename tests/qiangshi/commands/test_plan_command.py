"""`qiangshi plan`, typed as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qiangshi.cli import command, main
from qiangshi.errors import QiangshiError

SMALL = Path(__file__).parents[1] / "policy" / "small"


def _type(*words: str) -> Result:
    return CliRunner().invoke(command, ["plan", *words])


def test_check_counts_every_plan() -> None:
    shown = _type("check").output
    assert "jiyuan-2021：132 项要求" in shown


def test_check_of_an_unknown_plan_names_those_there_are() -> None:
    result = _type("check", "jiyuan-2022")
    assert isinstance(result.exception, QiangshiError)
    assert "jiyuan-2021" in str(result.exception)


def test_show_lists_clauses_with_values_and_carriers() -> None:
    shown = _type("show", "jiyuan-2021").output
    assert "四(三)　岗位培训" in shown
    assert "360 学时" in shown
    assert "standard:class-hours-five-years" in shown


def test_show_as_json_is_the_whole_plan() -> None:
    plan = json.loads(_type("show", "jiyuan-2021", "--json").output)
    assert len(plan["provisions"]) == 132


def test_coverage_counts_plans_and_total() -> None:
    told = json.loads(_type("coverage", "--json").output)
    parts = [counts for name, counts in told.items() if name != "total"]
    for key in ("provisions", "carried", "right_kind", "live"):
        assert told["total"][key] == sum(counts[key] for counts in parts)
    assert told["total"]["carried"] == told["total"]["provisions"]
    assert told["total"]["right_kind"] == told["total"]["provisions"]
    assert len(told["total"]["rest"]) == told["total"]["provisions"] - told["total"]["live"]


def test_compare_shows_plans_side_by_side() -> None:
    shown = _type("compare", "hours").output
    assert "360 学时" in shown
    assert "450 学时" in shown


def test_compare_on_an_unknown_matter_is_one_clear_line() -> None:
    result = _type("compare", "weather")
    assert isinstance(result.exception, QiangshiError)


def test_diff_of_a_plan_with_itself_is_empty() -> None:
    assert "共 0 处不同" in _type("diff", "jiyuan-2021", "jiyuan-2021").output


def test_trace_reads_a_document(tmp_path: Path) -> None:
    document = tmp_path / "plan.txt"
    document.write_text("一、教师培训\n二、其他", encoding="utf-8")
    words = ["trace", "xiaocheng-2024", "--document", str(document), "--policy", str(SMALL)]
    told = json.loads(_type(*words, "--json").output)
    assert told["provisions"] == 4
    assert told["located"] == 1


def test_schemas_are_written_for_editors(tmp_path: Path) -> None:
    _type("schema", "--out", str(tmp_path))
    schema = json.loads((tmp_path / "standards.schema.json").read_text(encoding="utf-8"))
    assert schema["type"] == "array"


def test_what_goes_wrong_is_told_without_a_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["qiangshi", "plan", "check", "nowhere"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    told = capsys.readouterr().err
    assert "没有名为 nowhere 的方案" in told
    assert "Traceback" not in told
