"""Regional variants by derivation, and what has become of a type from one version to the next."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from qiangshi.casework.kinds import TIME
from qiangshi.casework.stepping import Act, done

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from qiangshi.casework.kinds import CaseType, Move, Step
    from qiangshi.casework.standing import Event, Standing


@dataclass(frozen=True, slots=True)
class Without:
    """A step taken out: what led to it leads to `onward`."""

    step: str
    onward: str


@dataclass(frozen=True, slots=True)
class Between:
    """A step put in: what led from `source` to `target` leads to it, and it has `moves`."""

    step: Step
    source: str
    target: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Handled:
    """A step that another role handles here."""

    step: str
    by: str


Change = Without | Between | Handled


def derive(kind: CaseType, variant: str, *changes: Change) -> CaseType:
    """The type as it runs where the plan `variant` holds; all else stays as declared."""
    found = replace(kind, variant=variant)
    for change in changes:
        found = _changed(found, change)
    return found


def _changed(kind: CaseType, change: Change) -> CaseType:
    match change:
        case Without(step, onward):
            return replace(
                kind,
                steps=tuple(one for one in kind.steps if one.key != step),
                moves=tuple(
                    replace(move, target=onward) if move.target == step else move
                    for move in kind.moves
                    if move.source != step
                ),
            )
        case Between(step, source, target, moves):
            at = next(place for place, one in enumerate(kind.steps) if one.key == source) + 1
            led = tuple(
                replace(move, target=step.key)
                if (move.source, move.target, move.kind) == (source, target, "forward")
                else move
                for move in kind.moves
            )
            steps = (*kind.steps[:at], step, *kind.steps[at:])
            return replace(kind, steps=steps, moves=(*led, *moves))
        case Handled(step, by):
            handled = (replace(one, by=by) if one.key == step else one for one in kind.steps)
            return replace(kind, steps=tuple(handled))


_SAID = {
    "label": "名称", "by": "办理人", "asks": "要求", "within": "时限", "publicity": "公示期",
    "escalates": "超期报告", "source": "来自", "target": "转到", "checks": "核对", "reason": "理由",
}  # fmt: skip


def difference(base: CaseType, variant: CaseType, *, roles: Mapping[str, str]) -> tuple[str, ...]:
    """What sets a variant apart, a line each, in Chinese; none where they are the same.

    `roles`: what people call the roles.
    """
    places = {key: place.label for kind in (base, variant) for key, place in kind.places.items()}
    names = {**places, **variant.named(roles)}
    lines = [*_differing("环节", base.places, variant.places, names)]
    ours, theirs = ({f"{one.source}/{one.key}": one for one in k.moves} for k in (base, variant))
    lines += _differing("操作", ours, theirs, names)
    if base.rights != variant.rights:
        lines.append("权利：有变动")
    return tuple(lines)


def _differing(
    what: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[str]:
    for key in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(key), theirs.get(key)
        if one is None or other is None:
            known: Any = one or other
            yield f"{'减少' if one else '增加'}{what}“{known.label}”"
        elif one != other:
            yield f"{what}“{one.label}”：{'；'.join(_fields_apart(one, other, names))}"


def _fields_apart(one: Any, other: Any, names: Mapping[str, str]) -> Iterator[str]:
    for field in fields(one):
        before, now = (str(getattr(each, field.name) or "无") for each in (one, other))
        if before != now:
            said = names.get(before, before), names.get(now, now)
            yield f"{_SAID.get(field.name, field.name)}由“{said[0]}”改为“{said[1]}”"


@dataclass(frozen=True, slots=True)
class Succession:
    """Open cases of a version go on under another: where each of its steps continues."""

    key: str
    old: int
    new: int
    places: tuple[tuple[str, str], ...]

    def place(self, old: str) -> str:
        """Where a case at `old` goes on. Raises KeyError for a step that has no place."""
        return dict(self.places)[old]


def succeed(standing: Standing, succession: Succession, on: date) -> Event:
    """The event by which an open case follows a succession; its limits stay as they were set."""
    key = f"{succession.old}-{succession.new}"
    told = f"事项由第{succession.old}版改按第{succession.new}版办理"
    act = Act("succeed", key, TIME, frozenset({TIME}), on, told)
    event = done(standing, act, TIME, succession.place(standing.place))
    return replace(event, due=standing.due, opens=standing.opens, resume=standing.resume)
