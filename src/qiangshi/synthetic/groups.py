"""Groups of schools: districts of neighbouring townships, education groups, communities.

A school may be in several: a city school's group reaches into townships, whose schools hold
together as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.cohorts import started
from qiangshi.synthetic.columns import days, digits_for, numbered, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import Ints, Mask, pick
from qiangshi.synthetic.organisations import Organisations, organisations
from qiangshi.synthetic.words import numeral, words

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEWEST_DIGITS = 5


class Group(NamedTuple):
    """A group with places of its members, the leading one first."""

    kind: str
    name: str
    members: Ints


def groups(draft: Draft) -> list[Group]:
    """The groups of the region, area by area."""
    rng = draft.generator("groups")
    made = draft.ask(organisations)
    centres = np.flatnonzero(made.kind.any_of("central_school"))
    found: list[Group] = []
    for area in np.unique(made.parent[centres]):
        own = centres[made.parent[centres] == area]
        found += _districts(made, int(area), own, draft)
        found += _education_groups(made, int(area), own, draft, rng)
        found += _communities(made, int(area), own, draft)
    return found


def _districts(made: Organisations, area: int, centres: Ints, draft: Draft) -> Iterator[Group]:
    """Townships side by side, each with all its schools."""
    size = draft.figures.by_name("groups")["townships_a_district"]
    parts = np.array_split(centres, max(1, round(len(centres) / size)))
    for number, members in enumerate(parts, 1):
        name = f"{_county(made, area)}第{numeral(number)}"
        yield _named("school_district", name, members)


def _education_groups(
    made: Organisations, area: int, centres: Ints, draft: Draft, rng: np.random.Generator
) -> Iterator[Group]:
    """A school directly below the bureau, and some of its kind in the townships."""
    settings = draft.figures.by_name("groups")
    public = ~made.is_private
    for kind in ("primary_school", "junior_school"):
        alike = made.kind.any_of(kind) & public
        others = np.flatnonzero(alike & np.isin(made.parent, centres))
        for lead in np.flatnonzero(alike & (made.parent == area)):
            joined = pick(rng, others, int(settings["members_beside_the_lead"]))
            others = np.setdiff1d(others, joined)
            if len(joined):
                yield _named("education_group", made.names[int(lead)], np.append([lead], joined))


def _communities(made: Organisations, area: int, centres: Ints, draft: Draft) -> Iterator[Group]:
    """The primary schools of a township, the largest leading."""
    fewest = draft.figures.by_name("groups")["fewest_in_a_community"]
    kinds: Mask = made.kind.any_of("primary_school", "nine_year_school", "teaching_point")
    for centre in centres:
        members = np.flatnonzero(kinds & ~made.is_private & (made.parent == centre))
        if len(members) >= fewest:
            ordered = members[np.argsort(-made.size[members], kind="stable")]
            town = made.names[centre].removesuffix("中心校")
            yield _named("urban_rural_community", f"{_county(made, area)}{town}", ordered)


def _county(made: Organisations, area: int) -> str:
    """What names begin with where a region has several counties."""
    return "" if made.parent[area] < 0 else made.names[area].removesuffix("教育局")


def _named(kind: str, name: str, members: Ints) -> Group:
    return Group(kind, f"{name}{words()['groups'][kind]}", members)


def membership_table(draft: Draft) -> pa.Table:
    """The relation `organisation_membership`."""
    made = draft.ask(groups)
    sizes = [len(group.members) for group in made]
    rows = sum(sizes)
    begun = started(draft.generator("groups.begun"), len(made), (6, 1), draft)
    numbers = np.arange(1, rows + 1)
    roles = ["lead" if place == 0 else "member" for size in sizes for place in range(size)]
    places = np.concatenate([np.empty(0, np.int64), *(group.members for group in made)])
    return pa.table(
        {
            "organisation_membership_id": numbered(
                "M", numbers, digits=digits_for(rows, least=_FEWEST_DIGITS)
            ),
            "organisation_id": of(draft.ask(organisations).ids, places),
            "valid_from": days(np.repeat(begun, sizes)),
            "group_name": pa.array(
                [group.name for group in made for _ in group.members], pa.string()
            ),
            "group_kind": pa.array(
                [group.kind for group in made for _ in group.members], pa.string()
            ),
            "role": pa.array(roles, pa.string()),
        }
    )


PART = Part("organisation_membership", membership_table)
