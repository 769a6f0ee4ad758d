"""What days do to a case: publicity ends, silence agrees, limits pass and somebody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from qiangshi.casework.acts import answer
from qiangshi.casework.kinds import TIME, Step
from qiangshi.casework.standing import after
from qiangshi.casework.stepping import Act, done, moved

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.kinds import CaseType, Move
    from qiangshi.casework.standing import Event, Standing
    from qiangshi.casework.stepping import Rules

_DAY = timedelta(days=1)
_MOST = 50  # steps that a case may run through by itself on one day; more is a loop


def wakes_on(kind: CaseType, standing: Standing) -> date | None:
    """The next day on which time does something to the case; None: only people do."""
    step = kind.places[standing.place]
    if not isinstance(step, Step) or standing.suspended:
        return None
    days = []
    if standing.opens and _auto(kind, step, "publicity-over"):
        days.append(standing.opens)
    if standing.due:
        late = standing.due + _DAY
        silent = step.together is not None and step.together.silence == "agrees"
        if silent or _auto(kind, step, "overdue") or not standing.told:
            days.append(late)
    return min(days, default=None)


def passed(kind: CaseType, standing: Standing, on: date, rules: Rules) -> list[Event]:
    """Everything that time has done to the case by the day `on`, in order.

    Each event is of the day on which it fell due, however late the command runs. Running it twice
    finds nothing the second time: each event changes what it looks at.
    """
    found: list[Event] = []
    now = standing
    while (day := wakes_on(kind, now)) is not None and day <= on:
        event = _next(kind, now, day, rules)
        found.append(event)
        now = after(now, event)
        if len(found) > _MOST:
            raise RuntimeError(f"expected {kind.key} to come to rest, got {_MOST} moves on {day}")
    return found


def _next(kind: CaseType, standing: Standing, day: date, rules: Rules) -> Event:
    step = kind.step(standing.place)
    act = Act("move", "", TIME, frozenset({TIME}), day)
    if standing.opens == day and (move := _auto(kind, step, "publicity-over")):
        return _by_time(kind, standing, move, act, rules)
    if step.together is not None and step.together.silence == "agrees":
        return _silence(kind, standing, act, rules)
    if move := _auto(kind, step, "overdue"):
        return _by_time(kind, standing, move, act, rules)
    late = f"“{step.label}”应于{standing.due}前办结，已逾期"
    return done(standing, replace(act, verb="escalate", key=step.escalates, reason=late), TIME)


def _silence(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    step = kind.step(standing.place)
    assert step.together is not None, "asked only where parts run side by side"
    part = next(part for part in step.together.parts if part.key not in standing.answers)
    silent = replace(
        act,
        verb="answer",
        key=part.key,
        roles=frozenset({part.by}),
        detail={"answer": "agree", "silent": True},
        reason=f"“{part.label}”逾期未答复，视为同意",
    )
    return replace(answer(kind, standing, silent, rules), role=TIME)


def _by_time(kind: CaseType, standing: Standing, move: Move, act: Act, rules: Rules) -> Event:
    by_itself = replace(act, key=move.key, reason=_BY_ITSELF[move.auto])
    return replace(moved(kind, standing, move, by_itself, rules), role=TIME)


_BY_ITSELF = {"publicity-over": "公示期满无异议", "overdue": "逾期未办，自动流转"}


def _auto(kind: CaseType, step: Step, when: str) -> Move | None:
    return next((move for move in kind.moves_from(step.key) if move.auto == when), None)
