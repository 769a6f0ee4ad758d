"""Careers: age, sex, degree, first post, title and kind of employment, each fitting the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.synthetic.drawing import (
    NO_DAY,
    ONE_DAY,
    Choice,
    Days,
    Floats,
    Index,
    Mask,
    by_luck,
    by_score,
    chosen,
    day,
    year_of,
    years_between,
)
from qiangshi.synthetic.organisations import organisations
from qiangshi.synthetic.posts import Posts, posts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.synthetic.draft import Draft

SEXES = ("male", "female")
DEGREES = (
    "below_upper_secondary",
    "upper_secondary",
    "junior_college",
    "bachelor",
    "master",
    "doctor",
)
TITLES = ("none", "third", "second", "first", "senior", "full_senior")
EMPLOYMENT = ("established", "quota", "temporary", "special_post", "silver_age", "assisting")
_YOUNGEST = 22.0
_BAND = 5.0
_FIRST_BAND = 3.0
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Careers:
    """What is true of everybody, in the order of the posts, whether or not a ledger knows it.

    `teaching_since` is no day for those who never taught; `age` is in years on the region's day.
    """

    age: Floats
    born_on: Days
    sex: Choice
    education: Choice
    title: Choice
    employment: Choice
    teaching_since: Days
    hired_on: Days
    years_teaching: Floats


def careers(draft: Draft) -> Careers:
    """The careers of all who work in the region."""
    people = draft.ask(posts)
    silver = _silver(people, draft)
    age = _ages(people, silver, draft)
    on = np.datetime64(draft.spec.on, "D")
    born_on = on - np.ceil(age * _DAYS_A_YEAR).astype(np.int64) * ONE_DAY
    education = _education(people, age, draft)
    first_post = _first_posts(age, born_on, education, draft)
    hired_on = _hired(first_post, silver, draft)
    never_taught = people.staff_class.any_of("clerk", "assistant", "support")
    years = years_between(first_post, on)
    return Careers(
        age=age,
        born_on=born_on,
        sex=_sex(people, age, silver, draft),
        education=education,
        title=_titles(people, years, education, draft),
        employment=_employment(people, age, years, silver, draft),
        teaching_since=np.where(never_taught, NO_DAY, first_post),
        hired_on=hired_on,
        years_teaching=np.where(never_taught, np.nan, years),
    )


def by_group(
    group: Choice,
    score: Floats,
    table: Mapping[str, Mapping[str, float]],
    tokens: tuple[str, ...],
) -> Index:
    """Each group gets the tokens in its own shares, in the order of the table, lowest score first.

    A head of a kindergarten is a principal where the table has no row of her own.
    """
    drawn = np.full(len(score), -1, dtype=np.int16)
    for place, name in enumerate(group.tokens):
        shares = table.get(name, table.get("principal", {}))
        rows = np.flatnonzero(group.index == place)
        if shares and len(rows):
            drawn[rows] = by_score(score[rows], shares, tokens)
    return drawn


def _silver(people: Posts, draft: Draft) -> Mask:
    """Who came back from retirement to teach outside town."""
    rng = draft.generator("careers.silver")
    place = draft.ask(organisations).place.index[people.organisation]
    could = people.group.any_of("primary", "junior") & (place > 0)
    back = np.zeros(len(people), dtype=bool)
    rows = np.flatnonzero(could)
    back[rows] = chosen(rng, len(rows), draft.figures.by_name("silver_age")["share"])
    return back


def _ages(people: Posts, silver: Mask, draft: Draft) -> Floats:
    rng = draft.generator("careers.age")
    pyramids = draft.figures.lists("ages")
    bands = tuple(str(band) for band in range(len(pyramids["primary"])))
    table = {group: dict(zip(bands, shares, strict=True)) for group, shares in pyramids.items()}
    band = by_group(people.group, rng.random(len(people)), table, bands).astype(np.float64)
    youngest = np.where(band == 0, _YOUNGEST, _YOUNGEST + _FIRST_BAND + (band - 1) * _BAND)
    width = np.where(band == 0, _FIRST_BAND, _BAND)
    age = youngest + rng.random(len(people)) * width
    settings = draft.figures.by_name("silver_age")
    old = rng.uniform(settings["youngest"], settings["oldest"], len(people))
    return np.asarray(np.where(silver, old, age))


def _sex(people: Posts, age: Floats, silver: Mask, draft: Draft) -> Choice:
    """Women are rather the younger ones, and none is past the age at which women retire."""
    rng = draft.generator("careers.sex")
    score = age * 0.02 + rng.normal(size=len(people))
    retired = (age >= draft.figures.number("women_retire_at")) & ~silver
    score = np.where(retired, np.inf, score)
    table = {
        group: {"female": share, "male": 1.0 - share}
        for group, share in draft.figures.by_name("women").items()
    }
    return Choice(SEXES, by_group(people.group, score, table, SEXES))


def _education(people: Posts, age: Floats, draft: Draft) -> Choice:
    """Higher degrees rather with the young; nobody has one before the age it takes."""
    rng = draft.generator("careers.education")
    score = age * 0.06 + rng.normal(size=len(people))
    drawn = by_group(people.group, score, draft.figures.tables("education"), DEGREES)
    first_age = draft.figures.tables("careers")["first_age"]
    for degree in ("doctor", "master"):
        place = DEGREES.index(degree)
        drawn[(drawn == place) & (age < first_age[degree])] = place - 1
    return Choice(DEGREES, drawn)


def _first_posts(age: Floats, born_on: Days, education: Choice, draft: Draft) -> Days:
    """The day of the first post: 1 September, or 1 March, after the studies, never after `on`."""
    rng = draft.generator("careers.first_post")
    settings = draft.figures.by_name("careers")
    first_age = draft.figures.tables("careers")["first_age"]
    youngest = np.array([first_age[degree] for degree in DEGREES])[education.index]
    started_at = youngest + np.floor(rng.exponential(settings["later_years"], len(age)))
    years = year_of(born_on) + np.minimum(started_at, np.maximum(np.floor(age), youngest))
    autumn = rng.random(len(age)) < settings["autumn"]
    start = day(years.astype(np.int64), np.where(autumn, 9, 3), 1)
    on = np.datetime64(draft.spec.on, "D")
    year = draft.spec.on.year
    last = day(year if on >= day(year, 9, 1) else year - 1, 9, 1)
    return np.where(start > on, last, start)


def _hired(first_post: Days, silver: Mask, draft: Draft) -> Days:
    """The first day in the region: the first post, or some years later from elsewhere."""
    rng = draft.generator("careers.hired")
    settings = draft.figures.by_name("careers")
    elsewhere = chosen(rng, len(first_post), settings["from_elsewhere"]) & ~silver
    later = rng.integers(1, int(settings["years_elsewhere"]) + 1, len(first_post))
    years, months = year_of(first_post), first_post.astype("datetime64[M]").astype(np.int64) % 12
    hired = day(years + later, months + 1, 1)
    fits = elsewhere & (hired <= np.datetime64(draft.spec.on, "D"))
    return np.where(fits, hired, first_post)


def _titles(people: Posts, years: Floats, education: Choice, draft: Draft) -> Choice:
    """Higher titles with the longer served; nobody has one before the years it takes."""
    rng = draft.generator("careers.title")
    score = -(years + 2.0 * education.index) + rng.normal(0.0, 4.0, len(people))
    drawn = by_group(people.group, score, draft.figures.tables("titles"), TITLES)
    needed = draft.figures.by_name("title_after_years")
    for place in range(len(TITLES) - 1, 0, -1):
        drawn[(drawn == place) & (years < needed[TITLES[place]])] = place - 1
    return Choice(TITLES, drawn)


def _employment(people: Posts, age: Floats, years: Floats, silver: Mask, draft: Draft) -> Choice:
    """Established posts rather with the older; unknown in private kindergartens."""
    rng = draft.generator("careers.employment")
    schools = draft.ask(organisations)
    score = -age + rng.normal(0.0, 12.0, len(people))
    public = np.flatnonzero(~schools.is_private[people.organisation])
    group = Choice(people.group.tokens, people.group.index[public])
    drawn = np.full(len(people), -1, dtype=np.int16)
    drawn[public] = by_group(group, score[public], draft.figures.tables("employment"), EMPLOYMENT)
    settings = draft.figures.by_name("special_posts")
    away = people.group.any_of("primary", "junior") & (schools.place.index[people.organisation] > 0)
    rows = np.flatnonzero(away & (years < settings["years"]))
    drawn[rows[chosen(rng, len(rows), settings["share"])]] = EMPLOYMENT.index("special_post")
    drawn[silver] = EMPLOYMENT.index("silver_age")
    return Choice(EMPLOYMENT, drawn)


def subjects(people: Posts, draft: Draft) -> Choice:
    """What people teach: by stage for teachers, for heads and researchers where they teach too."""
    rng = draft.generator("careers.subject")
    table = draft.figures.tables("subjects")
    tokens = tuple(dict.fromkeys(subject for row in table.values() for subject in row))
    drawn = np.full(len(people), -1, dtype=np.int16)
    stage = np.where(
        people.staff_class.any_of("teaching_researcher"),
        people.stage.tokens.index("junior"),
        people.stage.index,
    )
    for place, name in enumerate(people.stage.tokens):
        rows = np.flatnonzero(stage == place)
        names = np.array([tokens.index(subject) for subject in table[name]], dtype=np.int16)
        drawn[rows] = names[by_luck(rng, len(rows), table[name])]
    points = draft.ask(organisations).kind.any_of("teaching_point")[people.organisation]
    drawn[points & people.is_teacher] = tokens.index("general")
    return Choice(tokens, drawn)
