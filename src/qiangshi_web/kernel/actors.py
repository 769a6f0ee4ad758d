"""Who acts: what areas of the record a person may see, and in which part of the tree.

A holding joins a role's areas to one subtree of organisations. Both questions that a page asks
are answered from it: may the actor see this area at all (no: 403), and which subtrees does the
area reach (outside them: 404, as though the thing did not exist).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django_htmx.middleware import HtmxDetails

    from qiangshi_web.kernel.kept import KeptViews


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
    EXPERTS = "experts"  # who the experts behind a blind judgement are
    ACCOUNTS = "accounts"  # accounts and the running of the system
    SECURITY = "security"  # who is granted what
    LOG = "log"  # what everybody did


APART = frozenset({Area.ETHICS, Area.PAY, Area.HEALTH, Area.IDENTITY, Area.EXPERTS})
"""Areas that no other area implies: each is opened for itself, and who opens it is logged."""


class Level(StrEnum):
    """What may be done in an area. None of them implies another but that all of them see."""

    SEE = "see"
    WRITE = "write"
    DECIDE = "decide"
    ADMINISTER = "administer"


_NOTHING_MORE: Mapping[Area, frozenset[Level]] = MappingProxyType({})


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
    levels: Mapping[Area, frozenset[Level]] = field(default_factory=lambda: _NOTHING_MORE)
    on_behalf_of: str = ""  # who delegated it, where somebody did

    def may(self, area: Area, level: Level = Level.SEE) -> bool:
        """Whether it opens the area for that."""
        if area not in self.areas:
            return False
        return level is Level.SEE or level in self.levels.get(area, ())


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request."""

    user_id: int | None
    name: str
    person_id: str
    holdings: tuple[Holding, ...]
    seen_as: str = ""  # whose sight somebody else has borrowed, for looking only

    def may(self, area: Area, level: Level = Level.SEE) -> bool:
        """Whether any holding opens the area for that, anywhere."""
        return any(holding.may(area, level) for holding in self.holdings)

    def may_see(self, area: Area) -> bool:
        """Whether any holding opens the area, anywhere."""
        return any(area in holding.areas for holding in self.holdings)

    def reach(self, area: Area, level: Level = Level.SEE) -> tuple[str, ...]:
        """Paths of the subtrees in which the actor may do that in the area."""
        return tuple(holding.path for holding in self.holdings if holding.may(area, level))

    def standing_in_for(self, *areas: Area, level: Level = Level.SEE) -> str:
        """Who delegated what opens the areas to the actor; empty where her own holding does."""
        return delegated_by(h for h in self.holdings if any(h.may(area, level) for area in areas))

    @property
    def main(self) -> Holding | None:
        """The holding that decides which home page is shown: the highest in the tree."""
        return min(self.holdings, key=lambda holding: len(holding.path), default=None)


def delegated_by(holdings: Iterable[Holding]) -> str:
    """Who delegated all of them; empty where one is the actor's own, or none is there."""
    names = dict.fromkeys(holding.on_behalf_of for holding in holdings)
    return "" if "" in names else "、".join(names)


NOBODY = Actor(user_id=None, name="", person_id="", holdings=())


class ActorRequest(HttpRequest):
    """A request after the middleware has named its actor and its day."""

    actor: Actor
    today: date
    htmx: HtmxDetails
    kept_views: KeptViews
