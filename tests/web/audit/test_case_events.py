"""What happened to a case is held by the log: altered, removed and inserted rows are named."""

from __future__ import annotations

import random
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from qiangshi_web.casework.actions import act_on, hand_in, open_case, tick
from qiangshi_web.casework.models import Case, CaseEvent, Decision
from qiangshi_web.kernel.actors import Actor
from qiangshi_web.kernel.chain.verifying import verify
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import operation
from tests.web.audit.sealing import seal_now
from tests.web.audit.test_chain import anchor_now, execute, unguard
from tests.web.casework.filed import (
    AT,
    REGISTRATION,
    TODAY,
    everything,
    move,
    registration,
    to_county,
)
from tests.web.records.factories import school, teacher

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tests.cast import Cast

ROWS = "casework_caseevent"
TRIES = 60


@pytest.fixture
def case(cast: Cast) -> Case:
    """A registration on the county's desk, sealed as its commits would."""
    made = to_county(cast, registration(cast))
    seal_now()
    return made


def held() -> list[Event]:
    """The events that hold rows of cases."""
    return list(Event.objects.filter(relation=ROWS).order_by("pk"))


def copied(row: CaseEvent, **changes: object) -> CaseEvent:
    """A row beside another, put there round the application."""
    told = {one.attname: getattr(row, one.attname) for one in CaseEvent._meta.concrete_fields}
    made = CaseEvent(**(told | {"id": None} | changes))
    CaseEvent.objects.bulk_create([made])
    return made


def alter(draw: random.Random, rows: list[CaseEvent]) -> str:
    row = draw.choice(rows)
    column, value = draw.choice(
        [
            ("name", "别人"),
            ("on_behalf_of", "别人"),
            ("user_id", None),
            ("verb", "answer"),
            ("body", '{"target": "passed"}'),
            ("at", AT.replace(microsecond=1)),
            ('"on"', TODAY.replace(day=1)),
        ]
    )
    execute(f"UPDATE {ROWS} SET {column} = %s WHERE id = %s", value, row.pk)
    return f"{row.case_id}/{row.number}被改动"


def remove(draw: random.Random, rows: list[CaseEvent]) -> str:
    row = draw.choice(rows)
    execute(f"DELETE FROM {ROWS} WHERE id = %s", row.pk)
    return f"{row.case_id}/{row.number}被删除"


def insert(draw: random.Random, rows: list[CaseEvent]) -> str:
    row = copied(draw.choice(rows), number=len(rows) + draw.randint(1, 9))
    return f"{row.case_id}/{row.number}不在链上"


def replace_by_another(draw: random.Random, rows: list[CaseEvent]) -> str:
    row = draw.choice(rows)
    remove(draw, [row])
    copied(row, name="别人")
    return f"{row.case_id}/{row.number}不在链上"


def swap_numbers(draw: random.Random, rows: list[CaseEvent]) -> str:
    one, other = draw.sample(rows, 2)
    for row, number in ((one, 99), (other, one.number), (one, other.number)):
        execute(f"UPDATE {ROWS} SET number = %s WHERE id = %s", number, row.pk)
    return f"{one.case_id}/{one.number}被改动"


def alter_and_hold_anew(draw: random.Random, rows: list[CaseEvent]) -> str:
    """The log is made to fit, but whoever does it cannot seal."""
    alter(draw, rows)
    event = held()[0]
    execute("UPDATE kernel_event SET after = '{}' WHERE id = %s", event.pk)
    return f"操作记录{event.pk}的内容"


TAMPERINGS: list[Callable[[random.Random, list[CaseEvent]], str]] = [
    alter,
    alter,
    remove,
    insert,
    replace_by_another,
    swap_numbers,
    alter_and_hold_anew,
]


def test_every_tampering_with_a_case_is_found_and_named(case: Case) -> None:
    rows, draw = list(case.events.all()), random.Random(20251231)
    anchor, found = anchor_now(), verify(anchor_now())
    assert (found.faults, found.rows) == ((), len(rows))
    unguard()
    for number in range(TRIES):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        with transaction.atomic():
            expected = tamper(draw, rows)
            told = "；".join(fault.text_zh for fault in verify(anchor).faults)
            assert expected in told, f"{tamper.__name__}: {told}"
            transaction.set_rollback(True)
    assert verify(anchor).faults == ()


def opened_many(count: int) -> None:
    """Registrations that wait for their school, of as many teachers."""
    for number in range(count):
        teacher(f"T{number}", "S1")
        own = Actor(user_id=None, name="本人", person_id=f"T{number}", holdings=())
        made = open_case(
            REGISTRATION, actor=own, on=TODAY, at=AT, payload={}, person_id=f"T{number}"
        )
        act_on(made.pk, verb="move", key="submit", actor=own, on=TODAY, at=AT)


def far_from(day: date) -> date:
    return day.replace(year=day.year + 1)


@pytest.mark.django_db
def test_all_cases_of_a_tick_are_held_by_one_event() -> None:
    school("S1")
    opened_many(3)
    before = len(held())

    assert tick(on=far_from(TODAY), at=AT)["escalated"] == 3

    event = held()[before]
    assert len(held()) == before + 1
    assert (event.actor, event.key, len((event.after or {})["rows"])) == ("系统", "", 3)
    seal_now()
    assert verify(anchor_now()).faults == ()


def standing_in(cast: Cast, who: str, absent: str) -> Actor:
    """A member of the cast with another's offices handed on to her beside her own."""
    actor, other = cast.actor(who), cast.actor(absent)
    lent = tuple(replace(one, on_behalf_of=other.name) for one in other.holdings)
    return replace(actor, holdings=(*actor.holdings, *lent))


def test_who_acts_for_another_is_logged_with_her_and_only_then(cast: Cast) -> None:
    case = registration(cast)
    act: dict[str, Any] = {"case_id": case.pk, "verb": "move", "on": TODAY, "at": AT}
    act_on(**act, key="submit", actor=standing_in(cast, "li", "sun"))
    act_on(**act, key="endorse", actor=standing_in(cast, "zheng", "sun"))

    told = [(event.verb, event.key, event.on_behalf_of) for event in held()]
    assert told[1:] == [
        ("move", str(case.pk), ""),
        ("move", str(case.pk), cast.actor("sun").name),
    ]
    rows = case.events.order_by("number").values_list("on_behalf_of", flat=True)
    assert list(rows)[-2:] == ["", cast.actor("sun").name]
    shown = cast.signed_in("sun").get(reverse("case", args=[case.pk])).content.decode()
    assert f"受{cast.actor('sun').name}委托" in shown


def test_for_whom_somebody_acted_is_held_too_and_rows_from_before_it_was_kept_hold(
    cast: Cast,
) -> None:
    case = registration(cast)
    act_on(case_id=case.pk, verb="move", key="submit", on=TODAY, at=AT, actor=cast.actor("li"))
    act_on(
        case_id=case.pk, verb="move", key="endorse", on=TODAY, at=AT,
        actor=standing_in(cast, "zheng", "sun"),
    )  # fmt: skip
    seal_now()
    assert verify(anchor_now()).faults == ()
    unguard()
    last = case.events.latest("number")

    execute(f"UPDATE {ROWS} SET on_behalf_of = '' WHERE id = %s", last.pk)

    assert [fault.kind for fault in verify(anchor_now()).faults] == ["altered"]


@pytest.mark.parametrize(
    ("column", "value", "kinds"),
    [("outcome", "不合格", ["altered"]), ("withdrawn_on", TODAY, []), ("", "", ["removed"])],
)
def test_a_decision_is_held_but_for_its_withdrawal(
    case: Case, cast: Cast, column: str, value: object, kinds: list[str]
) -> None:
    move(cast, case, "zhao", "defer", reason="学时不足")
    seal_now()
    decision = case.decisions.get()
    assert verify(anchor_now()).faults == ()

    rows = Decision.objects.filter(pk=decision.pk)
    rows.update(**{column: value}) if column else rows.delete()

    assert [fault.kind for fault in verify(anchor_now()).faults] == kinds


def test_a_document_is_held_and_refuses_to_change(case: Case, cast: Cast) -> None:
    paper = hand_in(case, name="证明.pdf", content=b"%PDF", kind="", actor=cast.actor("li"), at=AT)
    seal_now()
    with pytest.raises(DatabaseError), transaction.atomic():
        execute("UPDATE casework_document SET sha256 = 'x' WHERE id = %s", paper.pk)
    assert verify(anchor_now()).faults == ()
    unguard()

    execute("UPDATE casework_document SET sha256 = 'x' WHERE id = %s", paper.pk)

    faults = verify(anchor_now()).faults
    assert [fault.text_zh for fault in faults] == [f"办件材料{case.pk}/证明.pdf被改动"]


def test_turning_an_operation_back_leaves_what_happened_to_cases(cast: Cast) -> None:
    with operation("case-1"):
        registration(cast)

    assert [event.operation_id for event in held()] == [""]


def test_papers_from_before_the_log_held_them_are_taken_into_it(cast: Cast) -> None:
    everything(cast)
    migration = import_module("qiangshi_web.casework.migrations.0004_papers_in_the_chain")
    seal_now()
    assert [fault.kind for fault in verify(anchor_now()).faults] == ["inserted"]

    migration.hold(apps, connection.schema_editor())
    seal_now()

    assert verify(anchor_now()).faults == ()


def test_cases_from_before_the_log_held_them_are_taken_into_it(case: Case) -> None:
    copied(case.events.latest("number"), number=77)
    migration = import_module("qiangshi_web.casework.migrations.0003_events_in_the_chain")
    assert [fault.kind for fault in verify(anchor_now()).faults] == ["inserted"]

    migration.hold(apps, connection.schema_editor())
    seal_now()

    assert verify(anchor_now()).faults == ()
