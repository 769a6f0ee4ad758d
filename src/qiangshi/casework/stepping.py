"""What happens to a case when somebody acts: pure, and the only way in which a case changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from qiangshi.casework.grounds import refuse
from qiangshi.casework.kinds import Outcome
from qiangshi.casework.standing import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.casework.grounds import Finding
    from qiangshi.casework.kinds import CaseType, Move, Step
    from qiangshi.casework.numbers import Norms, Number
    from qiangshi.casework.standing import Standing
    from qiangshi.casework.workdays import Workdays


_THEN = "/"  # between the steps that sent a case back, the last one first to be gone back to


@dataclass(frozen=True)
class Rules:
    """What holds around every case: working days, the plans in force, what roles are called."""

    workdays: Workdays
    norms: Norms
    roles: Mapping[str, str] = field(default_factory=dict)

    def whole(self, number: Number, on: date) -> int:
        """A number of days or members. Raises NoNumber."""
        return self.norms.find(number, on).whole

    def name(self, role: str) -> str:
        """How a sentence calls who has to act."""
        return self.roles.get(role, role)

    def after(self, start: date, number: Number, on: date) -> date:
        """The day so many working days after `start`, by the norm of the day `on`."""
        return self.workdays.after(start, self.whole(number, on))


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
        raise refuse(f"“{kind.label}”由{rules.name(kind.begun_by)}发起")
    event = replace(done(None, act, kind.begun_by, kind.first.key), payload=dict(act.payload or {}))
    return entering(kind, event, event.payload or {}, rules)


def moved(kind: CaseType, standing: Standing, move: Move, act: Act, rules: Rules) -> Event:
    """The event of a move that nothing stands against.

    A case that was sent back goes, once its step is done, to where it was sent back from, and what
    began there goes on.
    """
    behind = [*filter(None, standing.resume.split(_THEN))]
    resumes = move.kind != "return" and bool(behind) and not kind.is_end(move.target)
    target = behind.pop() if resumes else move.target
    if move.kind == "return":
        behind.append(standing.place)
    role = next(iter(act.roles & {move.by or kind.step(standing.place).by}), "")
    event = replace(
        done(standing, act, role, target),
        resume=_THEN.join(behind),
        payload=act.payload,
        effect=move.effect,
        sub_case=move.opens,
    )
    found = entering(kind, event, act.payload or standing.payload, rules)
    return replace(found, detail=event.detail) if resumes else found


def done(standing: Standing | None, act: Act, role: str, target: str = "") -> Event:
    """The act as an event; the case stays where it stands, but for one that leads to `target`."""
    here = standing.place if standing else ""
    return Event(
        verb=act.verb,
        key=act.key,
        source=here,
        target=target or here,
        by=act.by,
        role=role,
        on=act.on,
        reason=act.reason.strip(),
        findings=act.findings,
        detail=dict(act.detail),
    )


def entering(kind: CaseType, event: Event, payload: Mapping[str, Any], rules: Rules) -> Event:
    """The event with all that follows from where it leads: an effect, or the days that count there.

    Publicity lasts so many whole days: the case may leave on the day after. A panel begins anew.
    """
    place, on = kind.places[event.target], event.on
    if isinstance(place, Outcome):
        return replace(event, resume="", effect=place.effect)
    due = opens = None
    if place.until and payload.get(place.until):
        due = date.fromisoformat(str(payload[place.until]))
    if place.within is not None:
        due = rules.after(on, place.within, on)
    if place.publicity is not None:
        opens = rules.workdays.after(rules.after(on, place.publicity, on), 1)
    anew = {"new_panel": True} if place.panel is not None else {}
    return replace(event, due=due, opens=opens, detail={**event.detail, **anew})


def open_step(kind: CaseType, standing: Standing) -> Step:
    """The step at which the case waits. Raises Refused for one that is done."""
    place = kind.places[standing.place]
    if isinstance(place, Outcome):
        raise refuse(f"该件已办结（{place.label}），不能再办理")
    return place


def require_role(role: str, act: Act, what: str, rules: Rules) -> None:
    """Raises Refused where the actor is not the one to do it."""
    if role not in act.roles:
        raise refuse(f"{what}由{rules.name(role)}办理")
