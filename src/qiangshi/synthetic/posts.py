"""Posts: how many people of which group work in each organisation, before they have a face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.synthetic.drawing import Choice, Index, Ints, whole_parts
from qiangshi.synthetic.organisations import Organisations, organisations
from qiangshi.synthetic.schools import STAGES

if TYPE_CHECKING:
    from qiangshi.synthetic.draft import Draft

_CLASS_OF_GROUP = {
    "kindergarten_head": "principal",
    "principal": "principal",
    **dict.fromkeys(STAGES, "teacher"),
    "teaching_researcher": "teaching_researcher",
    "clerk": "clerk",
    "assistant": "assistant",
    "support": "support",
}
GROUPS = tuple(_CLASS_OF_GROUP)
"""Groups that differ in age, degree, title and sex; teachers are grouped by stage."""
STAFF_CLASSES = tuple(dict.fromkeys(_CLASS_OF_GROUP.values()))
_FIRST_STAGE = GROUPS.index(STAGES[0])


@dataclass(frozen=True, slots=True)
class Posts:
    """Everybody who works in the region, a row each, organisation by organisation.

    `organisation` holds places of rows of the organisations.
    """

    organisation: Ints
    group: Choice
    staff_class: Choice
    stage: Choice

    def __len__(self) -> int:
        return len(self.organisation)

    @property
    def is_teacher(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Full-time teachers."""
        return self.staff_class.any_of("teacher")


def posts(draft: Draft) -> Posts:
    """The posts of the region, all filled."""
    schools = draft.ask(organisations)
    counts = np.zeros((len(schools.parent), len(GROUPS)), dtype=np.int64)
    counts[:, _FIRST_STAGE : _FIRST_STAGE + len(STAGES)] = schools.teachers
    _add_heads(counts, schools, draft)
    _add_offices(counts, schools, draft)
    _add_others(counts, schools, draft)
    organisation = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    groups = np.tile(np.arange(len(GROUPS), dtype=np.int16), len(counts))
    group = np.repeat(groups, counts.ravel())
    classes = [STAFF_CLASSES.index(_CLASS_OF_GROUP[name]) for name in GROUPS]
    return Posts(
        organisation=organisation,
        group=Choice(GROUPS, group),
        staff_class=Choice(STAFF_CLASSES, np.array(classes, dtype=np.int16)[group]),
        stage=Choice(STAGES, _stage(group, schools.teachers.argmax(axis=1)[organisation])),
    )


def _stage(group: Index, main_stage: Ints) -> Index:
    """Teachers have the stage they teach, heads the main one of their school, others none."""
    stage = group - _FIRST_STAGE
    is_head = group < _FIRST_STAGE
    is_other = stage >= len(STAGES)
    return np.where(is_head, main_stage, np.where(is_other, -1, stage)).astype(np.int16)


def _add_heads(counts: Ints, schools: Organisations, draft: Draft) -> None:
    settings = draft.figures.by_name("principals")
    heads = 1 + schools.size // int(settings["teachers_a_deputy"])
    heads = np.minimum(heads, int(settings["most"]))
    heads = np.where(schools.is_school & ~schools.kind.any_of("teaching_point"), heads, 0)
    is_kindergarten = schools.kind.any_of("kindergarten")
    counts[:, GROUPS.index("kindergarten_head")] = np.where(is_kindergarten, heads, 0)
    counts[:, GROUPS.index("principal")] = np.where(is_kindergarten, 0, heads)


def _add_offices(counts: Ints, schools: Organisations, draft: Draft) -> None:
    """Central schools and teacher development centres: heads, researchers, clerks."""
    settings = draft.figures.by_name("offices")
    township = schools.kind.any_of("central_school")
    centre = schools.kind.any_of("teacher_centre")
    area = np.where(schools.parent < 0, 0, _below(schools)[schools.parent])
    researchers = np.ceil(area * settings["centre_researchers"]).astype(np.int64)
    for group, in_township, in_centre in (
        ("principal", settings["principals"], settings["centre_principals"]),
        ("teaching_researcher", settings["researchers"], researchers),
        ("clerk", settings["clerks"], settings["centre_clerks"]),
    ):
        place = GROUPS.index(group)
        counts[:, place] += np.where(township, int(in_township), 0)
        counts[:, place] += np.where(centre, in_centre, 0).astype(np.int64)


def _below(schools: Organisations) -> Ints:
    """Teachers of each organisation and of all below it; rows below stand after it."""
    total = schools.size.copy()
    for row in range(len(total) - 1, 0, -1):
        total[schools.parent[row]] += total[row]
    return total


def _add_others(counts: Ints, schools: Organisations, draft: Draft) -> None:
    rng = draft.generator("posts")
    ratios = draft.figures.tables("staff_per_teacher")
    for column, stage in enumerate(STAGES):
        teachers = schools.teachers[:, column]
        for group, ratio in ratios[stage].items():
            weights = teachers * rng.lognormal(0.0, 0.3, len(teachers))
            total = round(teachers.sum() * ratio)
            counts[:, GROUPS.index(group)] += whole_parts(total, weights)
