"""Studio memberships: most teachers belong to one, the young and the chosen nearly all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.cohorts import cohorts
from qiangshi.synthetic.columns import days, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import NO_DAY, Days, Floats, Ints, Mask
from qiangshi.synthetic.organisations import organisations
from qiangshi.synthetic.people import people
from qiangshi.synthetic.studios import LEVELS, Studios, studios

_LATEST_START = 300
_NEAR = 6


@dataclass(frozen=True, slots=True)
class Memberships:
    """Places of people and studios, by person; nobody is twice in the same studio."""

    person: Ints
    studio: Ints
    since: Days
    until: Days

    def first_day(self, rows: int) -> Days:
        """For each of so many people the first day in a studio; none for those in no studio."""
        first = np.full(rows, NO_DAY, dtype="datetime64[D]")
        order = np.lexsort((self.since, self.person))[::-1]
        first[self.person[order]] = self.since[order]
        return first


def memberships(draft: Draft) -> Memberships:
    """The members of the region's studios and workshops."""
    rng = draft.generator("memberships")
    made = draft.ask(people)
    share = _share(draft)
    member = np.flatnonzero(rng.random(len(made)) < share)
    again = rng.random(len(member)) < draft.figures.by_name("studio_membership")["second"]
    first = _first_choice(member, draft, rng)
    second = _wider_choice(member[again], draft, rng)
    person = np.concatenate([member, member[again]])
    studio = np.concatenate([first, second])
    twice = np.concatenate([np.zeros(len(member), bool), second == first[again]])
    keep = (studio >= 0) & ~twice
    order = np.argsort(person[keep], kind="stable")
    return _dated(person[keep][order], studio[keep][order], draft, rng)


def _share(draft: Draft) -> Floats:
    """How likely each is to belong to a studio."""
    made = draft.ask(people)
    settings = draft.figures.by_name("studio_membership")
    chosen_ones = draft.ask(cohorts)
    rows = len(made)
    share = np.where(made.posts.is_teacher, settings["teacher"], 0.0)
    share[made.posts.staff_class.any_of("principal")] = settings["principal"]
    early = made.posts.is_teacher & (made.careers.years_teaching <= settings["early_years"] + 1.0)
    share[early] = settings["early"]
    share[~np.isnat(chosen_ones.first_day(rows))] = settings["cohort"]
    share[~np.isnat(chosen_ones.first_day(rows, "subject_leader"))] = settings["subject_leader"]
    return np.asarray(share)


def _first_choice(person: Ints, draft: Draft, rng: np.random.Generator) -> Ints:
    """One's own school's workshop, or the central school's, or one of the city near by."""
    settings = draft.figures.by_name("studio_membership")
    made = draft.ask(studios)
    here = draft.ask(people).posts.organisation[person]
    above = draft.ask(organisations).parent[here]
    own = _one_of(made, "school", here, rng)
    township = _one_of(made, "township", above, rng)
    wider = _wider_choice(person, draft, rng)
    luck = rng.random(len(person))
    near = luck < settings["own_school"] + settings["own_township"]
    choice = np.where(near & (township >= 0), township, wider)
    choice = np.where((luck < settings["own_school"]) & (own >= 0), own, choice)
    choice = np.where(choice < 0, township, choice)
    return np.where(choice < 0, own, choice)


def _one_of(made: Studios, level: str, host: Ints, rng: np.random.Generator) -> Ints:
    """A studio of `level` at each host; -1 where the host has none."""
    mine = np.flatnonzero((made.level.index == LEVELS.index(level)) & np.isnat(made.until))
    hosts = made.organisation[mine]
    start, stop = np.searchsorted(hosts, host, "left"), np.searchsorted(hosts, host, "right")
    turn = start + np.floor(rng.random(len(host)) * np.maximum(stop - start, 1)).astype(np.int64)
    if len(mine) == 0:
        return np.full(len(host), -1, dtype=np.int64)
    return np.where(stop > start, mine[np.minimum(turn, len(mine) - 1)], -1)


def _wider_choice(person: Ints, draft: Draft, rng: np.random.Generator) -> Ints:
    """A studio of the city or the province, at a school not far off in the tree."""
    made = draft.ask(studios)
    wide = np.flatnonzero(made.level.index >= LEVELS.index("city"))
    if len(wide) == 0:
        return np.full(len(person), -1, dtype=np.int64)
    here = draft.ask(people).posts.organisation[person]
    place = np.searchsorted(made.organisation[wide], here)
    step = np.rint(rng.normal(0.0, _NEAR, len(person))).astype(np.int64)
    return np.asarray(wide[(place + step) % len(wide)])


def _dated(person: Ints, studio: Ints, draft: Draft, rng: np.random.Generator) -> Memberships:
    """From when both were there; some have left, and nobody stays when a studio closes."""
    made, hired = draft.ask(studios), draft.ask(people).careers.hired_on[person]
    on = np.datetime64(draft.spec.on, "D")
    earliest = np.maximum(made.since[studio], hired)
    room = np.minimum((on - earliest).astype(np.int64), _LATEST_START)
    since = earliest + np.floor(rng.random(len(person)) ** 2 * room).astype("timedelta64[D]")
    stayed = np.floor((on - since).astype(np.int64) * rng.random(len(person)))
    left = rng.random(len(person)) < draft.figures.by_name("studio_membership")["left"]
    until = np.where(left, since + stayed.astype("timedelta64[D]"), NO_DAY)
    until = np.fmin(until, made.until[studio])
    fits: Mask = ~(until < since)
    return Memberships(person[fits], studio[fits], since[fits], until[fits])


def membership_table(draft: Draft) -> pa.Table:
    """The relation `studio_membership`."""
    made = draft.ask(memberships)
    return pa.table(
        {
            "studio_id": of(draft.ask(studios).ids, made.studio),
            "person_id": of(draft.ask(people).ids, made.person),
            "valid_from": days(made.since),
            "valid_to": days(made.until),
        }
    )


PART = Part("studio_membership", membership_table)
