"""Who may write is asked by the verbs: the right role elsewhere writes nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi_web.contexts.ethics.models import EthicsAppraisal
from qiangshi_web.contexts.people.actions import move_person
from qiangshi_web.contexts.people.models import PersonState
from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import Actor, Holding
from qiangshi_web.kernel.records import (
    Refused,
    by_right_of,
    correct,
    end,
    record,
    record_many,
    withdraw,
)
from tests.web.records.factories import BY, TOLD, entry, school, teacher

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi_web.kernel.records.authorship import By, From

pytestmark = pytest.mark.django_db


def holder(role: str, path: str) -> Actor:
    """Somebody who signed in and holds a role in one subtree."""
    held = ROLES[role]
    holding = Holding(role, held.label, "", "", path, held.areas, held.levels)
    return Actor(user_id=7, name=held.label, person_id="", holdings=(holding,))


@pytest.fixture(autouse=True)
def two_schools() -> None:
    """Under C0: S1 with the teacher T1, who has an entry; S2 with nobody."""
    school("C0", kind="central_school", tier="township")
    school("S1", parent_id="C0")
    school("S2", parent_id="C0")
    teacher("T1", "S1")
    entry("T1")


def on_record() -> list[list[dict[str, Any]]]:
    """All that is believed of the teacher."""
    return [[*model.objects.filter(person="T1").values()] for model in (TrainingEntry, PersonState)]


def new_entry(actor: Actor) -> None:
    values = {"person_id": "T1", "completed_on": date(2025, 7, 1), "category": "ethics"}
    told: From = {**TOLD, "actor": actor}
    record(TrainingEntry, values | {"hours": 6, "is_recognised": True}, **told)


def many_entries(actor: Actor) -> None:
    row = {"training_entry_id": "N1", "person_id": "T1", "completed_on": date(2025, 7, 1)}
    told: From = {**TOLD, "actor": actor}
    rows = [row | {"category": "ethics", "hours": 6, "is_recognised": True}]
    record_many("training_entry", rows, **told)


def corrected(actor: Actor) -> None:
    by: By = {**BY, "actor": actor}
    correct(TrainingEntry.objects.get(person="T1"), {"hours": 1}, **by)


def withdrawn(actor: Actor) -> None:
    by: By = {**BY, "actor": actor}
    withdraw(TrainingEntry.objects.get(person="T1"), **by)


def ended(actor: Actor) -> None:
    by: By = {**BY, "actor": actor}
    end(PersonState.objects.get(person="T1"), on=date(2025, 6, 30), **by)


VERBS = [new_entry, many_entries, corrected, withdrawn, ended]


@pytest.mark.parametrize("write", VERBS)
@pytest.mark.parametrize(
    ("role", "path", "ground"),
    [
        ("school_clerk", "C0/S2/", "不在您管理范围内"),
        ("unit_officer", "C1/", "不在您管理范围内"),
        ("supervisor", "C0/", "您的岗位不能写入"),
    ],
)
def test_the_right_role_elsewhere_and_another_role_here_write_nothing(
    write: Callable[[Actor], None], role: str, path: str, ground: str
) -> None:
    before = on_record()
    with pytest.raises(Refused, match=ground):
        write(holder(role, path))
    assert on_record() == before


@pytest.mark.parametrize("write", VERBS)
def test_the_right_role_here_writes(write: Callable[[Actor], None]) -> None:
    before = on_record()
    write(holder("school_clerk", "C0/S1/"))
    assert on_record() != before


def test_a_move_needs_the_right_at_both_schools() -> None:
    told: By = {**BY, "actor": holder("school_clerk", "C0/S1/")}
    with pytest.raises(Refused, match="不在您管理范围内"):
        move_person("T1", to="S2", on=date(2025, 9, 1), **told)
    told["actor"] = holder("unit_officer", "C0/")
    move_person("T1", to="S2", on=date(2025, 9, 1), **told)
    places = PersonState.objects.filter(person="T1").order_by("valid_from")
    assert [*places.values_list("organisation_id", flat=True)] == ["S1", "S2"]


def test_an_area_apart_asks_for_its_own_right() -> None:
    values = {"person_id": "T1", "year": 2024, "result": "qualified"}
    clerk: From = {**TOLD, "actor": holder("school_clerk", "C0/S1/")}
    with pytest.raises(Refused, match="您的岗位不能写入"):
        record(EthicsAppraisal, values, **clerk)
    officer: From = {**TOLD, "actor": holder("ethics_officer", "C0/S1/")}
    assert record(EthicsAppraisal, values, **officer).pk


def test_another_right_that_was_asked_for_is_enough() -> None:
    with by_right_of("case:1"):
        new_entry(holder("bureau_leader", "C0/"))
    with pytest.raises(Refused):
        new_entry(holder("bureau_leader", "C0/"))
