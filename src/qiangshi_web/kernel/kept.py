"""What a list shows of itself to one reader: the columns chosen, and the views kept of it.

The kernel knows only that somebody keeps them; the request brings them along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.http import QueryDict
from django.utils.http import urlencode

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.drawn import AnyTable
    from qiangshi_web.kernel.tables import View as Page

COLUMNS = "columns"
_OF_ONE_PAGE = ("page", "format")


class View(Protocol):
    """A list's own part of an address under a name; without one, what holds at first."""

    name: str
    query: str


class KeptViews(Protocol):
    """Where views are kept."""

    def at(self, places: Collection[str]) -> Mapping[str, Sequence[View]]:
        """List → its views."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A kept view as a link; `is_shown` where the list shows just that."""

    name: str
    url: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Own:
    """What a list offers its reader beside its filters. `query` is what would be kept."""

    place: str
    address: str
    query: str
    columns: list[tuple[str, str, bool]]  # key, heading, whether it is shown
    views: list[Offered]


@dataclass(frozen=True, slots=True)
class Kept:
    """The lists of a page, as their reader keeps them."""

    request: ActorRequest
    places: dict[str, str]  # list → its place
    found: Mapping[str, Sequence[View]]

    def columns(self, table: AnyTable) -> tuple[str, ...]:
        """Keys of the columns of the address, else of those kept; none: all."""
        asked = self.request.GET.get(f"{table.name}.{COLUMNS}", "")
        first = next((one for one in self._views(table.name) if not one.name), None)
        if not asked and first is not None:
            asked = QueryDict(first.query).get(COLUMNS, "")
        return tuple(key for key in asked.split(",") if key)

    def own(self, table: Page) -> Own:
        """What the list offers."""
        query = self._own_query(table)
        return Own(
            place=self.places[table.name],
            address=self.request.get_full_path(),
            query=query,
            columns=table.columns,
            views=[
                Offered(one.name, self._address(table, one), one.query == query)
                for one in self._views(table.name)
                if one.name
            ],
        )

    def _views(self, name: str) -> Sequence[View]:
        return self.found.get(self.places[name], ())

    def _own_query(self, table: Page) -> str:
        """The table's parameters without its name, in a fixed order."""
        start = f"{table.name}."
        told: dict[str, str] = {
            name.removeprefix(start): str(value)
            for name, value in self.request.GET.dict().items()
            if name.startswith(start) and value
        }
        if table.shown:
            told[COLUMNS] = ",".join(table.shown)
        return urlencode({key: told[key] for key in sorted(told) if key not in _OF_ONE_PAGE})

    def _address(self, table: Page, view: View) -> str:
        start = f"{table.name}."
        around = [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if not name.startswith(start)
        ]
        own = [(f"{start}{key}", value) for key, value in QueryDict(view.query).dict().items()]
        return "?" + urlencode([*around, *own])


def kept_of(request: ActorRequest, tables: Sequence[AnyTable]) -> Kept | None:
    """What the reader keeps of these tables, in one query; None where nobody could keep it."""
    views = getattr(request, "kept_views", None)
    if views is None or request.actor.user_id is None or request.resolver_match is None:
        return None
    places = {table.name: f"{request.resolver_match.url_name}:{table.name}" for table in tables}
    return Kept(request, places, views.at(set(places.values())))
