"""Where a case stands, as the fold of its events: the same events always give the same standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import fmean, median
from typing import Any, Literal

from qiangshi.casework.grounds import Finding


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case. It holds all that follows from it, so that nothing has to
    be looked up again when the case is rebuilt.

    `verb` is what kind of act; `key` the move, part or expert concerned. `target` is where the case
    stands afterwards, `due` and `opens` the days that count there. `findings` are what was seen.
    """

    verb: str
    key: str
    source: str
    target: str
    by: str
    role: str
    on: date
    reason: str = ""
    due: date | None = None
    opens: date | None = None
    resume: str = ""
    findings: tuple[Finding, ...] = ()
    payload: Mapping[str, Any] | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    effect: str = ""
    sub_case: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """An expert of a panel. `score` None: not yet. Who stepped back leaves a seat to be filled."""

    expert: str
    score: float | None = None
    comment: str = ""
    state: Literal["in", "recused", "replaced"] = "in"

    @property
    def is_in(self) -> bool:
        """Whether the expert sits."""
        return self.state == "in"

    @property
    def is_replaceable(self) -> bool:
        """Whether somebody else may take the seat: it is empty, or its expert has not scored."""
        return self.score is None and self.state != "replaced"


@dataclass(frozen=True, slots=True)
class Standing:
    """A case at rest. `events` counts what happened: whoever acts says what number they saw.

    `resume` are the steps that sent the case back and have not had it back yet. While `suspended`,
    `left` are the working days that its limit had left. `answers` are those of parallel parts.
    """

    place: str
    since: date
    due: date | None = None
    opens: date | None = None
    resume: str = ""
    suspended: date | None = None
    left: int | None = None
    extended: int = 0
    told: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    seats: tuple[Seat, ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)
    events: int = 0
    appealed: int = 0

    @property
    def members(self) -> tuple[Seat, ...]:
        """Experts who sit."""
        return tuple(seat for seat in self.seats if seat.is_in)

    @property
    def scores(self) -> tuple[float, ...]:
        """Scores given by those who sit."""
        return tuple(seat.score for seat in self.members if seat.score is not None)

    @property
    def score(self) -> float | None:
        """The mean of the panel's scores; None before any."""
        return fmean(self.scores) if self.scores else None

    @property
    def middle(self) -> float | None:
        """The median of the panel's scores; None before any."""
        return median(self.scores) if self.scores else None


def after(standing: Standing | None, event: Event) -> Standing:
    """The standing that an event leaves behind."""
    if standing is None:
        return _entered(Standing(event.target, event.on), event)
    count = standing.events + 1
    match event.verb:
        case "answer":
            answers = {**standing.answers, event.key: str(event.detail["answer"])}
            if event.target == standing.place:
                return replace(standing, answers=answers, events=count)
            return _entered(replace(standing, answers=answers), event)
        case "seat" | "score" | "recuse" | "replace":
            return replace(standing, seats=_seated(standing.seats, event), events=count)
        case "suspend":
            left = event.detail["left"]
            return replace(standing, suspended=event.on, due=None, left=left, events=count)
        case "resume":
            kept = replace(standing, suspended=None, left=None, events=count)
            return replace(kept, due=event.due, opens=event.opens)
        case "extend":
            extended = standing.extended + 1
            return replace(standing, due=event.due, extended=extended, told=0, events=count)
        case "correct":
            return replace(standing, payload=dict(event.payload or {}), events=count)
        case "escalate":
            return replace(standing, told=standing.told + 1, events=count)
        case "succeed":
            return replace(standing, place=event.target, events=count)
        case _:
            return _entered(standing, event)


def _entered(standing: Standing, event: Event) -> Standing:
    """At a new place everything that belonged to the old one is over; payload and scores stay."""
    payload = standing.payload if event.payload is None else dict(event.payload)
    seats = () if event.detail.get("new_panel") else standing.seats
    return Standing(
        place=event.target,
        since=event.on,
        due=event.due,
        opens=event.opens,
        resume=event.resume,
        seats=seats,
        payload=payload,
        events=standing.events + 1,
        appealed=standing.appealed + (event.verb == "appeal"),
    )


def _seated(seats: tuple[Seat, ...], event: Event) -> tuple[Seat, ...]:
    if event.verb == "seat":
        return tuple(Seat(str(expert)) for expert in event.detail["experts"])
    changed = tuple(_changed(seat, event) if seat.expert == event.key else seat for seat in seats)
    if event.verb == "replace":
        return (*changed, Seat(str(event.detail["expert"])))
    return changed


def _changed(seat: Seat, event: Event) -> Seat:
    if event.verb == "score":
        comment = str(event.detail.get("comment", ""))
        return replace(seat, score=float(event.detail["score"]), comment=comment)
    return replace(seat, state="recused" if event.verb == "recuse" else "replaced")


def rebuilt(events: Iterable[Event]) -> Standing:
    """The standing after all events. Raises ValueError where there is none."""
    standing: Standing | None = None
    for event in events:
        standing = after(standing, event)
    if standing is None:
        raise ValueError("expected events, got none")
    return standing
