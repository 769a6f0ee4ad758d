"""What is wrong with a case type, found without running it: every fault, each with its place."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qiangshi.casework.checks import Gates, Meets, Rule
from qiangshi.casework.kinds import APPLICANT, EXPERT, SUPERVISOR, TIME, WITHDRAWN
from qiangshi.casework.numbers import NoNumber
from qiangshi.casework.payloads import asking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from qiangshi.casework.kinds import CaseType, Move, Outcome, Step
    from qiangshi.casework.numbers import Cited, Norms, Number
    from qiangshi.casework.variants import Succession

NOT_OFFICES = frozenset({APPLICANT, EXPERT, SUPERVISOR})
DAYS = "working_day"


@dataclass(frozen=True)
class World:
    """What a type may refer to: roles, effects, other types, clauses and items of plans."""

    norms: Norms
    on: date
    roles: frozenset[str]
    effects: frozenset[str]
    types: frozenset[str]
    clauses: Collection[tuple[str, str]] = field(default_factory=frozenset)
    items: Collection[str] = field(default_factory=frozenset)


def problems(kind: CaseType, world: World) -> list[str]:
    """Every fault of a type, as `type/place: what is wrong`.

    Where two places share a key nothing else can be told, and only that is.
    """
    twice = [f"{kind.key}/{said}" for said in _doubled(kind)]
    if twice:
        return twice
    checks = (
        _names, _shape, _ways, _loops, _roles, _numbers, _basis, _effects, _checks, _rights,
        _panels, _together, _times, _payload, _sub_cases,
    )  # fmt: skip
    return [f"{kind.key}/{said}" for check in checks for said in check(kind, world)]


def _everywhere(kind: CaseType) -> tuple[Step | Outcome, ...]:
    return (*kind.steps, *kind.outcomes)


def _doubled(kind: CaseType) -> Iterator[str]:
    for key, count in Counter(place.key for place in _everywhere(kind)).items():
        if count > 1:
            yield f"{key}: {count} places of that key"


def _names(kind: CaseType, world: World) -> Iterator[str]:
    for (source, key), count in Counter((move.source, move.key) for move in kind.moves).items():
        if count > 1:
            yield f"{source}: {count} moves called {key}"
    labelled: tuple[Step | Outcome | Move, ...] = (*kind.steps, *kind.outcomes, *kind.moves)
    for one in labelled:
        if not one.label.strip():
            yield f"{one.key}: no label"
    if not kind.label.strip() or not kind.label_en.strip():
        yield "label: expected Chinese and English"
    context, _, name = kind.key.partition(".")
    if not context or not name or kind.version < 1:
        yield f"key: expected context.name and a version from 1, got {kind.key} {kind.version}"


def _shape(kind: CaseType, world: World) -> Iterator[str]:
    if not kind.steps:
        yield "steps: none"
    if not kind.outcomes:
        yield "outcomes: none"
    steps = {step.key for step in kind.steps}
    for move in kind.moves:
        if move.source not in steps:
            yield f"{move.key}: leaves {move.source}, which is no step"
        if move.target not in kind.places:
            yield f"{move.key}: leads to {move.target}, which is nowhere"
        if move.kind == "return" and move.target not in steps:
            yield f"{move.key}: returns to {move.target}, which is no step"
        if move.source == move.target:
            yield f"{move.key}: leads back to {move.source} itself"


def _targets(kind: CaseType, step: Step) -> list[str]:
    found = [move.target for move in kind.moves_from(step.key)]
    if step.together is not None:
        found += [step.together.agreed, step.together.refused]
    return [target for target in found if target in kind.places]


def _reached(kind: CaseType) -> set[str]:
    seen: set[str] = set()
    waiting = [kind.first.key] if kind.steps else []
    rights = kind.rights
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here in {step.key for step in kind.steps}:
            waiting += _targets(kind, kind.step(here))
        waiting += [one.to for one in rights.appeals if here in one.of and one.to in kind.places]
        if rights.reopen_by and kind.is_end(here) and rights.reopen_to in kind.places:
            waiting.append(rights.reopen_to)
    return seen


def _ways(kind: CaseType, world: World) -> Iterator[str]:
    seen = _reached(kind)
    for place in kind.places:
        if place not in seen and place != WITHDRAWN:
            yield f"{place}: never reached"
    ending = {outcome.key for outcome in kind.outcomes}
    while True:
        more = {
            step.key
            for step in kind.steps
            if step.key not in ending and ending & set(_targets(kind, step))
        }
        if not more:
            break
        ending |= more
    for step in kind.steps:
        if not _targets(kind, step):
            yield f"{step.key}: no way on"
        elif step.key not in ending:
            yield f"{step.key}: no way to an end"


def _loops(kind: CaseType, world: World) -> Iterator[str]:
    """Moves that time makes must not go round: a case would never come to rest."""
    auto = {
        step.key: [move.target for move in kind.moves_from(step.key) if move.auto]
        for step in kind.steps
    }
    for start in auto:
        here, seen = start, {start}
        while targets := [target for target in auto.get(here, []) if target in auto]:
            here = targets[0]
            if here in seen:
                yield f"{start}: time alone leads round through {here}"
                break
            seen.add(here)


def _roles(kind: CaseType, world: World) -> Iterator[str]:
    known = world.roles | NOT_OFFICES
    for party in kind.parties():
        if party not in known:
            yield f"{party}: no such role"
    for step in kind.steps:
        if not step.by:
            yield f"{step.key}: nobody handles it"
        if step.by == EXPERT and step.panel is None:
            yield f"{step.key}: experts without a panel"
        if step.escalates == step.by and step.by:
            yield f"{step.key}: late cases are told to {step.by}, who is late"
        yield from _apart(kind, step)
        if step.within is not None and step.by != APPLICANT and not step.escalates:
            yield f"{step.key}: a limit, and nobody is told when it passes"
    for move in kind.moves:
        if move.by == TIME:
            yield f"{move.key}: time is no role; say auto"


def _apart(kind: CaseType, step: Step) -> Iterator[str]:
    """What keeps a person from a step or from the case must name places that there are."""
    for other in step.apart_from:
        if other not in kind.places or other == step.key:
            yield f"{step.key}: apart from {other}, which is no other place"
    for place in kind.secret if step is kind.first else ():
        if place not in kind.places:
            yield f"secret: {place} is nowhere"


def _numbers(kind: CaseType, world: World) -> Iterator[str]:
    for number in kind.numbers():
        try:
            cited = world.norms.find(number, world.on)
        except NoNumber:
            yield f"{number}: no plan in force gives it"
            continue
        if not cited.clause:
            yield f"{number}: no clause"
        if cited.amount < 0:
            yield f"{number}: {cited.amount} is negative"


def _days(kind: CaseType) -> Iterator[tuple[str, Number | None]]:
    for step in kind.steps:
        yield f"{step.key}.within", step.within
        yield f"{step.key}.publicity", step.publicity
    yield "rights.extension", kind.rights.extension
    for appeal in kind.rights.appeals:
        yield "rights.appeal", appeal.within


def _times(kind: CaseType, world: World) -> Iterator[str]:
    for place, number in _days(kind):
        cited = _found(number, world)
        if cited is not None and cited.unit != DAYS:
            yield f"{place}: expected {DAYS}, got {cited.unit} in {cited.plan} {cited.clause}"
        if cited is not None and cited.amount != int(cited.amount):
            yield f"{place}: {cited.amount} is no whole number of days"
    for step in kind.steps:
        within, publicity = _found(step.within, world), _found(step.publicity, world)
        if within and publicity and within.amount <= publicity.amount:
            yield f"{step.key}: due after {within.amount:g} days, open only after publicity"
        for move in kind.moves_from(step.key):
            if move.auto == "publicity-over" and step.publicity is None:
                yield f"{move.key}: waits for the end of a publicity that {step.key} has not"
            if move.auto == "overdue" and step.within is None and not step.until:
                yield f"{move.key}: waits until {step.key} is late, which has no limit"
            if move.auto and (move.checks or move.reason):
                yield f"{move.key}: nobody is there to answer for checks or a reason"
        autos = Counter(move.auto for move in kind.moves_from(step.key) if move.auto)
        if max(autos.values(), default=0) > 1:
            yield f"{step.key}: time could make two moves at once"


def _found(number: Number | None, world: World) -> Cited | None:
    if number is None:
        return None
    try:
        return world.norms.find(number, world.on)
    except NoNumber:
        return None


def _basis(kind: CaseType, world: World) -> Iterator[str]:
    if not kind.basis:
        yield "basis: no clause"
    for basis in kind.basis:
        if (basis.plan, basis.clause) not in world.clauses:
            yield f"basis: no clause {basis}"


def _effects(kind: CaseType, world: World) -> Iterator[str]:
    for outcome in kind.outcomes:
        if outcome.effect and outcome.effect not in world.effects:
            yield f"{outcome.key}: no effect {outcome.effect}"
    for move in kind.moves:
        if move.effect and move.effect not in world.effects:
            yield f"{move.key}: no effect {move.effect}"
        if move.effect and kind.is_end(move.target):
            yield f"{move.key}: ends the case, so its effect belongs to {move.target}"
    effects = [outcome.effect for outcome in kind.outcomes]
    if not any((*effects, *(move.effect for move in kind.moves))):
        yield "outcomes: none leaves anything behind"


def _checks(kind: CaseType, world: World) -> Iterator[str]:
    for move in kind.moves:
        if move.when == "unmet" and not move.checks:
            yield f"{move.key}: rests on what fails, and checks nothing"
        yield from (f"{move.key}: {said}" for said in _of_checks(kind, move, world))


def _of_checks(kind: CaseType, move: Move, world: World) -> Iterator[str]:
    keys = Counter(check.key for check in move.checks if isinstance(check, Rule))
    yield from (f"{count} rules called {key}" for key, count in keys.items() if count > 1)
    for check in move.checks:
        if isinstance(check, Meets) and check.item not in world.items:
            yield f"no plan has {check.item}"
        if isinstance(check, Rule) and not check.label.strip():
            yield f"rule {check.key} without a label"
        if isinstance(check, Gates) and not check.effects:
            yield "gates of no effect"


def _rights(kind: CaseType, world: World) -> Iterator[str]:
    rights = kind.rights
    ends = {outcome.key for outcome in kind.outcomes}
    steps = {step.key for step in kind.steps}
    if bool(rights.extend_by) != (rights.extension is not None):
        yield "rights: an extension needs both a role and a number of days"
    if bool(rights.reopen_by) != bool(rights.reopen_to):
        yield "rights: reopening needs both a role and a step"
    if rights.reopen_to and rights.reopen_to not in steps:
        yield f"rights: reopened at {rights.reopen_to}, which is no step"
    if rights.further is not None and rights.appeal is None:
        yield "rights: a further appeal without a first one"
    for appeal in rights.appeals:
        if appeal.to not in steps:
            yield f"rights: an appeal goes to {appeal.to}, which is no step"
        elif kind.step(appeal.to).by == appeal.by:
            yield f"rights: an appeal goes back to {appeal.by}, who made it"
        for outcome in appeal.of:
            if outcome not in ends:
                yield f"rights: an appeal against {outcome}, which is no outcome"
    refused = [one.key for one in kind.outcomes if one.tone == "refused"]
    unheard = [key for key in refused if not any(key in one.of for one in rights.appeals)]
    for key in unheard:
        yield f"{key}: refuses, and nobody may appeal"


def _panels(kind: CaseType, world: World) -> Iterator[str]:
    for step in kind.steps:
        if step.panel is None:
            continue
        size, quorum = _found(step.panel.size, world), _found(step.panel.quorum, world)
        if size and quorum and quorum.amount > size.amount:
            yield f"{step.key}: a quorum of {quorum.amount:g} out of {size.amount:g}"
        if quorum and quorum.amount < 1:
            yield f"{step.key}: a quorum of nobody"
        if step.panel.secretary == EXPERT:
            yield f"{step.key}: experts seat themselves"
        if step.together is not None:
            yield f"{step.key}: a panel and parallel parts at once"


def _together(kind: CaseType, world: World) -> Iterator[str]:
    for step in kind.steps:
        if step.together is None:
            continue
        keys = Counter(part.key for part in step.together.parts)
        yield from (f"{step.key}: {n} parts called {key}" for key, n in keys.items() if n > 1)
        if len(step.together.parts) < 2:
            yield f"{step.key}: parallel parts, and only {len(step.together.parts)}"
        for target in (step.together.agreed, step.together.refused):
            if target not in kind.places:
                yield f"{step.key}: its parts lead to {target}, which is nowhere"
        if step.together.silence == "agrees" and step.within is None:
            yield f"{step.key}: silence agrees, and no day on which it does"


def _payload(kind: CaseType, world: World) -> Iterator[str]:
    frozen = getattr(kind.payload, "__dataclass_params__", None)
    if not dataclasses.is_dataclass(kind.payload) or frozen is None or not frozen.frozen:
        yield f"payload: expected a frozen dataclass, got {kind.payload.__name__}"
        return
    try:
        asked = asking(kind.payload)
    except TypeError as error:
        yield f"payload: {error}"
        return
    for step in kind.steps:
        if step.until and (step.until not in asked or asked[step.until].kind != "date"):
            yield f"{step.key}: lasts until {step.until}, which is no day of the payload"
        if step.until and step.within is not None:
            yield f"{step.key}: a limit and a day at once"
    for name, told in asked.items():
        if (told.kind == "code") != bool(told.codes):
            yield f"payload.{name}: codes belong to a code, and a code has codes"


def _sub_cases(kind: CaseType, world: World) -> Iterator[str]:
    opened = {move.opens for move in kind.moves if move.opens}
    awaited = {step.awaits for step in kind.steps if step.awaits}
    for name in sorted(opened | awaited):
        if name not in world.types:
            yield f"{name}: no such type of sub-case"
        if name == kind.key:
            yield f"{name}: a case below itself"
    for name in sorted(awaited - opened):
        yield f"{name}: awaited, and no move opens one"


def succession_problems(
    succession: Succession, types: Mapping[tuple[str, int], CaseType]
) -> list[str]:
    """Faults of a succession: versions that are not there, steps that lead nowhere."""
    old = types.get((succession.key, succession.old))
    new = types.get((succession.key, succession.new))
    here = f"{succession.key}/{succession.old}-{succession.new}"
    if old is None or new is None:
        return [f"{here}: no such version"]
    places = dict(succession.places)
    found = [
        f"{here}: {step.key} has no place in version {succession.new}"
        for step in old.steps
        if step.key not in places
    ]
    steps = {step.key for step in new.steps}
    found += [f"{here}: {to} is no step" for to in places.values() if to not in steps]
    return found
