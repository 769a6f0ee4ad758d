"""Two clerks write at the same moment: one of them is told that the other was first."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.architecture.sources import ROOT
from tests.web.records.copies import environment, execute, new_database, run, vendor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PEOPLE = [f"W{number:02}" for number in range(25)]

PREPARE = f"""
import django; django.setup()
from qiangshi_web.contexts.people.models import Person
from qiangshi_web.kernel.records import record
from tests.web.records.factories import TOLD, school
school("S1"), school("S2")
for person in {PEOPLE!r}:
    record(Person, dict(person_id=person, name="某人"), **TOLD)
"""
UNGUARD = {
    "sqlite": [
        "DROP TRIGGER people_employment_no_overlap_insert",
        "DROP TRIGGER people_employment_no_overlap_update",
    ],
    "postgresql": [
        "ALTER TABLE people_employment DROP CONSTRAINT people_employment_no_overlap",
    ],
}


@pytest.fixture(scope="module")
def prepared(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a database with two schools and people who are employed nowhere."""
    folder = tmp_path_factory.mktemp("prepared")
    with new_database(folder, "prepared", like=migrated) as address:
        run(address, "-c", PREPARE)
        yield address


def clerk(school: str, day: str, address: str) -> subprocess.Popen[str]:
    """A clerk in a process of her own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.web.records.writer", school, day, *PEOPLE],
        env=environment(address),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def race(address: str) -> list[list[str]]:
    """What two clerks are told of each person, whom they employ at two schools at one moment."""
    told = []
    with clerk("S1", "2024-09-01", address) as one, clerk("S2", "2024-10-01", address) as other:
        for _ in PEOPLE:
            assert [heard(one), heard(other)] == ["ready", "ready"]
            go(one)
            go(other)
            told.append([heard(one), heard(other)])
    assert [one.returncode, other.returncode] == [0, 0]
    return told


def heard(clerk: subprocess.Popen[str]) -> str:
    assert clerk.stdout is not None
    return clerk.stdout.readline().rstrip()


def go(clerk: subprocess.Popen[str]) -> None:
    assert clerk.stdin is not None
    clerk.stdin.write("\n")
    clerk.stdin.flush()


@pytest.mark.parametrize("guards", ["the database too", "the verbs alone"])
def test_of_two_clerks_who_employ_the_same_person_one_is_refused(
    prepared: str, guards: str, tmp_path: Path
) -> None:
    with new_database(tmp_path, "raced", like=prepared) as address:
        if guards == "the verbs alone":
            execute(address, *UNGUARD[vendor()])
        for told in race(address):
            refused, taken = sorted(told)
            assert taken == "taken"
            assert "时间重叠" in refused
        counted = "SELECT count(*), count(DISTINCT person_id) FROM people_employment"
        assert execute(address, counted) == [(len(PEOPLE), len(PEOPLE))]
