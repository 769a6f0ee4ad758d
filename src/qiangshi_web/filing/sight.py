"""What an actor sees of one person or organisation, and what she may write there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.people.queries import own_numbers
from qiangshi_web.filing.ledgers import area_of_column
from qiangshi_web.kernel.actors import APART, Area, Level

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Column
    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.kernel.actors import Actor

_HER_OWN = frozenset({Area.PEOPLE, Area.FIGURES, Area.ETHICS, Area.PAY, Area.HEALTH})
_LAST = 4
ARCHIVE = "archive_entry"


@dataclass(frozen=True, slots=True)
class Sight:
    """`areas` may be seen here, and `written` be written; `is_own` of her own file."""

    areas: frozenset[Area]
    is_own: bool
    written: frozenset[Area]

    @property
    def may_write(self) -> bool:
        """Whether any rows at all may be written."""
        return Area.RECORDS in self.written

    def sees(self, ledger: Ledger) -> bool:
        """Whether the rows of a ledger are shown."""
        return ledger.area in self.areas

    def sees_column(self, column: Column) -> bool:
        """Whether a column's values are shown, where the ledger is."""
        area = area_of_column(column)
        return area is None or area in self.areas

    def writes(self, ledger: Ledger) -> bool:
        """Whether rows of a ledger may be recorded and changed."""
        is_open = ledger.area not in APART or ledger.area in self.written
        return self.may_write and self.sees(ledger) and is_open

    def adds(self, ledger: Ledger) -> bool:
        """Whether rows may be recorded: a person adds to her growth archive herself."""
        return self.writes(ledger) or (self.is_own and ledger.name == ARCHIVE)

    def masked(self, column: Column, value: Any) -> Any:
        """The value, or as much of it as may be seen.

        A number shows its last characters to everybody: the whole is shown by `numbers` alone, to
        who may see it and says why.
        """
        if value is None:
            return None
        if column.sensitivity != "identity":
            return value if self.sees_column(column) else "＊＊＊"
        return "＊＊＊" + str(value)[-_LAST:] if len(str(value)) > 2 * _LAST else "＊＊＊"


def sight_of_person(actor: Actor, person: Person) -> Sight:
    """What the actor sees of a person already in her scope."""
    path = "" if person.organisation is None else person.organisation.path
    is_own = actor.may_see(Area.OWN) and _is_herself(actor.person_id, person)
    areas = areas_at(actor, path) | (_HER_OWN if is_own else frozenset())
    return Sight(areas, is_own, areas_at(actor, path, Level.WRITE))


def _is_herself(person_id: str, person: Person) -> bool:
    """Whether the number is the person's, or was until it was given up for hers."""
    return person_id == person.pk or (
        person_id != "" and own_numbers(person_id).filter(pk=person.pk).exists()
    )


def sight_of_place(actor: Actor, path: str) -> Sight:
    """What the actor sees of an organisation at that place of the tree."""
    areas = areas_at(actor, path)
    return Sight(areas, is_own=False, written=areas_at(actor, path, Level.WRITE))


def for_asking(sight: Sight) -> Sight:
    """The sight of somebody who asks about her own file: she may tell her number anew."""
    return Sight(sight.areas | {Area.IDENTITY}, sight.is_own, sight.written)


def areas_at(actor: Actor, path: str, level: Level = Level.SEE) -> frozenset[Area]:
    """The areas that the actor's holdings open for that at a place of the tree; none nowhere."""
    if not path:
        return frozenset()
    reaching = [holding for holding in actor.holdings if path.startswith(holding.path)]
    return frozenset(
        area for holding in reaching for area in holding.areas if holding.may(area, level)
    )
