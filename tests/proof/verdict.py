"""What a stage found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.proof.commands import NotProvenError


@dataclass(frozen=True)
class Verdict:
    """Tests or checks passed and failed; `reason` is one line when something did."""

    passed: int
    failed: int
    reason: str = ""


# Carries a stage out; everything its commands print goes to the given log.
Prove = Callable[[Path], Verdict]


@dataclass(frozen=True)
class Stage:
    """One line of `bin/test`."""

    name: str
    says: str
    prove: Prove


def judged(stage: Stage, log: Path) -> Verdict:
    """Verdict of a stage; one that cannot be carried out has failed."""
    try:
        return stage.prove(log)
    except NotProvenError as reason:
        return Verdict(passed=0, failed=1, reason=str(reason))


def of_report(report: Path, *, exit_code: int) -> Verdict:
    """Verdict of a pytest run from its JUnit report. A skipped test has not proved anything."""
    if not report.exists():
        return Verdict(passed=0, failed=1, reason=f"pytest ended with {exit_code} and no report")
    total, failed, skipped = _counts(report)
    passed = total - failed - skipped
    if failed or skipped:
        return Verdict(passed, failed + skipped, f"{failed} failed, {skipped} skipped")
    if exit_code or not total:
        return Verdict(passed, 1, f"pytest ended with {exit_code} after {total} tests")
    return Verdict(passed=passed, failed=0)


def _counts(report: Path) -> tuple[int, int, int]:
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))

    def count(*names: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites for name in names)

    return count("tests"), count("failures", "errors"), count("skipped")
