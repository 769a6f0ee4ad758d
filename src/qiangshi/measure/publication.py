"""What may leave the office: small counts go out of sight, and what would give them away with them.

A figure is published as a pair for each organisation: how many meet it, out of how many. Pairs
with a small part are withheld; then, along the tree, further pairs, until nothing withheld can be
worked out from totals. The staff that an organisation has beyond those below it is a part of its
own: it stands in no table but follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qiangshi.measure.results import Result
    from qiangshi.policy.methods import PublicationMethod


@dataclass(frozen=True, slots=True)
class Pair:
    """`met` out of `of`."""

    met: int
    of: int

    def is_small(self, smallest: int) -> bool:
        """Whether one of its parts is neither nought nor large enough."""
        return any(0 < part < smallest for part in (self.met, self.of - self.met, self.of))


def withheld(
    pairs: Mapping[str, Pair], parents: Mapping[str, str | None], method: PublicationMethod
) -> set[str]:
    """Organisations whose pair is not published. `parents` gives the organisation above each.

    Raises ValueError where those below an organisation are more than itself.
    """
    tree = _Tree(pairs, parents)
    smallest = method.smallest_cell
    hidden = tree.closed({name for name, pair in tree.pairs.items() if pair.is_small(smallest)})
    return {name for name in hidden if name in pairs}


def published(
    rows: Sequence[Result], parents: Mapping[str, str | None], method: PublicationMethod
) -> list[Result | None]:
    """The rows of one share item, None in the place of each that is withheld.

    Who is unknown counts as not meeting it: an unknown few are a few as well.
    """
    pairs = {
        row.organisation_id: Pair(int(row.numerator or 0), int(row.denominator or 0))
        for row in rows
    }
    inner = {name: above if above in pairs else None for name, above in parents.items()}
    hidden = withheld(pairs, {name: inner.get(name) for name in pairs}, method)
    return [None if row.organisation_id in hidden else row for row in rows]


def withheld_counts(
    counts: Mapping[str, int], parents: Mapping[str, str | None], method: PublicationMethod
) -> set[str]:
    """Organisations whose number of people is not published.

    Those withheld of a family are two at least, together no fewer than the smallest cell, and not
    one each; nought is published.
    """
    pairs = {name: Pair(count, count) for name, count in counts.items()}
    tree = _CountTree(pairs, parents, method.smallest_cell)
    small = {name for name, pair in tree.pairs.items() if pair.is_small(method.smallest_cell)}
    hidden = tree.closed(small)
    return {name for name in hidden if name in pairs}


class _Tree:
    """Families: an organisation, those directly below it, and its own rest."""

    def __init__(self, pairs: Mapping[str, Pair], parents: Mapping[str, str | None]) -> None:
        self.pairs = dict(pairs)
        self.above = {name: above for name in pairs if (above := parents.get(name)) is not None}
        self.families: dict[str, list[str]] = {}
        for name, above in self.above.items():
            self.families.setdefault(above, []).append(name)
        for above, below in self.families.items():
            rest = self._rest(above, below)
            if rest.of:
                self.pairs[f"{above}\0"] = rest
                self.above[f"{above}\0"] = above
                below.append(f"{above}\0")

    def _rest(self, above: str, below: Iterable[str]) -> Pair:
        met = self.pairs[above].met - sum(self.pairs[name].met for name in below)
        of = self.pairs[above].of - sum(self.pairs[name].of for name in below)
        if not 0 <= met <= of:
            raise ValueError(f"expected {above} to hold those below it, got {met} of {of} left")
        return Pair(met, of)

    def closed(self, hidden: set[str]) -> set[str]:
        """With all that must be withheld as well, family by family in their order.

        A family is looked at again only when one of it, or its head, has been withheld since.
        """
        hidden, heads = set(hidden), list(self.families)
        waiting = list(range(len(heads)))  # in order: a heap
        places = {head: place for place, head in enumerate(heads)}
        while waiting:
            head = heads[heappop(waiting)]
            more = self._given_away(head, hidden)
            if more is None:
                continue
            hidden.add(more)
            for family in {head, more, self.above.get(more, head)} & places.keys():
                heappush(waiting, places[family])
        return hidden

    def _given_away(self, above: str, hidden: set[str]) -> str | None:
        """What must be withheld as well, so that a family does not give something away."""
        below = self.families[above]
        unseen = [name for name in below if name in hidden]
        seen = [name for name in below if name not in hidden and self.pairs[name].of]
        if above in hidden:
            return self._next(seen) if seen and not self._covers(unseen, alone=True) else None
        if not unseen or self._covers(unseen, alone=False):
            return None
        return self._next(seen) if seen else above

    def _covers(self, unseen: Sequence[str], *, alone: bool) -> bool:
        """Whether the unseen of a family keep each other's secret.

        Under a published total they must be two, with somebody on either side of the count;
        under a withheld one some of them suffice, if anybody is there at all.
        """
        met = sum(self.pairs[name].met for name in unseen)
        rest = sum(self.pairs[name].of for name in unseen) - met
        enough = 1 if alone else 2
        populated = sum(self.pairs[name].of > 0 for name in unseen)
        return populated >= enough and met > 0 and rest > 0

    def _next(self, seen: Sequence[str]) -> str:
        """The smallest pair that has somebody on both sides, else the smallest."""
        return min(seen, key=lambda name: (not self._mixed(name), self.pairs[name].of, name))

    def _mixed(self, name: str) -> bool:
        return 0 < self.pairs[name].met < self.pairs[name].of


class _CountTree(_Tree):
    """The same where there is a number alone: nobody stands on another side of it."""

    def __init__(
        self, pairs: Mapping[str, Pair], parents: Mapping[str, str | None], smallest: int
    ) -> None:
        super().__init__(pairs, parents)
        self.smallest = smallest

    def _covers(self, unseen: Sequence[str], *, alone: bool) -> bool:
        counts = [self.pairs[name].of for name in unseen if self.pairs[name].of]
        if alone:
            return bool(counts)
        return len(counts) > 1 and sum(counts) >= max(self.smallest, len(counts) + 1)
