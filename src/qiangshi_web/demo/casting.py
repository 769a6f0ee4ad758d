"""Binds the cast to organisations and a teacher of the made-up region, always the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi_web.identity.demo_cast import CAST, JUDGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi_web.identity.demo_cast import Part

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Bound:
    """A part with the organisation of its grant and, for a teacher, her row in the record."""

    part: Part
    organisation_id: str
    person_id: str = ""


def bind_cast(
    organisations: Rows,
    people: Rows,
    *,
    lacking: Sequence[str],
    hours: Mapping[str, float],
) -> list[Bound]:
    """The cast in this region. `lacking` are ids of teachers who lack something, worst first;
    `hours` person → class hours on record.

    The teacher is the first of them named 李 whose school stands under a central school; a small
    region may have no such teacher (then anyone does) or no second unit (then nobody plays Zhou).
    """
    tree = {row["organisation_id"]: row for row in organisations}
    teacher = _teacher(tree, people, lacking)
    school = tree[teacher["organisation_id"]]
    unit = tree.get(school["parent_id"], school)
    top = next(row for row in organisations if row["parent_id"] is None)
    other = _other_unit(organisations, unit)
    places = {"region": top, "unit": unit, "school": school, "person": school}
    if other is not None:
        places["other_unit"] = other
    bound = [
        Bound(
            part,
            places[part.place]["organisation_id"],
            teacher["person_id"] if part.place == "person" else "",
        )
        for part in CAST
        if part.place in places
    ]
    judges = [part for part in (*CAST, *JUDGES) if part.place == "judge"]
    for part, person in zip(judges, _judges(people, apart_from=school), strict=False):
        bound.append(Bound(part, top["organisation_id"], person))
    ready = _ready(people, school, teacher, hours)
    bound += [
        Bound(part, school["organisation_id"], ready) for part in CAST if part.place == "ready"
    ]
    return [one for one in bound if one.part.place != "ready" or one.person_id]


def _judges(people: Rows, *, apart_from: dict[str, Any]) -> list[str]:
    """Senior teachers of other schools, one of each school."""
    of_school: dict[str, str] = {}
    for person in sorted(people, key=lambda row: row["person_id"]):
        if person["title_rank"] in {"senior", "full_senior"} and person["staff_class"] == "teacher":
            of_school.setdefault(person["organisation_id"], person["person_id"])
    of_school.pop(apart_from["organisation_id"], None)
    return sorted(of_school.values())


def _ready(
    people: Rows, school: dict[str, Any], teacher: dict[str, Any], hours: Mapping[str, float]
) -> str:
    """The teacher of that school with the most hours; empty where it has no other."""
    colleagues = [
        person["person_id"]
        for person in people
        if person["organisation_id"] == school["organisation_id"]
        and person["staff_class"] == "teacher"
        and person["person_id"] != teacher["person_id"]
    ]
    return max(colleagues, key=lambda one: (hours.get(one, 0.0), one), default="")


def _teacher(tree: Mapping[str, Any], people: Rows, lacking: Sequence[str]) -> dict[str, Any]:
    order = {person_id: place for place, person_id in enumerate(lacking)}
    tiers = {row["organisation_id"]: row["tier"] for row in tree.values()}

    def fitness(person: dict[str, Any]) -> tuple[bool, bool, bool, bool, int, str]:
        school = tree[person["organisation_id"]]
        return (
            person["person_id"] not in order,
            person["stage"] != "primary",
            tiers.get(school["parent_id"]) != "township",
            not person["name"].startswith("李"),
            order.get(person["person_id"], 0),
            person["person_id"],
        )

    teachers = [row for row in people if row["staff_class"] == "teacher"]
    return min(teachers, key=fitness)


def _other_unit(organisations: Rows, unit: dict[str, Any]) -> dict[str, Any] | None:
    """A sibling of the unit: a central school if there is one."""
    siblings = [
        row
        for row in organisations
        if row["parent_id"] == unit["parent_id"] and row["parent_id"] and row is not unit
    ]
    return min(siblings, key=lambda row: row["tier"] != unit["tier"], default=None)
