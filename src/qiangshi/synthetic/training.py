"""Training entries: five years of the ledger, with everything that ledgers lack.

Entries are made for some hundred thousand people at a time, each block with random numbers of
its own, so that a province needs no more memory at once than a city.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.cohorts import cohorts
from qiangshi.synthetic.columns import codes, days, numbered, of, texts
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import Choice, Days, Floats, Index, Ints, Mask, day, year_of
from qiangshi.synthetic.employment import stints
from qiangshi.synthetic.induction import induction
from qiangshi.synthetic.ledgers import ledgers
from qiangshi.synthetic.memberships import memberships
from qiangshi.synthetic.people import carelessness, people
from qiangshi.synthetic.titles import training_categories, training_titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

BLOCK = 100_000
LEVELS = ("school", "township", "county", "city", "province", "national")
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of training, a row each; `levels` are shares added up along LEVELS.

    Category and mode have one row more, the last: that of induction.
    """

    category: Choice
    mode: Choice
    who: Sequence[str]
    chance: Floats
    hours: NDArray[np.float64]
    months: NDArray[np.int64]
    levels: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries by person; `kind` is the row of the kinds, -1 for induction."""

    person: Ints
    completed_on: Days
    kind: Index
    hours: Floats

    def sorted_by_person(self, other: Entries) -> Entries:
        """These and others, by person."""
        person = np.concatenate([self.person, other.person])
        order = np.argsort(person, kind="stable")
        return Entries(
            person[order],
            np.concatenate([self.completed_on, other.completed_on])[order],
            np.concatenate([self.kind, other.kind])[order],
            np.concatenate([self.hours, other.hours])[order],
        )


@dataclass(frozen=True, slots=True)
class Trainees:
    """What decides which training a block of people takes; a row a person, a column a year.

    `member_since` and `chosen_since` are the days of the first studio and the first cohort.
    """

    first: int
    rows: slice
    organisation: NDArray[np.int64]
    is_listed: NDArray[np.bool_]
    member_since: Days
    chosen_since: Days


def kinds(draft: Draft) -> Kinds:
    """The kinds of training that the region's people take."""
    entries = draft.figures.entries("training")
    settings: Mapping[str, Any] = draft.figures.by_name("induction")
    categories = training_categories()
    index = [categories.index(entry["category"]) for entry in entries]
    index.append(categories.index("induction"))
    modes = tuple(draft.vocabulary.codes["training_mode"].tokens)
    mode = [modes.index(entry["mode"]) for entry in [*entries, settings]]
    levels = [[entry["levels"].get(level, 0.0) for level in LEVELS] for entry in entries]
    return Kinds(
        category=Choice(categories, np.array(index, dtype=np.int16)),
        mode=Choice(modes, np.array(mode, dtype=np.int16)),
        who=[entry["who"] for entry in entries],
        chance=np.array([entry["chance"] for entry in entries]),
        hours=np.array([entry["hours"] for entry in entries], dtype=np.float64),
        months=np.array([entry["months"] for entry in entries], dtype=np.int64),
        levels=np.cumsum(levels, axis=1),
    )


def training_table(draft: Draft) -> pa.Table:
    """The relation `training_entry`."""
    tables: list[pa.Table] = []
    done = 0
    for number, first in enumerate(range(0, len(draft.ask(people)), BLOCK)):
        rng = draft.generator(f"training.{number}")
        entries = _entries(first, draft, rng)
        tables.append(_table(entries, done, draft, rng))
        done += len(entries.person)
    return pa.concat_tables(tables)


def _entries(first: int, draft: Draft, rng: np.random.Generator) -> Entries:
    trainees = _trainees(first, draft, rng)
    regular = _regular(trainees, draft, rng)
    is_listed: Mask = np.asarray(trainees.is_listed.any(axis=1))
    new = induction(trainees.rows, is_listed, draft, rng)
    nothing = np.full(len(new.person), -1, dtype=np.int16)
    return regular.sorted_by_person(Entries(new.person, new.completed_on, nothing, new.hours))


def _trainees(first: int, draft: Draft, rng: np.random.Generator) -> Trainees:
    """Where the people of a block were each year, and whether a ledger lists them."""
    everybody, years = draft.ask(people), draft.spec.years
    rows = slice(first, min(first + BLOCK, len(everybody)))
    number = rows.stop - rows.start
    schools = draft.ask(ledgers)
    settings = draft.figures.by_name("ledgers")
    by_year = draft.ask(organisations_by_year)
    organisation = np.stack([by_year[year][rows] for year in years], axis=1)
    handed_in = schools.handed_in[organisation, np.arange(len(years))]
    hired = year_of(everybody.careers.hired_on[rows])[:, None] <= np.array(years)
    never = rng.random(number) < settings["never_trained"]
    away = rng.random((number, len(years))) < settings["absent_a_year"]
    return Trainees(
        first=first,
        rows=rows,
        organisation=organisation,
        is_listed=handed_in & hired & ~never[:, None] & ~away,
        member_since=draft.ask(member_since)[rows],
        chosen_since=draft.ask(chosen_since)[rows],
    )


def organisations_by_year(draft: Draft) -> Mapping[int, Ints]:
    """Year → where everybody worked in it."""
    return {year: draft.ask(stints).organisation_in(year) for year in draft.spec.years}


def member_since(draft: Draft) -> Days:
    """The first day of everybody in a studio, none for those in no studio."""
    return draft.ask(memberships).first_day(len(draft.ask(people)))


def chosen_since(draft: Draft) -> Days:
    """The first day of everybody in a cohort, none for those in no cohort."""
    return draft.ask(cohorts).first_day(len(draft.ask(people)))


def _regular(trainees: Trainees, draft: Draft, rng: np.random.Generator) -> Entries:
    """All entries but induction: drawn for each person, year and kind at once."""
    sorts = draft.ask(kinds)
    effort = _effort(trainees, draft, rng)
    full = draft.figures.by_name("ledgers")["full_turnout_from"]
    turnout = np.minimum(effort / full, 1.0) * trainees.is_listed
    likely = _likely(trainees, sorts, draft)[:, None, :] * turnout[:, :, None]
    luck = rng.random(likely.shape, dtype=np.float32)
    person, year, kind = (axis.astype(np.int64) for axis in np.nonzero(luck < likely))
    low, high = sorts.hours[kind].T
    hours = (low + (high - low) * rng.random(len(person))) * effort[person, year]
    first, last = sorts.months[kind].T
    months = first + np.floor(rng.random(len(person)) * (last - first + 1)).astype(np.int64)
    completed = day(np.array(draft.spec.years)[year], months, rng.integers(1, 29, len(person)))
    fits = _fits(trainees, person, kind, completed, draft)
    return Entries(
        person[fits] + trainees.first,
        completed[fits],
        kind[fits].astype(np.int16),
        np.maximum(np.rint(hours[fits]), 1.0),
    )


def _effort(trainees: Trainees, draft: Draft, rng: np.random.Generator) -> NDArray[np.float64]:
    """How much of the usual a person does in a year: the school's doing and her own."""
    spread = draft.figures.by_name("ledgers")["person_spread"]
    own = rng.lognormal(0.0, spread, len(trainees.organisation))
    return np.asarray(draft.ask(ledgers).effort[trainees.organisation] * own[:, None])


def _likely(trainees: Trainees, sorts: Kinds, draft: Draft) -> NDArray[np.float32]:
    """Chance a year of each kind for each person, before the school's effort."""
    everybody = draft.ask(people)
    staff_class = everybody.posts.staff_class
    share = draft.figures.by_name("office_share")
    shares = np.array([share.get(token, 0.0) for token in staff_class.tokens])
    groups: dict[str, Any] = {
        "staff": shares[staff_class.index],
        "teachers": staff_class.any_of("teacher", "teaching_researcher"),
        "principals": staff_class.any_of("principal"),
        "homeroom": everybody.is_homeroom,
        "members": ~np.isnat(draft.ask(member_since)),
        "cohorts": ~np.isnat(draft.ask(chosen_since)),
    }
    columns = [
        groups[who][trainees.rows] * chance
        for who, chance in zip(sorts.who, sorts.chance, strict=True)
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _fits(trainees: Trainees, person: Ints, kind: Ints, completed: Days, draft: Draft) -> Mask:
    """Not before she was hired, joined or was chosen, and not after the region's day."""
    sorts = draft.ask(kinds)
    who = np.array([sorts.who[place] for place in range(len(sorts.who))])
    hired = draft.ask(people).careers.hired_on[trainees.rows]
    begins = hired[person]
    for group, since in (("members", trainees.member_since), ("cohorts", trainees.chosen_since)):
        begins = np.where((who == group)[kind], np.fmax(begins, since[person]), begins)
    return (completed >= begins) & (completed <= np.datetime64(draft.spec.on, "D"))


def _table(entries: Entries, done: int, draft: Draft, rng: np.random.Generator) -> pa.Table:
    """The ledger's view of the entries: hours, levels and titles here and there are missing."""
    sorts, everybody = draft.ask(kinds), draft.ask(people)
    rows = len(entries.person)
    lost = _lost(entries, draft, rng)
    titles = draft.ask(training_titles)
    category = sorts.category.index[entries.kind]
    year = np.maximum(year_of(entries.completed_on) - draft.spec.years[0], 0)
    subject = everybody.subject.index[entries.person]
    title = titles.places(category, year, subject, rng.random(rows))
    columns: dict[str, Any] = {
        "training_entry_id": numbered("T", np.arange(done + 1, done + rows + 1), digits=_DIGITS),
        "person_id": of(everybody.ids, entries.person),
        "completed_on": days(entries.completed_on),
        "title": texts(titles.texts, title, unknown=lost["empty_title"]),
        "category": codes(Choice(sorts.category.tokens, category)),
        "level": codes(_levels(entries, sorts, rng), unknown=lost["empty_level"]),
        "hours": pa.array(entries.hours, mask=np.isnan(entries.hours) | lost["empty_hours"]),
        "is_recognised": pa.array(~lost["unrecognised"]),
        "mode": codes(Choice(sorts.mode.tokens, sorts.mode.index[entries.kind])),
    }
    return pa.table(columns)


def _lost(entries: Entries, draft: Draft, rng: np.random.Generator) -> Mapping[str, Mask]:
    """Cells that a careless school leaves empty, and entries that nobody recognised."""
    settings = draft.figures.by_name("ledgers")
    care = draft.ask(carelessness)[draft.ask(people).posts.organisation[entries.person]]
    shares = {
        name: settings[name]
        for name in ("empty_title", "empty_level", "empty_hours", "unrecognised")
    }
    return {
        name: rng.random(len(entries.person)) < np.minimum(share * care, 0.5)
        for name, share in shares.items()
    }


def _levels(entries: Entries, sorts: Kinds, rng: np.random.Generator) -> Choice:
    """Levels in the shares of each kind; induction is the city's."""
    luck = rng.random(len(entries.person))
    level = np.full(len(luck), LEVELS.index("city"), dtype=np.int16)
    for place, added in enumerate(sorts.levels):
        rows = np.flatnonzero(entries.kind == place)
        drawn = np.searchsorted(added, luck[rows], side="right")
        level[rows] = np.minimum(drawn, len(LEVELS) - 1)
    return Choice(LEVELS, level)


PART = Part("training_entry", training_table)
