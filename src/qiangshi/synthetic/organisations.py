"""Organisations: the tree with its pupils and classes, as numbers and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.columns import codes
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import Choice, Floats, Ints, chosen, whole_parts
from qiangshi.synthetic.layout import Row, lay_out
from qiangshi.synthetic.schools import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Two digits where a real school code has its type; 99 where it has the province, which is none.
_CODE_OF_KIND = {
    "bureau": "90",
    "central_school": "91",
    "kindergarten": "11",
    "primary_school": "21",
    "teaching_point": "22",
    "junior_school": "31",
    "nine_year_school": "32",
    "senior_school": "34",
    "complete_secondary": "35",
    "vocational_school": "36",
    "special_school": "51",
    "teacher_centre": "92",
}
_NO_PROVINCE = "99"
PLACES = ("urban", "town", "rural")


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations of a region, a row each; `parent` holds places of rows, -1 at the top.

    `teachers` and `pupils` are by row and STAGES; `classes` by row.
    """

    ids: pa.Array[Any]
    names: Sequence[str]
    parent: Ints
    kind: Choice
    tier: Choice
    place: Choice
    is_private: np.ndarray[Any, np.dtype[np.bool_]]
    teachers: Ints
    pupils: Ints
    classes: Ints

    @property
    def size(self) -> Ints:
        """Full-time teachers of all stages, by row."""
        return np.asarray(self.teachers.sum(axis=1))

    @property
    def is_school(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where pupils are taught."""
        return np.asarray(self.size > 0)


def organisations(draft: Draft) -> Organisations:
    """The organisations of the region."""
    rows = lay_out(draft.spec, draft.figures)
    rng = draft.generator("organisation.pupils")
    place = _choice([row.urban_rural for row in rows], PLACES)
    teachers = np.array([row.teachers for row in rows], dtype=np.int64)
    kind = _choice([row.kind for row in rows], tuple(_CODE_OF_KIND))
    pupils = _pupils(teachers, place, kind, draft, rng)
    return Organisations(
        ids=_ids(rows),
        names=[row.name for row in rows],
        parent=np.array([row.parent for row in rows], dtype=np.int64),
        kind=kind,
        tier=_choice([row.tier for row in rows], ("region", "county", "township", "school")),
        place=place,
        is_private=np.array([row.private for row in rows], dtype=bool),
        teachers=teachers,
        pupils=pupils,
        classes=_classes(pupils, place, kind, draft, rng),
    )


def _choice(values: Sequence[str | None], tokens: tuple[str, ...]) -> Choice:
    places = {token: place for place, token in enumerate(tokens)}
    index = [-1 if value is None else places[value] for value in values]
    return Choice(tokens, np.array(index, dtype=np.int16))


def _ids(rows: Sequence[Row]) -> pa.Array[Any]:
    """Ids of the shape of a school code: ten digits, of a province that does not exist."""
    return pa.array(
        [
            f"{_CODE_OF_KIND[row.kind]}{_NO_PROVINCE}{place + 1:06d}"
            for place, row in enumerate(rows)
        ],
        pa.string(),
    )


def _by_place(place: Choice, factors: Mapping[str, float]) -> Floats:
    row = np.array([*(factors[token] for token in place.tokens), 1.0])
    return np.asarray(row[place.index])


def _pupils(
    teachers: Ints, place: Choice, kind: Choice, draft: Draft, rng: np.random.Generator
) -> Ints:
    """Pupils by stage: the region's ratio is the national one, a school's its own."""
    ratios = draft.figures.by_name("pupils_per_teacher")
    local = _by_place(place, draft.figures.tables("by_place")["pupils_per_teacher"])
    emptier = draft.figures.by_name("teaching_point")["pupils"]
    local = local * np.where(kind.any_of("teaching_point"), emptier, 1.0)
    pupils = np.zeros_like(teachers)
    for column, stage in enumerate(STAGES):
        weights = teachers[:, column] * local * rng.lognormal(0.0, 0.07, len(teachers))
        pupils[:, column] = whole_parts(round(teachers[:, column].sum() * ratios[stage]), weights)
    return pupils


def _classes(
    pupils: Ints, place: Choice, kind: Choice, draft: Draft, rng: np.random.Generator
) -> Ints:
    """Classes: every grade has one, none is larger than the largest, the mean is the national."""
    figures = draft.figures
    local = _by_place(place, figures.tables("by_place")["class_size"])
    local = local * rng.lognormal(0.0, 0.06, len(pupils))
    total = np.zeros(len(pupils), dtype=np.int64)
    is_point, grades_of = kind.any_of("teaching_point"), figures.by_name("grades")
    for column, stage in enumerate(STAGES):
        here = pupils[:, column] > 0
        grades = np.where(is_point, figures.by_name("teaching_point")["grades"], grades_of[stage])
        mean = figures.by_name("class_size")[stage]
        total += np.where(here, _fit_classes(pupils[:, column], local, grades, mean, figures), 0)
    return total


def _fit_classes(pupils: Ints, local: Floats, grades: Ints, mean: float, figures: Any) -> Ints:
    """Small schools cannot reach the mean, so the others are filled until the whole does."""
    largest = max(figures.number("largest_class"), mean)
    wanted = pupils.sum() / mean
    size = mean * local
    least = np.where(pupils > 0, np.minimum(grades, np.maximum(pupils // 8, 1)), 0)
    classes = least
    for _ in range(8):
        classes = np.maximum(least, np.ceil(pupils / np.minimum(size, largest))).astype(np.int64)
        if wanted > 0:
            size = size * (classes.sum() / wanted)
    return classes


def organisation_table(draft: Draft) -> pa.Table:
    """The relation `organisation`."""
    made = draft.ask(organisations)
    rng = draft.generator("organisation.unknown")
    no_pupils = ~made.is_school
    lost = no_pupils | chosen(rng, len(made.size), draft.figures.number("unknown_pupils"))
    ownership = Choice(("public", "private"), made.is_private.astype(np.int16))
    parents: Any = pa.array(np.where(made.parent < 0, 0, made.parent), mask=made.parent < 0)
    return pa.table(
        {
            "organisation_id": made.ids,
            "parent_id": made.ids.take(parents),
            "name": pa.array(made.names, pa.string()),
            "kind": codes(made.kind),
            "tier": codes(made.tier),
            "ownership": codes(ownership),
            "urban_rural": codes(made.place),
            "pupils": pa.array(made.pupils.sum(axis=1), mask=lost),
            "classes": pa.array(made.classes, mask=no_pupils),
        }
    )


PART = Part("organisation", organisation_table)
