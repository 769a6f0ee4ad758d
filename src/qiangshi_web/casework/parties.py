"""Who somebody is towards a case: applicant, expert, or the holder of a role that reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.casework.kinds import APPLICANT, EXPERT
from qiangshi_web.kernel.actors import Area, delegated_by

if TYPE_CHECKING:
    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.standing import Standing
    from qiangshi_web.casework.models import Case
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor, Holding


def roles_at(actor: Actor, organisation: Organisation, area: str) -> frozenset[str]:
    """Roles whose holding opens the area and reaches the organisation."""
    return frozenset(holding.role for holding in _held_at(actor, organisation, area))


def stands_in_for(actor: Actor, case: Case, role: str) -> str:
    """Who delegated the role in which the actor acts on a case; empty where it is her own."""
    held = _held_at(actor, case.organisation, case.area)
    return delegated_by(holding for holding in held if holding.role == role)


def _held_at(actor: Actor, organisation: Organisation, area: str) -> list[Holding]:
    return [
        holding
        for holding in actor.holdings
        if Area(area) in holding.areas and organisation.path.startswith(holding.path)
    ]


def roles_towards(actor: Actor, case: Case, kind: CaseType, standing: Standing) -> frozenset[str]:
    """Everything that the actor is towards a case."""
    against_her = bool(kind.secret and actor.person_id and case.person_id == actor.person_id)
    found = set() if against_her else set(roles_at(actor, case.organisation, case.area))
    if is_applicant(actor, case, kind):
        found.add(APPLICANT)
    if actor.person_id and any(seat.expert == actor.person_id for seat in standing.members):
        found.add(EXPERT)
    return frozenset(found)


def is_applicant(actor: Actor, case: Case, kind: CaseType) -> bool:
    """Whether the case is the actor's own: about her, or begun by her."""
    about_her = bool(actor.person_id) and case.person_id == actor.person_id
    begun = actor.user_id is not None and case.opened_by_id == actor.user_id
    return about_her or (begun and kind.begun_by == APPLICANT)


def may_begin(actor: Actor, kind: CaseType) -> bool:
    """Whether the actor is of the party that begins such cases."""
    if kind.begun_by == APPLICANT:
        return bool(actor.person_id)
    held = (holding for holding in actor.holdings if holding.may(Area(kind.area)))
    return any(holding.role == kind.begun_by for holding in held)


def acts_as(actor: Actor) -> str:
    """How events name the actor: her number in the record, else her account's."""
    return actor.person_id or (f"user-{actor.user_id}" if actor.user_id else "system")
