"""Staff come, move between schools and go; every span of the past stays on record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qiangshi_web.contexts.organisations.actions import hold, split_organisation
from qiangshi_web.contexts.organisations.queries import state_on as organisation_on
from qiangshi_web.contexts.people.models import Employment, Person, PersonState
from qiangshi_web.contexts.people.queries import lasting_from, state_on
from qiangshi_web.kernel.records import (
    Ground,
    Refused,
    change,
    correct,
    operation,
    record,
    refuse,
    withdraw,
)
from qiangshi_web.kernel.records.authorship import as_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Unpack

    from qiangshi_web.contexts.organisations.actions import Part
    from qiangshi_web.kernel.records.authorship import By, From

_DAY = timedelta(days=1)


@transaction.atomic
def hire_person(
    person: Mapping[str, Any],
    state: Mapping[str, Any],
    *,
    on: date,
    **told: Unpack[From],
) -> Person:
    """Take somebody on from the day `on`: who she is, and how she then stands.

    Somebody already on record is taken on again under her number. Raises Refused with every
    ground, one of them that she works here on that day or later.
    """
    school = str(state.get("organisation_id"))
    hold([school])  # it must not merge or close meanwhile
    if organisation_on(school, on) is None:
        raise refuse(_not_open(school, on), "organisation_id")
    known = Person.objects.filter(pk=person.get("person_id")).first()
    with operation("hire_person"):
        hired = known or record(Person, person, **told)
        span = {"person_id": hired.pk, "valid_from": on}
        record(PersonState, {**state, **span}, **told)
        record(Employment, {**span, "organisation_id": school}, **told)
    return hired


@transaction.atomic
def move_person(
    person_id: str,
    *,
    to: str,
    on: date,
    changes: Mapping[str, Any] | None = None,
    **by: Unpack[By],
) -> str:
    """Let a person work at another organisation from the day `on`; the number to undo it by.

    `changes` are other columns of her state that change with the move. Raises Refused with every
    ground.
    """
    state = _hold(person_id, to=to, on=on)
    with operation("move_person") as number:
        values = {**(changes or {}), "organisation_id": to}
        change(state, values, on=on, **by)
        _move_employment(person_id, state.organisation_id, to=to, on=on, **by)
    return number


def _not_open(organisation_id: str, on: date) -> str:
    return f"机构“{organisation_id}”在{on}不存在或已终止"


def _hold(person_id: str, *, to: str, on: date) -> PersonState:
    """Her state on the day, with school and person locked. Raises Refused with every ground."""
    hold([to])
    list(Person.objects.filter(pk=person_id).select_for_update().values_list("pk"))
    state = state_on(person_id, on)
    grounds = []
    if state is None:
        grounds.append(Ground(f"教师“{person_id}”在{on}没有任职", "person_id"))
    elif state.organisation_id == to:
        grounds.append(Ground(f"教师“{person_id}”在{on}已在机构“{to}”任职", "organisation_id"))
    if organisation_on(to, on) is None:
        grounds.append(Ground(_not_open(to, on), "organisation_id"))
    if state is None or grounds:
        raise Refused(grounds)
    return state


def _move_employment(
    person_id: str,
    left: str,
    *,
    to: str,
    on: date,
    **by: Unpack[By],
) -> None:
    """Her employments at `left` from the day on are at `to`; with none, one begins on the day."""
    held = Employment.objects.filter(lasting_from(on), person_id=person_id, organisation_id=left)
    employments = list(held)
    for employment in employments:
        since = max(on, employment.valid_from)
        change(employment, {"organisation_id": to}, on=since, **by)
    if not employments:
        values = {"person_id": person_id, "organisation_id": to, "valid_from": on}
        record(Employment, values, **as_source(by))


@transaction.atomic
def move_people(moves: Mapping[str, str], *, on: date, **by: Unpack[By]) -> str:
    """Move several persons (person → organisation), all or nobody; the number to undo it by.

    Raises Refused with the grounds of all.
    """
    grounds: list[Ground] = []
    with operation("move_people") as number:
        for person_id, to in sorted(moves.items()):
            try:
                move_person(person_id, to=to, on=on, **by)
            except Refused as refused:
                grounds += refused.grounds
    if grounds:
        raise Refused(grounds)
    return number


@transaction.atomic
def split_school(
    organisation_id: str,
    parts: Sequence[Part],
    staff: Mapping[str, str],
    *,
    on: date,
    **by: Unpack[By],
) -> str:
    """Split schools off and move their staff (person → part) there; the number to undo it by."""
    with operation("split_school") as number:
        split_organisation(organisation_id, parts, on=on, **by)
        move_people(staff, on=on, **by)
    return number


@transaction.atomic
def end_employment(person_id: str, *, on: date, **by: Unpack[By]) -> str:
    """Let a person leave with the day `on`; the number to undo it by.

    What would have begun later is withdrawn. Raises Refused when she does not work here then.
    """
    list(Person.objects.filter(pk=person_id).select_for_update().values_list("pk"))
    if state_on(person_id, on) is None:
        raise refuse(f"教师“{person_id}”在{on}没有任职", "person_id")
    with operation("end_employment") as number:
        for model in (PersonState, Employment):
            for span in model.objects.filter(lasting_from(on + _DAY), person_id=person_id):
                if span.valid_from > on:
                    withdraw(span, **by)
                else:
                    correct(span, {"valid_to": on}, **by)
    return number


def follow_merger(
    *,
    predecessor: str,
    successor: str,
    on: date,
    by: By,
    **_: object,
) -> None:
    """Subscribed to mergers: the staff go over with their school."""
    for model in (PersonState, Employment):
        for span in model.objects.filter(lasting_from(on), organisation_id=predecessor):
            since = max(on, span.valid_from)
            change(span, {"organisation_id": successor}, on=since, **by)


def object_to_closing(*, organisation_id: str, on: date, **_: object) -> None:
    """Subscribed to closings: no school closes while somebody works there."""
    left = PersonState.objects.filter(lasting_from(on + _DAY), organisation_id=organisation_id)
    if left.exists():
        raise refuse(f"机构“{organisation_id}”仍有{left.count()}名教职工，请先调动")
