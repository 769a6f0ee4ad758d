"""Two reviewers decide at the same moment: one wins, the other is told."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT
from tests.web.records.copies import environment, execute, new_database, run

if TYPE_CHECKING:
    from pathlib import Path

CASES = range(1, 11)

PREPARE = """
import django; django.setup()
from qiangshi_web.casework.actions import act_on, open_case
from qiangshi_web.kernel.actors import Actor
from tests.web.casework.filed import AT, REGISTRATION, TODAY
from tests.web.records.factories import school, teacher
school("S1")
for number in range(1, 11):
    teacher(f"T{number}", "S1")
    own = Actor(user_id=None, name="本人", person_id=f"T{number}", holdings=())
    case = open_case(
        REGISTRATION, actor=own, on=TODAY, at=AT, payload={}, person_id=f"T{number}"
    )
    act_on(case.pk, verb="move", key="submit", actor=own, on=TODAY, at=AT)
"""


def reviewer(name: str, address: str) -> subprocess.Popen[str]:
    """A reviewer in a process of her own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.web.casework.reviewer", name, *map(str, CASES)],
        env=environment(address),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def at_once(one: subprocess.Popen[str], other: subprocess.Popen[str]) -> list[str]:
    """What both are told of the next case, in order of words."""
    both = (one, other)
    assert [said(each) for each in both] == ["ready", "ready"]
    for each in both:
        assert each.stdin is not None
        print(file=each.stdin, flush=True)
    return sorted(said(each) for each in both)


def test_of_two_reviewers_one_wins_and_the_other_is_told(tmp_path: Path, migrated: str) -> None:
    with new_database(tmp_path, "reviewed", like=migrated) as address:
        run(address, "-c", PREPARE)
        with reviewer("甲", address) as one, reviewer("乙", address) as other:
            told = [at_once(one, other) for _ in CASES]

        assert all(first == "done" and "已由他人办理" in second for first, second in told), told
        counted = execute(address, "SELECT count(*) FROM casework_caseevent")
        assert counted == [(3 * len(CASES),)]
