"""The tree of organisations: region, counties where it is large, townships, schools."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.synthetic.drawing import whole_parts
from qiangshi.synthetic.schools import (
    STAGES,
    School,
    in_streets,
    make_schools,
    split_direct,
    teachers_by_stage,
)
from qiangshi.synthetic.words import numeral, place_names, village_names, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.synthetic.calibration import Calibration
    from qiangshi.synthetic.drawing import Ints
    from qiangshi.synthetic.spec import RegionSpec

NO_TEACHERS = (0,) * len(STAGES)
_IN_NO_TOWN = ("teaching_point",)


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation; `parent` is the place of another row, -1 at the top."""

    parent: int
    name: str
    kind: str
    tier: str
    urban_rural: str | None = None
    private: bool = False
    teachers: tuple[int, ...] = NO_TEACHERS


@dataclass(frozen=True, slots=True)
class Township:
    """A street or a town."""

    name: str
    is_street: bool

    @property
    def short_name(self) -> str:
        """What its schools are called after: 克井镇 → 克井."""
        return self.name.removesuffix("镇").removesuffix("乡")


def lay_out(spec: RegionSpec, figures: Calibration) -> list[Row]:
    """All organisations of a region, each after the one above it, subtree by subtree."""
    settings = figures.by_name("areas")
    counts = teachers_by_stage(spec.teachers, figures)
    tree = _Tree(figures, spec.generator("organisation"))
    if spec.teachers < settings["least_teachers_with_counties"]:
        tree.rows.append(Row(-1, spec.name or words()["region"], "bureau", "region"))
        tree.add_area(0, counts, tree.townships(int(counts.sum()), words()), called="市直")
        return tree.rows
    tree.rows.append(Row(-1, spec.name or words()["larger_region"], "bureau", "region"))
    counties = max(2, round(spec.teachers / settings["teachers_a_county"]))
    shares = tree.rng.lognormal(0.0, 0.25, counties + 1)
    shares[0] = shares[1:].sum() * settings["region_own_share"]
    parts = np.array([whole_parts(int(count), shares) for count in counts]).T
    tree.add_area(0, parts[0], [], called="市直")
    names = place_names(tree.rng, counties, ["县", "县", "区", "市"])
    for name, part in zip(names, parts[1:], strict=True):
        tree.rows.append(Row(0, f"{name}教育局", "bureau", "county"))
        places = tree.townships(int(part.sum()), None)
        tree.add_area(len(tree.rows) - 1, part, places, called=name)
    return tree.rows


@dataclass(frozen=True, slots=True)
class _Tree:
    figures: Calibration
    rng: np.random.Generator
    rows: list[Row] = field(default_factory=list)

    def townships(self, teachers: int, real: Mapping[str, list[str]] | None) -> list[Township]:
        """Streets, then towns; none where all schools are directly under the bureau."""
        settings = self.figures.by_name("areas")
        if teachers < settings["least_teachers_with_townships"]:
            return []
        wanted = max(2, round(teachers / settings["teachers_a_township"]))
        number = int(min(settings["most_townships"], wanted))
        streets = max(1, round(number * settings["streets_of_townships"]))
        if real is not None:
            names = [*real["streets"][:streets], *real["towns"][: number - streets]]
        else:
            names = place_names(self.rng, number, [""])
            names[streets:] = [f"{name}镇" for name in names[streets:]]
        return [Township(name, place < streets) for place, name in enumerate(names)]

    def add_area(
        self, parent: int, counts: Ints, townships: Sequence[Township], *, called: str
    ) -> None:
        """The schools of a region or county, under `parent` or under its townships."""
        schools = make_schools(counts, self.figures, self.rng)
        if counts.sum() >= self.figures.by_name("areas")["centre_from_teachers"]:
            self.rows.append(
                Row(parent, f"{called}教师发展中心", "teacher_centre", "school", "urban")
            )
        if not townships:
            self._add_direct(parent, schools, called=called)
            return
        direct, below = split_direct(schools, self.figures)
        self._add_direct(parent, direct, called=called)
        for township, its_schools in self._shared_out(below, townships):
            if its_schools:
                self._add_township(parent, township, its_schools)

    def _add_direct(self, parent: int, schools: Sequence[School], *, called: str) -> None:
        counted: dict[str, int] = {}
        for school in schools:
            counted[school.kind] = counted.get(school.kind, 0) + 1
            name = f"{called}第{numeral(counted[school.kind])}{words()['suffixes'][school.kind]}"
            self._add_school(parent, school, name, "urban")

    def _shared_out(
        self, schools: Sequence[School], townships: Sequence[Township]
    ) -> list[tuple[Township, list[School]]]:
        """Larger schools rather in streets; within streets and towns by the places' weight."""
        streets = in_streets(schools, self.figures, self.rng)
        shared: list[tuple[Township, list[School]]] = [(place, []) for place in townships]
        for is_street in (True, False):
            places = [its for place, its in shared if place.is_street == is_street]
            places = places or [its for _, its in shared]
            weights = self.rng.lognormal(0.0, 0.3, len(places))
            mine = [
                school for school, here in zip(schools, streets, strict=True) if here == is_street
            ]
            turns = self.rng.choice(len(places), len(mine), p=weights / weights.sum())
            turns[: len(places)] = self.rng.permutation(len(places))[: len(mine)]
            for school, turn in zip(mine, turns, strict=True):
                places[int(turn)].append(school)
        return shared

    def _add_township(self, parent: int, township: Township, schools: Sequence[School]) -> None:
        centre = "urban" if township.is_street else "town"
        name = f"{township.name}中心校"
        self.rows.append(Row(parent, name, "central_school", "township", centre))
        above = len(self.rows) - 1
        pool = words()["urban_words"] if township.is_street else village_names()
        turns = self.rng.permutation(len(pool))
        in_town: set[str] = set()
        for place, school in enumerate(schools):
            where = centre
            if not township.is_street:
                first_of_kind = school.kind not in in_town and school.kind not in _IN_NO_TOWN
                where = "town" if first_of_kind or self.rng.random() < 0.25 else "rural"
                in_town.add(school.kind)
            word = pool[turns[place % len(pool)]] + (
                "" if place < len(pool) else numeral(place // len(pool) + 1)
            )
            name = f"{township.short_name}{word}{words()['suffixes'][school.kind]}"
            self._add_school(above, school, name, where)

    def _add_school(self, parent: int, school: School, name: str, where: str) -> None:
        self.rows.append(
            Row(parent, name, school.kind, "school", where, school.private, school.teachers)
        )
