"""What is wrong with a case type, found without running it: every fault, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from qiangshi.casework.checks import Gates, Meets, Rule
from qiangshi.casework.kinds import APPLICANT, EXPERT, SUPERVISOR, TIME, WITHDRAWN, reached
from qiangshi.casework.numbers import NoNumber
from qiangshi.casework.payloads import asking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from qiangshi.casework.kinds import CaseType, Move, Outcome, Step
    from qiangshi.casework.numbers import Cited, Norms, Number
    from qiangshi.casework.variants import Succession

K = TypeVar("K")
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
    keys = [step.key for step in kind.steps] + [outcome.key for outcome in kind.outcomes]
    if twice := _twice(keys):
        return [f"{kind.key}/{key}: {n} places of that key" for key, n in twice.items()]
    checks = (
        _names, _shape, _ways, _loops, _roles, _numbers, _times, _basis, _effects, _checks, _rights,
        _panels, _together, _payload, _sub_cases,
    )  # fmt: skip
    return [f"{kind.key}/{said}" for one in checks for wrong, said in one(kind, world) if wrong]


Faults = Iterator[tuple[object, str]]
"""What might be wrong, each with whether it is: anything true."""


def _twice(keys: Iterable[K]) -> dict[K, int]:
    return {key: count for key, count in Counter(keys).items() if count > 1}


def _names(kind: CaseType, world: World) -> Faults:
    for (source, key), count in _twice((move.source, move.key) for move in kind.moves).items():
        yield True, f"{source}: {count} moves called {key}"
    labelled: tuple[Step | Outcome | Move, ...] = (*kind.steps, *kind.outcomes, *kind.moves)
    for one in labelled:
        yield not one.label.strip(), f"{one.key}: no label"
    yield not (kind.label.strip() and kind.label_en.strip()), "label: expected Chinese and English"
    lost = not all(kind.key.partition(".")) or kind.version < 1
    yield lost, f"key: expected context.name and a version from 1, got {kind.key} {kind.version}"


def _shape(kind: CaseType, world: World) -> Faults:
    yield not kind.steps, "steps: none"
    yield not kind.outcomes, "outcomes: none"
    steps = {step.key for step in kind.steps}
    for move in kind.moves:
        here, to, is_return = move.source, move.target, move.kind == "return"
        yield here not in steps, f"{move.key}: leaves {here}, which is no step"
        yield to not in kind.places, f"{move.key}: leads to {to}, which is nowhere"
        yield is_return and to not in steps, f"{move.key}: returns to {to}, which is no step"
        yield here == to, f"{move.key}: leads back to {here} itself"


def _ways(kind: CaseType, world: World) -> Faults:
    ends, again = [one.key for one in kind.outcomes], kind.rights.reopen_to
    ways = [(here, to) for here, to, _ in kind.ways if to in kind.places]
    ways += [(end, again) for end in ends if again]
    seen = reached([step.key for step in kind.steps[:1]], ways)
    ending = reached(ends, [(to, here) for here, to in ways])
    for place in kind.places:
        yield place not in seen and place != WITHDRAWN, f"{place}: never reached"
    for step in kind.steps:
        goes_on = any(here == step.key for here, _ in ways)
        yield not goes_on, f"{step.key}: no way on"
        yield goes_on and step.key not in ending, f"{step.key}: no way to an end"


def _loops(kind: CaseType, world: World) -> Faults:
    """Moves that time makes must not go round: a case would never come to rest."""
    ways = [(move.source, move.target) for move in kind.moves if move.auto]
    for start in kind.steps:
        onward = reached([to for here, to in ways if here == start.key], ways)
        yield start.key in onward, f"{start.key}: time alone leads round"


def _roles(kind: CaseType, world: World) -> Faults:
    known = world.roles | NOT_OFFICES
    for party in kind.parties():
        yield party not in known, f"{party}: no such role"
    for step in kind.steps:
        here, by, late = step.key, step.by, step.escalates
        yield not by, f"{here}: nobody handles it"
        yield by == EXPERT and step.panel is None, f"{here}: experts without a panel"
        yield by and late == by, f"{here}: late cases are told to {by}, who is late"
        untold = step.within is not None and by != APPLICANT and not late
        yield untold, f"{here}: a limit, and nobody is told when it passes"
        for other in step.apart_from:
            wrong = other not in kind.places or other == here
            yield wrong, f"{here}: apart from {other}, which is no other place"
    for place in kind.secret:
        yield place not in kind.places, f"secret: {place} is nowhere"
    for move in kind.moves:
        yield move.by == TIME, f"{move.key}: time is no role; say auto"


def _numbers(kind: CaseType, world: World) -> Faults:
    for number in kind.numbers():
        cited = _found(number, world)
        yield cited is None, f"{number}: no plan in force gives it"
        yield cited and not cited.clause, f"{number}: no clause"
        yield cited and cited.amount < 0, f"{number}: negative"


def _found(number: Number | None, world: World) -> Cited | None:
    if number is None:
        return None
    try:
        return world.norms.find(number, world.on)
    except NoNumber:
        return None


def _times(kind: CaseType, world: World) -> Faults:
    days = [(one.key, number) for one in kind.steps for number in (one.within, one.publicity)]
    days += [("rights", number) for number in kind.rights.numbers]
    for place, number in days:
        if cited := _found(number, world):
            yield cited.unit != DAYS, f"{place}: {number}: expected {DAYS}, got {cited.unit}"
            yield cited.amount % 1, f"{place}: {cited.amount} is no whole number of days"
    for step in kind.steps:
        within, publicity = _found(step.within, world), _found(step.publicity, world)
        if within and publicity:
            days_given = f"due after {within.amount:g} days, open only after publicity"
            yield within.amount <= publicity.amount, f"{step.key}: {days_given}"
        yield from _autos(step, kind.moves_from(step.key))


def _autos(step: Step, moves: Iterable[Move]) -> Faults:
    here, unpublished = step.key, step.publicity is None
    unlimited = step.within is None and not step.until
    for move in moves:
        over, overdue = move.auto == "publicity-over", move.auto == "overdue"
        yield over and unpublished, f"{move.key}: waits for a publicity that {here} has not"
        yield overdue and unlimited, f"{move.key}: waits until {here} is late, which has no limit"
        asks = move.auto and (move.checks or move.reason)
        yield asks, f"{move.key}: nobody is there to answer for checks or a reason"
    twice = _twice(move.auto for move in moves if move.auto)
    yield twice, f"{here}: time could make two moves at once"


def _basis(kind: CaseType, world: World) -> Faults:
    yield not kind.basis, "basis: no clause"
    for basis in kind.basis:
        yield (basis.plan, basis.clause) not in world.clauses, f"basis: no clause {basis}"


def _effects(kind: CaseType, world: World) -> Faults:
    named = [(one.key, one.effect) for one in kind.outcomes if one.effect]
    named += [(one.key, one.effect) for one in kind.moves if one.effect]
    for key, effect in named:
        yield effect not in world.effects, f"{key}: no effect {effect}"
    for move in kind.moves:
        ends = move.effect and kind.is_end(move.target)
        yield ends, f"{move.key}: ends the case, so its effect belongs to {move.target}"
    yield not named, "outcomes: none leaves anything behind"


def _checks(kind: CaseType, world: World) -> Faults:
    for move in kind.moves:
        here, rules = move.key, [one for one in move.checks if isinstance(one, Rule)]
        idle = move.when == "unmet" and not move.checks
        yield idle, f"{here}: rests on what fails, and checks nothing"
        for key, count in _twice(rule.key for rule in rules).items():
            yield True, f"{here}: {count} rules called {key}"
        for check in move.checks:
            match check:
                case Meets(item):
                    yield item not in world.items, f"{here}: no plan has {item}"
                case Gates(effects):
                    yield not effects, f"{here}: gates of no effect"
                case Rule(key, label):
                    yield not label.strip(), f"{here}: rule {key} without a label"


def _rights(kind: CaseType, world: World) -> Faults:
    rights, steps = kind.rights, {step.key: step for step in kind.steps}
    uneven = bool(rights.extend_by) != (rights.extension is not None)
    yield uneven, "rights: an extension needs both a role and a number of days"
    uneven = bool(rights.reopen_by) != bool(rights.reopen_to)
    yield uneven, "rights: reopening needs both a role and a step"
    lost = rights.reopen_to and rights.reopen_to not in steps
    yield lost, f"rights: reopened at {rights.reopen_to}, which is no step"
    yield rights.further and not rights.appeal, "rights: a further appeal without a first one"
    ends = {outcome.key for outcome in kind.outcomes}
    for appeal in rights.appeals:
        to = steps.get(appeal.to)
        yield to is None, f"rights: an appeal goes to {appeal.to}, which is no step"
        yield to and to.by == appeal.by, f"rights: an appeal goes back to {appeal.by}, who made it"
        for end in appeal.of:
            yield end not in ends, f"rights: an appeal against {end}, which is no outcome"
    heard = {end for appeal in rights.appeals for end in appeal.of}
    for one in kind.outcomes:
        unheard = one.tone == "refused" and one.key not in heard
        yield unheard, f"{one.key}: refuses, and nobody may appeal"


def _panels(kind: CaseType, world: World) -> Faults:
    for step in kind.steps:
        if panel := step.panel:
            size, quorum = _found(panel.size, world), _found(panel.quorum, world)
            if size and quorum:
                few = f"a quorum of {quorum.amount:g} out of {size.amount:g}"
                yield quorum.amount > size.amount, f"{step.key}: {few}"
                yield quorum.amount < 1, f"{step.key}: a quorum of nobody"
            yield panel.secretary == EXPERT, f"{step.key}: experts seat themselves"
            yield step.together, f"{step.key}: a panel and parallel parts at once"


def _together(kind: CaseType, world: World) -> Faults:
    for step in kind.steps:
        if together := step.together:
            parts = together.parts
            for key, count in _twice(part.key for part in parts).items():
                yield True, f"{step.key}: {count} parts called {key}"
            yield len(parts) < 2, f"{step.key}: parallel parts, and only {len(parts)}"
            for to in (together.agreed, together.refused):
                yield to not in kind.places, f"{step.key}: its parts lead to {to}, which is nowhere"
            endless = together.silence == "agrees" and step.within is None
            yield endless, f"{step.key}: silence agrees, and no day on which it does"


def _payload(kind: CaseType, world: World) -> Faults:
    frozen = getattr(kind.payload, "__dataclass_params__", None)
    if frozen is None or not frozen.frozen:
        yield True, f"payload: expected a frozen dataclass, got {kind.payload.__name__}"
        return
    try:
        asked = asking(kind.payload)
    except TypeError as error:
        yield True, f"payload: {error}"
        return
    days = {name for name, told in asked.items() if told.kind == "date"}
    for step in kind.steps:
        here, until = step.key, step.until
        lost = until and until not in days
        yield lost, f"{here}: lasts until {until}, which is no day of the payload"
        yield until and step.within, f"{here}: a limit and a day at once"
    for name, told in asked.items():
        uneven = (told.kind == "code") != bool(told.codes)
        yield uneven, f"payload.{name}: codes belong to a code, and a code has codes"


def _sub_cases(kind: CaseType, world: World) -> Faults:
    opened = {move.opens for move in kind.moves if move.opens}
    awaited = {step.awaits for step in kind.steps if step.awaits}
    for name in sorted(opened | awaited):
        yield name not in world.types, f"{name}: no such type of sub-case"
        yield name == kind.key, f"{name}: a case below itself"
    for name in sorted(awaited - opened):
        yield True, f"{name}: awaited, and no move opens one"


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
