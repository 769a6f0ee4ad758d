"""What a person may do to a case now: what the page offers and the worklist counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.casework.kinds import EXPERT, Step
from qiangshi.casework.ticking import wakes_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.standing import Standing


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a party may do. `opens` is the first day on which it may be done."""

    verb: str
    key: str
    label: str
    by: str
    opens: date | None = None
    reason: str = ""
    is_ordinary: bool = True


def options(kind: CaseType, standing: Standing) -> tuple[Option, ...]:
    """Everything that anybody may do, ordinary moves first."""
    place = kind.places[standing.place]
    if isinstance(place, Step):
        return (*_at_step(kind, standing, place), *_any_time(kind, standing))
    return tuple(_after_end(kind, standing))


def asked(kind: CaseType, standing: Standing) -> frozenset[str]:
    """The parties whom the case waits for; a suspended or ended one waits for nobody."""
    place = kind.places[standing.place]
    if not isinstance(place, Step) or standing.suspended:
        return frozenset()
    if place.together is not None:
        left = [part.by for part in place.together.parts if part.key not in standing.answers]
        return frozenset(left)
    if place.panel is not None and standing.members:
        waiting = any(seat.score is None for seat in standing.members)
        return frozenset({EXPERT, place.by} if waiting else {place.by})
    return frozenset({place.by})


def is_stuck(kind: CaseType, standing: Standing) -> bool:
    """Whether nobody can do anything to an open case and no day will: what must never be."""
    if kind.is_end(standing.place):
        return False
    return not options(kind, standing) and wakes_on(kind, standing) is None


def _at_step(kind: CaseType, standing: Standing, step: Step) -> Iterator[Option]:
    if standing.suspended:
        return
    if step.panel is not None:
        yield from _of_panel(standing, step)
    if step.together is not None:
        for part in step.together.parts:
            if part.key not in standing.answers:
                yield Option("answer", part.key, part.label, part.by)
    for move in kind.moves_from(step.key):
        if move.auto != "overdue":
            by = move.by or step.by
            yield Option("move", move.key, move.label, by, standing.opens, move.reason)


def _of_panel(standing: Standing, step: Step) -> Iterator[Option]:
    assert step.panel is not None, "asked only where there is one"
    secretary = step.panel.secretary
    if not standing.members:
        yield Option("seat", "seat", "抽取专家", secretary)
        return
    for seat in standing.members:
        if seat.score is None:
            yield Option("score", seat.expert, "评分", EXPERT)
            yield Option("recuse", seat.expert, "回避", EXPERT, reason="required")
    for seat in standing.seats:
        if seat.is_replaceable:
            yield Option("replace", seat.expert, "更换专家", secretary, reason="required")


def _any_time(kind: CaseType, standing: Standing) -> Iterator[Option]:
    rights = kind.rights
    if rights.withdraw_by:
        yield Option("withdraw", "withdraw", "撤回", rights.withdraw_by, is_ordinary=False)
    if rights.suspend_by and standing.suspended:
        yield Option("resume", "resume", "恢复办理", rights.suspend_by, is_ordinary=False)
    elif rights.suspend_by:
        yield _right("suspend", "中止", rights.suspend_by)
    can_extend = standing.due is not None and not standing.extended and not standing.suspended
    if rights.extend_by and can_extend:
        yield _right("extend", "延期", rights.extend_by)
    if rights.correct_by:
        yield _right("correct", "更正", rights.correct_by)


def _after_end(kind: CaseType, standing: Standing) -> Iterator[Option]:
    right = kind.rights.appeal_against(standing.place, standing.appealed)
    if right is not None:
        yield _right("appeal", right.label, right.by)
    if kind.rights.reopen_by:
        yield _right("reopen", "重启", kind.rights.reopen_by)


def _right(verb: str, label: str, by: str) -> Option:
    return Option(verb, verb, label, by, reason="required", is_ordinary=False)


def may_fill(kind: CaseType, standing: Standing, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may still write what the case says, as part of a move."""
    return standing.place == kind.first.key and kind.first.by in roles
