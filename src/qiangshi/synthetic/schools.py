"""How the teachers of an area divide into schools: kinds, sizes, and who owns them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.synthetic.drawing import Ints, sizes, whole_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.synthetic.calibration import Calibration

_LOWER = frozenset(
    {"kindergarten", "primary_school", "teaching_point", "nine_year_school", "junior_school"}
)
STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "special")


@dataclass(frozen=True, slots=True)
class School:
    """A school before it has a name: its kind and how many full-time teachers of which stage."""

    kind: str
    teachers: tuple[int, ...]
    private: bool = False

    @property
    def size(self) -> int:
        """Full-time teachers of all stages."""
        return sum(self.teachers)


def teachers_by_stage(total: int, figures: Calibration) -> Ints:
    """`total` teachers over STAGES; a stage too small for one school falls to the primary one."""
    shares = figures.by_name("teachers_by_stage")
    counts = whole_parts(total, np.array([shares[stage] for stage in STAGES]))
    least = figures.by_name("fewest_teachers")
    smallest = {"senior": "senior_school", "vocational": "vocational_school"}
    for place, stage in enumerate(STAGES):
        base = smallest.get(stage, _base_kind(stage, figures))
        if stage != "primary" and counts[place] < least[base]:
            counts[STAGES.index("primary")] += counts[place]
            counts[place] = 0
    if counts[STAGES.index("primary")] < least["primary_school"]:
        return np.array([total if stage == "primary" else 0 for stage in STAGES])
    return counts


def make_schools(counts: Ints, figures: Calibration, rng: np.random.Generator) -> list[School]:
    """The schools of an area with so many teachers of each of STAGES, largest of a kind first."""
    by_kind = _teachers_by_kind(counts, figures)
    made: list[School] = []
    for kind, parts in by_kind.items():
        made += _of_kind(kind, parts, figures, rng)
    return _with_private(made, figures.number("private_kindergarten_share"), rng)


def _base_kind(stage: str, figures: Calibration) -> str:
    return next(iter(figures.tables("stage_of_kind")[stage]))


def _teachers_by_kind(counts: Ints, figures: Calibration) -> dict[str, Ints]:
    """Kind → teachers by stage; a kind too small for one school falls to the stage's first."""
    table = figures.tables("stage_of_kind")
    least = figures.by_name("fewest_teachers")
    by_kind: dict[str, Ints] = {}
    for place, stage in enumerate(STAGES):
        kinds = table[stage]
        for kind, part in zip(kinds, whole_parts(int(counts[place]), _row(kinds)), strict=True):
            by_kind.setdefault(kind, np.zeros(len(STAGES), dtype=np.int64))[place] += part
    for kind in [kind for kind in by_kind if by_kind[kind].sum() < least[kind]]:
        for place, stage in enumerate(STAGES):
            base = _base_kind(stage, figures)
            if kind != base:
                by_kind[base][place] += by_kind[kind][place]
                by_kind[kind][place] = 0
    return {kind: parts for kind, parts in by_kind.items() if parts.sum() > 0}


def _row(shares: Mapping[str, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(list(shares.values()), dtype=np.float64)


def _of_kind(
    kind: str, parts: Ints, figures: Calibration, rng: np.random.Generator
) -> list[School]:
    """Schools of one kind; in those of two stages each stage has its part of the teachers."""
    drawn = sizes(
        rng,
        int(parts.sum()),
        mean=figures.by_name("teachers_a_school")[kind],
        least=min(int(figures.by_name("fewest_teachers")[kind]), int(parts.sum())),
        spread=figures.number("spread_of_sizes"),
    )
    drawn = np.sort(drawn)[::-1]
    first, *rest = np.flatnonzero(parts)
    teachers = np.zeros((len(drawn), len(STAGES)), dtype=np.int64)
    teachers[:, first] = drawn
    for place in rest:
        taken = np.minimum(whole_parts(int(parts[place]), drawn.astype(np.float64)), drawn - 1)
        teachers[:, place] = taken
        teachers[:, first] -= taken
    return [School(kind, tuple(int(number) for number in row)) for row in teachers]


def _with_private(
    schools: Sequence[School], share: float, rng: np.random.Generator
) -> list[School]:
    """Kindergartens become private until their share of the kindergarten teachers is reached."""
    kindergartens = [place for place, school in enumerate(schools) if school.kind == "kindergarten"]
    order = rng.permutation(len(kindergartens))
    total = sum(schools[place].size for place in kindergartens)
    done, private = 0, set()
    for place in (kindergartens[turn] for turn in order):
        if done + schools[place].size / 2 <= total * share:
            done += schools[place].size
            private.add(place)
    return [
        replace(school, private=True) if place in private else school
        for place, school in enumerate(schools)
    ]


def split_direct(
    schools: Sequence[School], figures: Calibration
) -> tuple[list[School], list[School]]:
    """Schools directly under the bureau, and those of the townships, both largest first.

    Senior, vocational, special and complete schools are always direct; of the others the largest
    public ones are, up to the share of their stage.
    """
    shares = figures.by_name("direct_share")
    ordered = sorted(schools, key=lambda school: -school.size)
    budget = {
        stage: shares[stage] * sum(school.teachers[STAGES.index(stage)] for school in schools)
        for stage in shares
    }
    direct: list[School] = []
    below: list[School] = []
    for school in ordered:
        main = STAGES[int(np.argmax(school.teachers))]
        fits = main in budget and school.size <= budget[main] and not school.private
        fits = fits and school.kind != "teaching_point"
        if school.kind not in _LOWER or fits:
            direct.append(school)
            if main in budget:
                budget[main] -= school.size
        else:
            below.append(school)
    return direct, below


def in_streets(
    schools: Sequence[School], figures: Calibration, rng: np.random.Generator
) -> list[bool]:
    """Which township schools lie in streets: the larger ones, mostly."""
    shares = figures.by_name("street_share")
    answer = [False] * len(schools)
    for kind in dict.fromkeys(school.kind for school in schools):
        places = [place for place, school in enumerate(schools) if school.kind == kind]
        weight = np.array([schools[place].size for place in places]) * rng.lognormal(
            0.0, 0.4, len(places)
        )
        wanted = round(len(places) * shares.get(kind, 0.0))
        for turn in np.argsort(-weight, kind="stable")[:wanted]:
            answer[places[int(turn)]] = True
    return answer
