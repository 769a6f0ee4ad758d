"""A case begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from qiangshi.casework.grounds import refuse
from qiangshi.casework.kinds import APPLICANT
from qiangshi.casework.stepping import Act, begin
from qiangshi_web.casework.actions.writing import Written, write
from qiangshi_web.casework.models import Case
from qiangshi_web.casework.norms import region, rules
from qiangshi_web.casework.parties import acts_as, roles_at
from qiangshi_web.casework.queries import open_round
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.kernel.actors import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from qiangshi.casework.kinds import CaseType
    from qiangshi_web.casework.models import Round
    from qiangshi_web.casework.registry import Declared
    from qiangshi_web.kernel.actors import Actor


@transaction.atomic
def open_case(
    key: str,
    *,
    actor: Actor,
    on: date,
    at: datetime,
    payload: Mapping[str, Any],
    person_id: str = "",
    organisation_id: str = "",
    round: Round | None = None,
    parent: Case | None = None,
) -> Case:
    """A new case of the newest version of a type, in the variant of the region.

    It belongs to where the person works now, or to the organisation given. Raises Refused when the
    actor is not the party that begins such a case, or one of the kind is open for the person.
    """
    one, kind_ = newest(key), present_kind(key)
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    place = _place(one, person, organisation_id, on)
    taken_in = round or (open_round(key, place, on) if kind_.in_rounds else None)
    if kind_.in_rounds == "only" and taken_in is None:
        raise refuse(f"“{kind_.label}”按批次受理，现在没有受理中的批次", cure="待新批次公布后申报")
    roles = set(roles_at(actor, place, kind_.area))
    if person is None or (actor.person_id and actor.person_id == person.pk) or round or parent:
        roles.add(APPLICANT)
    if parent is not None or actor is NOBODY:
        roles.add(kind_.begun_by)
    _require_alone(kind_, person)
    act = Act("begin", "begin", acts_as(actor), frozenset(roles), on, payload=payload)
    event = begin(kind_, act, rules())
    case = Case(
        type_key=kind_.key,
        type_version=kind_.version,
        variant=kind_.variant,
        area=kind_.area,
        title=f"{kind_.label} · {person.name if person else place.name}"[:200],
        person=person,
        organisation=place,
        opened_by_id=actor.user_id,
        opened_on=on,
        round=taken_in,
        parent=parent,
    )
    write([Written(case, [event])], actor=actor, at=at)
    return case


def present_kind(key: str) -> CaseType:
    """What a new case of a type runs under here. Raises Refused for an unknown type."""
    declared = newest(key)
    return declared.variants.get(region(), declared.kind)


def _place(
    declared: Declared, person: Person | None, organisation_id: str, on: date
) -> Organisation:
    """Where a case about a person belongs, else the organisation given."""
    wanted = ""
    if person is not None:
        wanted = (declared.place(person.pk, on) if declared.place else person.organisation_id) or ""
    found = Organisation.objects.filter(pk=wanted or organisation_id).first()
    if found is None:
        raise refuse("没有当事人现任职的机构", cure="先在机构或人员信息中补录")
    return found


def _require_alone(kind_: CaseType, person: Person | None) -> None:
    """One open case of a kind for a person; a type about organisations may have several."""
    if person is None or kind_.subject != "person":
        return
    twin = Case.objects.filter(person=person, type_key=kind_.key, ended_on=None).first()
    if twin is not None:
        raise refuse(
            f"{person.name}已有在办的“{kind_.label}”（{twin.opened_on}发起）",
            cure="办结或撤回后再发起",
        )
