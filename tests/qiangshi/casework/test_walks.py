"""Wherever a case wanders, somebody or some day can always take it on."""

from __future__ import annotations

import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.casework import jsonform
from qiangshi.casework.soundness import problems
from qiangshi.casework.standing import rebuilt
from qiangshi.casework.ticking import passed
from tests.qiangshi.casework.samples import GRANT, ON, RULES, WORLD
from tests.qiangshi.casework.walking import Walk

SEEDS = st.integers(0, 2**32)


def walk_from(seed: int, length: int) -> Walk:
    walk = Walk.of(GRANT, RULES, Random(seed).randrange, ON)
    for _ in range(length):
        walk.step()
    return walk


def test_the_sample_is_sound() -> None:
    assert problems(GRANT, WORLD) == []


@settings(max_examples=120)
@given(SEEDS, st.integers(5, 45))
def test_a_walk_never_reaches_a_place_without_a_way_on(seed: int, length: int) -> None:
    walk = Walk.of(GRANT, RULES, Random(seed).randrange, ON)

    for _ in range(length):
        walk.step()
        assert walk.can_go_on(), walk.events[-1]


@settings(max_examples=80)
@given(SEEDS, st.integers(5, 45))
def test_what_is_stored_is_what_the_events_tell(seed: int, length: int) -> None:
    walk = walk_from(seed, length)

    kept = json.loads(json.dumps([jsonform.told(event) for event in walk.events]))
    stored = json.loads(json.dumps(jsonform.told(walk.standing)))

    assert rebuilt(jsonform.event(row) for row in kept) == walk.standing
    assert jsonform.standing(stored) == walk.standing


@settings(max_examples=80)
@given(SEEDS, st.integers(3, 25), st.integers(0, 90))
def test_a_day_that_passes_twice_passes_once(seed: int, length: int, days: int) -> None:
    walk = walk_from(seed, length)
    walk.pass_days(days)

    assert passed(GRANT, walk.standing, walk.on, RULES) == []


def test_walks_reach_every_place_of_the_sample() -> None:
    seen = {event.target for seed in range(120) for event in walk_from(seed, 40).events}

    assert seen == set(GRANT.places)
