"""Who acts: what areas of the record a person may see, and in which part of the tree.

A holding joins a role's areas to one subtree of organisations. Both questions that a page asks
are answered from it: may the actor see this area at all (no: 403), and which subtrees does the
area reach (outside them: 404, as though the thing did not exist).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from datetime import date

    from django_htmx.middleware import HtmxDetails


class Area(StrEnum):
    """A part of the record that is granted as one."""

    PLANS = "plans"  # what the plans say
    FIGURES = "figures"  # how organisations stand
    PEOPLE = "people"  # how each person stands
    OWN = "own"  # one's own record
    ETHICS = "ethics"  # the conduct of each person
    PAY = "pay"  # the pay of each person
    HEALTH = "health"  # the health of each person
    IDENTITY = "identity"  # identity numbers and those of certificates
    RECORDS = "records"  # what stands on record: to write it, not only to see it


@dataclass(frozen=True, slots=True)
class Holding:
    """One grant in force: the areas that its role opens, and where in the tree of organisations.

    `path` is that of an organisation; it reaches every organisation whose path begins with it.
    """

    role: str
    role_label: str
    organisation_id: str
    organisation_name: str
    path: str
    areas: frozenset[Area]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request."""

    user_id: int | None
    name: str
    person_id: str
    holdings: tuple[Holding, ...]

    def may_see(self, area: Area) -> bool:
        """Whether any holding opens the area, anywhere."""
        return any(area in holding.areas for holding in self.holdings)

    def reach(self, area: Area) -> tuple[str, ...]:
        """Paths of the subtrees in which the actor may see the area."""
        return tuple(holding.path for holding in self.holdings if area in holding.areas)

    @property
    def main(self) -> Holding | None:
        """The holding that decides which home page is shown: the highest in the tree."""
        return min(self.holdings, key=lambda holding: len(holding.path), default=None)


NOBODY = Actor(user_id=None, name="", person_id="", holdings=())


class ActorRequest(HttpRequest):
    """A request after the middleware has named its actor and its day."""

    actor: Actor
    today: date
    htmx: HtmxDetails
