"""Every declared type, walked at random: somebody or some day can always take a case on."""

from __future__ import annotations

from random import Random

import pytest
from click.testing import CliRunner

from qiangshi.casework import jsonform
from qiangshi.casework.soundness import problems
from qiangshi.casework.standing import rebuilt
from qiangshi.casework.ticking import passed
from qiangshi.commands.casework import command
from qiangshi_web.casework.norms import rules, world
from qiangshi_web.casework.registry import declarations, kinds
from qiangshi_web.offers import offered
from tests.qiangshi.casework.walking import Walk
from tests.web.casework.filed import TODAY

KINDS = kinds()
NAMES = [f"{kind.key}@{kind.variant}" if kind.variant else kind.key for kind in KINDS]
WALKS, STEPS = 60, 35


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_declared_type_is_sound(kind: object) -> None:
    assert problems(kind, world(TODAY)) == []  # type: ignore[arg-type] # pytest's ids want objects


@pytest.mark.parametrize("number", range(len(KINDS)), ids=NAMES)
def test_a_walk_through_a_declared_type_always_goes_on(number: int) -> None:
    for seed in range(WALKS):
        walk = Walk.of(KINDS[number], rules(), Random(seed).randrange, TODAY)
        for _ in range(STEPS):
            walk.step()
            assert walk.can_go_on(), (seed, walk.events[-1])

        stored = [jsonform.event(jsonform.told(event)) for event in walk.events]
        assert rebuilt(stored) == walk.standing
        walk.pass_days(30)
        assert passed(walk.kind, walk.standing, walk.on, rules()) == []


def test_every_effect_that_a_type_names_is_declared_with_it() -> None:
    lacking = {
        one.kind.key: missing
        for one in declarations()
        if (missing := {o.effect for o in one.kind.outcomes if o.effect} - {*one.effects})
    }

    assert lacking == {}


def test_every_declared_type_is_offered_by_its_name_in_the_catalogue() -> None:
    declared = {f"case:{one.kind.key}" for one in declarations()}

    assert declared <= offered()


def test_the_engine_stays_small_and_types_cost_little() -> None:
    told = CliRunner().invoke(command, ["lines"]).stdout

    lines = {line.split()[0]: line.split() for line in told.splitlines() if line.strip()}
    assert int(lines["合计"][3]) <= 4000
    assert int(lines["qualification.periodic-registration"][2]) <= 250
    assert int(lines["burden.campus-entry、burden.secondment"][2]) <= 250
