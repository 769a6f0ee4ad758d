"""What happens to a case when somebody acts: pure, and the only way in which a case changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from qiangshi.casework.grounds import Finding, refuse
from qiangshi.casework.kinds import APPLICANT, Outcome, Step
from qiangshi.casework.standing import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.casework.kinds import CaseType, Move
    from qiangshi.casework.numbers import Norms, Number
    from qiangshi.casework.standing import Standing
    from qiangshi.casework.workdays import Workdays


_THEN = "/"  # between the steps that sent a case back, the last one first to be gone back to


@dataclass(frozen=True)
class Rules:
    """What holds around every case: the working days, and the plans in force."""

    workdays: Workdays
    norms: Norms

    def whole(self, number: Number, on: date) -> int:
        """A number of days or members. Raises NoNumber."""
        return self.norms.find(number, on).whole


@dataclass(frozen=True)
class Act:
    """Somebody's wish. `saw` is the number of events they had seen; None: they do not say.

    `roles` are those that the person has towards this case. `findings` are the checks of the move,
    as they came out; `open_parts` how many sub-cases still run; `acted_at` the steps at which the
    person acted on the case before, of those that matter here.
    """

    verb: str
    key: str
    by: str
    roles: frozenset[str]
    on: date
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    open_parts: int = 0
    saw: int | None = None
    acted_at: frozenset[str] = frozenset()


def begin(kind: CaseType, act: Act, rules: Rules) -> Event:
    """The first event of a case. Raises Refused where the party may not begin it."""
    if kind.begun_by not in act.roles:
        raise refuse(f"“{kind.label}”由{role_name(kind.begun_by)}发起")
    first = kind.first
    return Event(
        verb="begin",
        key="begin",
        source="",
        target=first.key,
        by=act.by,
        role=kind.begun_by,
        on=act.on,
        due=due_at(first, act.on, rules, act.payload or {}),
        opens=opens_at(first, act.on, rules),
        payload=dict(act.payload or {}),
        findings=act.findings,
        detail=dict(act.detail),
    )


def moved(kind: CaseType, standing: Standing, move: Move, act: Act, rules: Rules) -> Event:
    """The event of a move that nothing stands against.

    A case that was sent back goes, once its step is done, to where it was sent back from.
    """
    is_return = move.kind == "return"
    behind = [*filter(None, standing.resume.split(_THEN))]
    target = move.target
    if is_return:
        behind.append(standing.place)
    resumes = not is_return and bool(behind) and not kind.is_end(target)
    if resumes:
        target = behind.pop()
    place = kind.places[target]
    return Event(
        verb="move",
        key=move.key,
        source=standing.place,
        target=target,
        by=act.by,
        role=next(iter(act.roles & {move.by or kind.step(standing.place).by}), ""),
        on=act.on,
        reason=act.reason.strip(),
        due=due_at(place, act.on, rules, act.payload or standing.payload),
        opens=opens_at(place, act.on, rules),
        resume="" if kind.is_end(target) else _THEN.join(behind),
        findings=act.findings,
        payload=act.payload,
        detail=dict(act.detail) | ({} if resumes else fresh_panel(place)),
        effect=place.effect if isinstance(place, Outcome) else move.effect,
        sub_case=move.opens,
    )


def fresh_panel(place: Step | Outcome) -> dict[str, Any]:
    """What an event says that brings a case before a panel anew: earlier seats are over."""
    return {"new_panel": True} if isinstance(place, Step) and place.panel is not None else {}


def open_step(kind: CaseType, standing: Standing) -> Step:
    """The step at which the case waits. Raises Refused for one that is done."""
    place = kind.places[standing.place]
    if isinstance(place, Outcome):
        raise refuse(f"该件已办结（{place.label}），不能再办理")
    return place


def require_role(role: str, act: Act, what: str) -> None:
    """Raises Refused where the actor is not the one to do it."""
    if role not in act.roles:
        raise refuse(f"{what}由{role_name(role)}办理")


def due_at(
    place: Step | Outcome, on: date, rules: Rules, payload: Mapping[str, Any]
) -> date | None:
    """The last day of a step's limit for a case that enters it on `on` and says `payload`."""
    if isinstance(place, Outcome):
        return None
    if place.until:
        day = payload.get(place.until)
        return date.fromisoformat(str(day)) if day else None
    if place.within is None:
        return None
    return rules.workdays.after(on, rules.whole(place.within, on))


def opens_at(place: Step | Outcome, on: date, rules: Rules) -> date | None:
    """The first day on which a case may leave: the day after so many whole days of publicity."""
    if isinstance(place, Outcome) or place.publicity is None:
        return None
    return rules.workdays.after(on, rules.whole(place.publicity, on) + 1)


def role_name(role: str) -> str:
    """How a sentence calls who has to act."""
    return "申请人" if role == APPLICANT else f"“{role}”"
