"""What is kept of a person under each purpose, who may read it, and until when it must be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from qiangshi.periods import Duration
from qiangshi.policy.privacy import load_purposes
from qiangshi_web.casework.queries import Case, visible_to
from qiangshi_web.filing.ledgers import ledgers_about
from qiangshi_web.filing.models import CorrectionRequest
from qiangshi_web.filing.queries import file_of_person
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import APART, Area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from qiangshi.policy.privacy import Purpose
    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.queries import Kept
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.identity.roles import Role
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.facts import Fact

_DECEMBER = 12
_OF_STORE = {"account": Area.ACCOUNTS, "casework": Area.PEOPLE, "log": Area.LOG}
ERASURE = "people.data-erasure"


@dataclass(frozen=True, slots=True)
class Held:
    """A purpose, the rows that are kept of somebody under it, and where they stand."""

    purpose: Purpose
    kept: tuple[Kept, ...]

    @property
    def count(self) -> int | None:
        """How many rows; None for what is no ledger."""
        return sum(len(one.facts) for one in self.kept) if self.purpose.relations else None


@cache
def purposes() -> Mapping[str, Purpose]:
    """Id → purpose, read once."""
    return load_purposes()


def held_of(person: Person, sight: Sight) -> list[Held]:
    """Everything kept of a person already in scope that may be seen, by purpose."""
    kept = file_of_person(person, sight)
    return [
        Held(one, tuple(found for found in kept if found.ledger.relation.id in one.relations))
        for one in purposes().values()
    ]


def ledgers_of(purpose: Purpose) -> list[Ledger]:
    """The ledgers about persons that are kept for a purpose."""
    return [one for one in ledgers_about("person") if one.relation.id in purpose.relations]


def areas_of(purpose: Purpose) -> list[Area]:
    """The areas in which its relations and stores lie, those apart last."""
    found = {ledger.area for ledger in ledgers_of(purpose)}
    found |= {_OF_STORE[store] for store in purpose.stores}
    return sorted(found, key=lambda area: (area in APART, area))


def readers_of(purpose: Purpose) -> list[Role]:
    """The roles that may read any of it, each within its own part of the tree; as declared."""
    areas = set(areas_of(purpose))
    return [role for role in ROLES.values() if role.areas & areas]


def kept_until(fact: Fact, ledger: Ledger, years: int) -> date | None:
    """The last day on which a row must be kept so many years; None where nobody knows it.

    The years count from the end of what the row tells of; what lasts still has no end.
    """
    first, last = ledger.dates
    told = getattr(fact, last or first or "", None)
    if told is None:
        return None
    end = told if isinstance(told, date) else date(int(told), _DECEMBER, 31)
    return Duration(years=-years).before(end)


def open_corrections(person_id: str, purpose: Purpose) -> int:
    """How many corrections of such rows nobody has decided yet."""
    names = [ledger.name for ledger in ledgers_of(purpose)]
    waiting = CorrectionRequest.objects.filter(person=person_id, state="asked", ledger__in=names)
    return waiting.count()


def own_cases(actor: Actor) -> QuerySet[Case]:
    """Cases about the actor herself that she may see."""
    return visible_to(actor).filter(person=actor.person_id or None).order_by("-pk")


def erasures_of(actor: Actor) -> Sequence[Case]:
    """What she asked to be erased, the newest first."""
    return list(own_cases(actor).filter(type_key=ERASURE)[:20])
