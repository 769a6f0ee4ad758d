"""`bin/test` must not say that something passed which did not."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.proof.commands import ROOT, NotProvenError, processor, require, run
from tests.proof.stages import FAST, STAGES, checked
from tests.proof.verdict import Stage, Verdict, judged, of_report

if TYPE_CHECKING:
    from pathlib import Path


def report(folder: Path, **counts: int) -> Path:
    given = " ".join(f'{name}="{count}"' for name, count in counts.items())
    file = folder / "report.xml"
    file.write_text(f"<testsuites><testsuite {given}/></testsuites>", encoding="utf-8")
    return file


def test_passed_tests_are_counted(tmp_path: Path) -> None:
    assert of_report(report(tmp_path, tests=7), exit_code=0) == Verdict(passed=7, failed=0)


def test_failures_and_errors_are_failures(tmp_path: Path) -> None:
    verdict = of_report(report(tmp_path, tests=7, failures=2, errors=1), exit_code=1)
    assert (verdict.passed, verdict.failed) == (4, 3)


def test_a_skipped_test_is_a_failure(tmp_path: Path) -> None:
    verdict = of_report(report(tmp_path, tests=7, skipped=1), exit_code=0)
    assert (verdict.passed, verdict.failed) == (6, 1)


@pytest.mark.parametrize("exit_code", [0, 4, 5])
def test_a_suite_without_tests_is_a_failure(tmp_path: Path, exit_code: int) -> None:
    assert of_report(report(tmp_path, tests=0), exit_code=exit_code).failed == 1


def test_a_suite_that_left_no_report_is_a_failure(tmp_path: Path) -> None:
    assert of_report(tmp_path / "absent.xml", exit_code=3).failed == 1


def test_a_crash_after_the_last_test_is_a_failure(tmp_path: Path) -> None:
    assert of_report(report(tmp_path, tests=7), exit_code=3).failed == 1


def test_a_command_that_fails_fails_its_stage(tmp_path: Path) -> None:
    stage = Stage("x", "x", checked(sys.executable, "-c", "print('seen'); raise SystemExit(3)"))
    verdict = judged(stage, tmp_path / "log")
    assert verdict.failed == 1
    assert "exit code 3" in verdict.reason
    assert "seen" in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_required_command_that_fails_is_not_proven(tmp_path: Path) -> None:
    with pytest.raises(NotProvenError, match="exit code 1"):
        require([sys.executable, "-c", "raise SystemExit(1)"], log=tmp_path / "log")


def test_what_a_command_takes_of_the_processor_is_counted_with_its_children(
    tmp_path: Path,
) -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"

    assert run([sys.executable, "-c", parent], log=tmp_path / "log") == 0

    assert processor[tmp_path / "log"] >= 0.3


def test_a_command_that_does_not_end_is_not_proven(tmp_path: Path) -> None:
    waits = [sys.executable, "-c", "import signal; signal.pause()"]

    with pytest.raises(NotProvenError, match="not done within 0 s"):
        run(waits, log=tmp_path / "log", within_seconds=0.2)


def test_the_fast_stages_exist() -> None:
    assert set(FAST) < {stage.name for stage in STAGES}


def test_the_last_line_is_the_count() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.proof", "--only", "format"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    passed, word, failed, *rest = told.stdout.splitlines()[-1].replace(",", "").split()
    assert (int(passed) + int(failed), word, rest) == (2, "passed", ["failed"])
    assert told.returncode == int(failed)
