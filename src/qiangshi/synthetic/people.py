"""People: who works in the region, and what its ledger knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.careers import Careers, careers, subjects
from qiangshi.synthetic.columns import codes, days, digits_for, numbered, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import Choice, Floats, Mask, by_luck, rank_within, year_of
from qiangshi.synthetic.names import full_names
from qiangshi.synthetic.organisations import organisations
from qiangshi.synthetic.posts import Posts, posts

_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who works in the region, a row each, organisation by organisation."""

    ids: pa.Array[Any]
    posts: Posts
    careers: Careers
    subject: Choice
    is_homeroom: Mask

    def __len__(self) -> int:
        return len(self.posts)


def people(draft: Draft) -> People:
    """The people of the region as they are, not as a ledger knows them."""
    staff = draft.ask(posts)
    ids = numbered(
        "P", np.arange(1, len(staff) + 1), digits=digits_for(len(staff), least=_FEWEST_DIGITS)
    )
    subject = subjects(staff, draft)
    return People(ids, staff, draft.ask(careers), subject, _homeroom(staff, draft))


def _homeroom(staff: Posts, draft: Draft) -> Mask:
    """One teacher a class, as far as the school has teachers."""
    rng = draft.generator("people.homeroom")
    classes = draft.ask(organisations).classes[staff.organisation]
    turn = rank_within(staff.organisation, rng.random(len(staff)) + ~staff.is_teacher)
    return np.asarray(staff.is_teacher & (turn < classes))


def unknown(draft: Draft, column: str, *, care: Floats) -> Mask:
    """Whose ledger has an empty cell in `column`; `care` scales the share by school."""
    rng = draft.generator(f"people.unknown.{column}")
    share = draft.figures.by_name("unknown_facts")[column]
    schools = draft.ask(posts).organisation
    return np.asarray(rng.random(len(schools)) < np.minimum(share * care[schools], 0.6))


def carelessness(draft: Draft) -> Floats:
    """How many more empty cells an organisation leaves than the mean: 1 is the mean."""
    rng = draft.generator("people.care")
    care = rng.lognormal(0.0, 0.8, len(draft.ask(organisations).parent))
    weights = np.bincount(draft.ask(posts).organisation, minlength=len(care))
    return np.asarray(care * weights.sum() / (care * weights).sum())


def person_table(draft: Draft) -> pa.Table:
    """The relation `person`."""
    made = draft.ask(people)
    life, staff = made.careers, made.posts
    care = draft.ask(carelessness)
    lost = {
        column: unknown(draft, column, care=care)
        for column in draft.figures.by_name("unknown_facts")
    }
    named = full_names(
        draft.generator("people.name"),
        life.sex.any_of("female"),
        year_of(life.born_on),
        draft.figures.by_name("names"),
        draft.figures.by_name("ethnic_groups"),
    )
    statuses = draft.figures.by_name("statuses")
    status = by_luck(draft.generator("people.status"), len(made), statuses)
    return pa.table(
        {
            "person_id": made.ids,
            "organisation_id": of(draft.ask(organisations).ids, staff.organisation),
            "name": named.names,
            "sex": codes(life.sex, unknown=lost["sex"]),
            "born_on": days(life.born_on, unknown=lost["born_on"]),
            "staff_class": codes(staff.staff_class),
            "employment_kind": codes(life.employment, unknown=lost["employment_kind"]),
            "stage": codes(staff.stage),
            "subject": codes(made.subject, unknown=lost["subject"]),
            "education_level": codes(life.education, unknown=lost["education_level"]),
            "title_rank": codes(life.title, unknown=lost["title_rank"]),
            "teaching_since": days(life.teaching_since, unknown=lost["teaching_since"]),
            "hired_on": days(life.hired_on, unknown=lost["hired_on"]),
            "is_homeroom_teacher": pa.array(
                made.is_homeroom, mask=lost["is_homeroom_teacher"] & staff.is_teacher
            ),
            "status": codes(Choice(tuple(statuses), status)),
            "ethnic_group": codes(named.ethnic_group),
            "is_full_time": pa.array(staff.is_teacher),
            "is_temporarily_hired": pa.array(
                life.employment.any_of("temporary"),
                mask=(life.employment.index < 0) | lost["employment_kind"],
            ),
        }
    )


PART = Part("person", person_table)
