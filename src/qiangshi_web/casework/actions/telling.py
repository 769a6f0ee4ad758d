"""Whom a case tells of what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from qiangshi.casework.kinds import APPLICANT, EXPERT, SUPERVISOR, TIME, Outcome
from qiangshi.casework.options import asked
from qiangshi_web.casework.models import Case
from qiangshi_web.casework.queries import kind
from qiangshi_web.desk.actions import notice, notify
from qiangshi_web.desk.models import CASE
from qiangshi_web.identity.queries import User, granted_on
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from qiangshi.casework.standing import Event
    from qiangshi_web.casework.actions.writing import Written


def tell(all_written: Sequence[Written]) -> None:
    """Tell whoever is newly asked, the applicant of an end, and whom a late case goes to."""
    wanted = [found for written in all_written for found in _wanted(written)]
    if not wanted:
        return
    offices = _offices({role for _, role, _, _ in wanted}, wanted[0][3])
    persons = _persons(wanted)
    notices = {}
    for case, role, told, on in wanted:
        for user_id in _recipients(case, role, offices, persons):
            key = f"{case.pk}/{case.events_seen}/{role}"
            link = reverse("case", args=[case.pk])
            notices[user_id, key] = notice(user_id, CASE, key, told, link=link, on=on)
    notify(notices.values())


Wanted = tuple[Case, str, Said, "date"]


def _wanted(written: Written) -> Iterable[Wanted]:
    """Case, party, words and day of every notice that the events call for."""
    case, kind_, event = written.case, kind(written.case), written.events[-1]
    place = kind_.places[written.standing.place]
    about = {"title": _title(case), "place": Said(place.label)}
    before = asked(kind_, written.before) if written.before else frozenset()
    now = asked(kind_, written.standing)
    if isinstance(place, Outcome):
        yield case, APPLICANT, Said("“{title}”已办结：{place}", about), event.on
        return
    moved = written.before is None or written.before.place != written.standing.place
    arrived = Said("“{title}”到“{place}”环节", about)
    if case.due:
        due = {"due": f"{case.due}"}
        arrived = Said("“{title}”到“{place}”环节，请于{due}前办理", {**about, **due})
    for role in sorted(now if moved else now - before):
        yield case, role, arrived, event.on
    for one in written.events:
        if one.verb == "escalate" and one.key:
            late = {**about, "late": _late(one, written)}
            yield case, one.key, Said("“{title}”{late}，请督办", late), one.on


def _late(event: Event, written: Written) -> Said:
    """What is late, in words that both languages have while the case is still there."""
    due, label = written.standing.due, kind(written.case).places[written.standing.place].label
    if due is None or f"“{label}”" not in event.reason:
        return Said(event.reason)
    return Said("“{step}”应于{due}前办结，已逾期", {"step": Said(label), "due": f"{due}"})


def _title(case: Case) -> Said:
    """What a notice calls a case: it may go out by mail, so one of ethics names nobody."""
    label = kind(case).label
    if case.area != Area.ETHICS:
        who = case.title.removeprefix(f"{label} · ")
        return Said("{kind} · {who}", {"kind": Said(label), "who": who})
    return Said("{kind}第{number}件", {"kind": Said(label), "number": case.pk})


def _offices(roles: set[str], on: date) -> list[tuple[str, str, int]]:
    """Role, path and account of every grant of the roles that holds on the day."""
    wanted = roles - {APPLICANT, EXPERT, TIME}
    if SUPERVISOR in wanted:
        wanted |= {role.id for role in ROLES.values() if {Area.PEOPLE, Area.ETHICS} & role.areas}
    grants = granted_on(on).filter(role__in=wanted)
    return list(grants.values_list("role", "organisation__path", "user_id"))


def _persons(wanted: Iterable[Wanted]) -> dict[str, int]:
    """Person → account, of those whom the cases are about and of their experts."""
    people = {case.person_id for case, _, _, _ in wanted}
    people |= {seat["expert"] for case, _, _, _ in wanted for seat in case.standing["seats"]}
    found = User.objects.filter(person_id__in=people - {None})
    return dict(found.values_list("person_id", "pk"))


def _recipients(
    case: Case, role: str, offices: list[tuple[str, str, int]], persons: dict[str, int]
) -> set[int]:
    if role == APPLICANT:
        own = persons.get(case.person_id or "")
        opened = case.opened_by_id if case.person_id is None else None
        return {found for found in (own, opened) if found is not None}
    if role == EXPERT:
        seats = [seat for seat in case.standing["seats"] if seat["score"] is None]
        return {persons[seat["expert"]] for seat in seats if seat["expert"] in persons}
    path, area = case.organisation.path, Area(case.area)
    barred = persons.get(case.person_id or "") if area is Area.ETHICS else None
    above = [
        (len(place), one, user)
        for one, place, user in offices
        if path.startswith(place) and area in ROLES[one].areas and user != barred
    ]
    if role == SUPERVISOR:
        highest = min(above, default=(0, "", 0))[0]
        return {user for length, _, user in above if length == highest}
    return {user for _, one, user in above if one == role}
