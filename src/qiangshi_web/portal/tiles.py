"""A map without geography: a tile for each division below an organisation, by one item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.queries import results
from qiangshi_web.analytics.readings import readings_by_organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor

_DIVISIONS = ("county", "township")
_LEVELS = 2  # of divisions at once: counties with their townships
_MOST = 120  # tiles that an eye still takes in


@dataclass(frozen=True, slots=True)
class Tile:
    """A division, or a school where there are no divisions, with its reading."""

    reading: Reading
    url: str

    @property
    def organisation(self) -> Organisation:
        """What the tile stands for."""
        return self.reading.result.organisation


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Tiles that stand together, and the division that they lie in; None: the page's own."""

    head: Tile | None
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class TileGrid:
    """All tiles in the order of the tree. `unseen` more organisations had no room."""

    groups: tuple[TileGroup, ...]
    unseen: int

    @property
    def tiles(self) -> list[Tile]:
        """Every tile once, for the table."""
        found: list[Tile] = []
        for group in self.groups:
            found += [*([group.head] if group.head else []), *group.tiles]
        return found


def tile_grid(actor: Actor, run: MeasuredSnapshot, here: Reading, *, asked: str) -> TileGrid | None:
    """The divisions below, counties around their townships; schools where there are none.

    None where nothing below was measured. `asked` is what the links keep of the address.
    """
    top, reference = here.result.organisation, here.result.item
    plan = load(here.result.plan)
    below = (
        results(actor, run)
        .filter(
            plan=plan.id,
            item=reference,
            organisation__path__startswith=top.path,
            organisation__depth__gt=top.depth,
            organisation__depth__lte=top.depth + _LEVELS,
        )
        .order_by("organisation__place")
    )
    found = readings_by_organisation(plan, below.filter(organisation__tier__in=_DIVISIONS))
    if not found:
        children = below.filter(organisation__depth=top.depth + 1)
        found = readings_by_organisation(plan, children)
    tiles = [
        Tile(own[reference], reverse("item", args=[plan.id, reference, pk]) + asked)
        for pk, own in found.items()
    ]
    if not tiles:
        return None
    return TileGrid(_groups(tiles[:_MOST]), max(0, len(tiles) - _MOST))


def _groups(tiles: Sequence[Tile]) -> tuple[TileGroup, ...]:
    """Those that lie in no other tile and hold none stand first, without a head."""
    inside: dict[str | None, list[Tile]] = {}
    for tile in tiles:
        inside.setdefault(tile.organisation.parent_id, []).append(tile)
    known = {tile.organisation.pk for tile in tiles}
    top = [tile for tile in tiles if tile.organisation.parent_id not in known]
    alone = [tile for tile in top if tile.organisation.pk not in inside]
    heads = [tile for tile in top if tile.organisation.pk in inside]
    groups = [TileGroup(None, tuple(alone))] if alone else []
    groups += [TileGroup(head, tuple(inside[head.organisation.pk])) for head in heads]
    return tuple(groups)
