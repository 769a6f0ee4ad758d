"""What a case type is made of. Every class here is a frozen value; none holds a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from qiangshi.casework.checks import Check
    from qiangshi.casework.numbers import Number

APPLICANT = "applicant"
"""The party that a case is about, or that began it: no office, so no role of its own."""

EXPERT = "expert"
"""Whoever sits on the panel of a step."""

SUPERVISOR = "supervisor"
"""Whoever holds office highest above a case: whom a late one is told to where nobody else is."""

TIME = "time"
"""What acts when days have passed."""

WITHDRAWN = "withdrawn"
"""The outcome that every type with a right to withdraw has."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things done side by side at a step, each by its own party."""

    key: str
    label: str
    by: str


@dataclass(frozen=True, slots=True)
class Together:
    """Parts that run in parallel; co-signing by departments is the same with an opinion each.

    When all have answered, the case goes to `agreed`, or to `refused` where one said no. With
    `silence="agrees"` whoever has not answered when the step is due is taken to agree.
    """

    parts: tuple[Part, ...]
    agreed: str
    refused: str
    silence: Literal["waits", "agrees"] = "waits"


@dataclass(frozen=True, slots=True)
class Panel:
    """Experts who score apart from each other, without knowing whom, nor the applicant them.

    `secretary` seats, replaces and closes. `most` is the highest score; `outlier` how far a score
    may lie from the median before the report names it.
    """

    secretary: str
    size: Number
    quorum: Number
    most: Number
    outlier: Number


@dataclass(frozen=True, slots=True)
class Step:
    """A place where a case waits for somebody (环节).

    `within`: late after that many working days. `publicity`: nobody moves on before that many.
    `escalates`: the role that is told when it is late. `awaits`: sub-cases of that type must end.
    `template`: a page of the owning context shown where the judgement is made. `until`: the field
    of the payload whose day ends the step, in place of a limit. `apart_from`: whoever acted at one
    of those steps does not act here.
    """

    key: str
    label: str
    by: str
    asks: str = ""
    within: Number | None = None
    publicity: Number | None = None
    escalates: str = ""
    together: Together | None = None
    panel: Panel | None = None
    awaits: str = ""
    template: str = ""
    until: str = ""
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """An end of a case (办结). `effect` names the action that writes a fact."""

    key: str
    label: str
    effect: str = ""
    tone: Literal["granted", "refused", "neutral"] = "neutral"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may be done at a step (操作).

    `when`: with `met` every check must hold; with `unmet` at least one must certainly fail, and
    what fails is the ground of the decision. `kind="return"`: once its target is done the case
    comes back here. `opens`: a sub-case of that type begins. `auto`: what makes it by itself.
    `decides`: whoever makes it although something is unknown says on what ground.
    """

    key: str
    label: str
    source: str
    target: str
    by: str = ""
    checks: tuple[Check, ...] = ()
    when: Literal["met", "unmet"] = "met"
    reason: Literal["", "required"] = ""
    kind: Literal["forward", "return"] = "forward"
    opens: str = ""
    auto: Literal["", "publicity-over", "overdue"] = ""
    decides: Literal["", "decides"] = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """Who may appeal against which outcomes, within how many working days, and to which step."""

    by: str
    within: Number
    to: str
    of: tuple[str, ...]
    label: str = "申诉"


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done to any case of a type, wherever it stands; empty: nobody may.

    `extend_by` may put a limit off once by `extension` working days. `correct_by` may correct what
    the case says while it is open. `reopen_by` may take up an ended case again at `reopen_to`.
    `further` is the second appeal, after the first was heard.
    """

    withdraw_by: str = ""
    suspend_by: str = ""
    extend_by: str = ""
    extension: Number | None = None
    correct_by: str = ""
    appeal: Appeal | None = None
    further: Appeal | None = None
    reopen_by: str = ""
    reopen_to: str = ""

    @property
    def numbers(self) -> tuple[Number | None, ...]:
        """The days that the rights go by."""
        return (self.extension, *(appeal.within for appeal in self.appeals))

    @property
    def appeals(self) -> tuple[Appeal, ...]:
        """The first appeal and the one after it, as far as there are any."""
        return tuple(one for one in (self.appeal, self.further) if one is not None)

    def appeal_against(self, place: str, times: int) -> Appeal | None:
        """The appeal that is open against an outcome for a case appealed so many times."""
        left = self.appeals[times : times + 1]
        return next((one for one in left if place in one.of), None)


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause that a case type carries out."""

    plan: str
    clause: str

    def __str__(self) -> str:
        return f"{self.plan} {self.clause}"


@dataclass(frozen=True)
class CaseType:
    """One kind of case, such as periodic registration (定期注册), at one version.

    `area` is the part of the record that it belongs to. `subject` says what it is about. `variant`
    names the plan for whose region it was derived; `documents` what has to be handed in. `secret`:
    places of a case against its person that she is not shown before she was told once; such a case
    nobody handles who is its person. `in_rounds`: rounds may take it in, or only they may.
    """

    key: str
    version: int
    label: str
    label_en: str
    basis: tuple[Basis, ...]
    payload: type
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    moves: tuple[Move, ...]
    area: str = "people"
    subject: Literal["person", "organisation"] = "person"
    begun_by: str = APPLICANT
    rights: Rights = field(default_factory=Rights)
    documents: tuple[str, ...] = ()
    in_rounds: Literal["", "rounds", "only"] = ""
    variant: str = ""
    secret: tuple[str, ...] = ()

    @cached_property
    def places(self) -> Mapping[str, Step | Outcome]:
        """Key → step or outcome, with the outcome of withdrawal where that is a right."""
        everywhere: tuple[Step | Outcome, ...] = (*self.steps, *self.ends)
        return {place.key: place for place in everywhere}

    @cached_property
    def ends(self) -> tuple[Outcome, ...]:
        """Outcomes, with withdrawal where that is a right."""
        own = {outcome.key for outcome in self.outcomes}
        if self.rights.withdraw_by and WITHDRAWN not in own:
            return (*self.outcomes, Outcome(WITHDRAWN, "已撤回"))
        return self.outcomes

    @cached_property
    def ways(self) -> tuple[tuple[str, str, str], ...]:
        """Every way from a place to a place, with what it is called; of rights, appeals only."""
        found = [(move.source, move.target, move.label) for move in self.moves]
        for step in self.steps:
            if step.together is not None:
                found.append((step.key, step.together.agreed, "全部同意"))
                found.append((step.key, step.together.refused, "有不同意"))
        for right in self.rights.appeals:
            found += [(end, right.to, right.label) for end in right.of]
        return tuple(found)

    @property
    def first(self) -> Step:
        """Where a case begins."""
        return self.steps[0]

    def step(self, key: str) -> Step:
        """The step of that key. Raises KeyError for an outcome."""
        place = self.places[key]
        if not isinstance(place, Step):
            raise KeyError(f"expected a step of {self.key}, got {key}")
        return place

    def is_end(self, place: str) -> bool:
        """Whether a case that stands there is done."""
        return isinstance(self.places[place], Outcome)

    def moves_from(self, place: str) -> tuple[Move, ...]:
        """What may be done at a step, in the order of declaration."""
        return tuple(move for move in self.moves if move.source == place)

    def named(self, roles: Mapping[str, str]) -> Mapping[str, str]:
        """What people call each role here: whom a case is against applies for nothing."""
        return {**roles, APPLICANT: "当事人"} if self.secret else roles

    def numbers(self) -> tuple[Number, ...]:
        """Every number that the type looks up."""
        found: list[Number | None] = [*self.rights.numbers]
        for step in self.steps:
            found += [step.within, step.publicity]
            if panel := step.panel:
                found += [panel.size, panel.quorum, panel.most, panel.outlier]
        for move in self.moves:
            for check in move.checks:
                found += getattr(check, "numbers", ())
        return tuple(dict.fromkeys(number for number in found if number is not None))

    def parties(self) -> tuple[str, ...]:
        """Every role that has something to do."""
        found = [self.begun_by]
        for step in self.steps:
            found += [step.by, step.escalates]
            found += [part.by for part in step.together.parts] if step.together else []
            found += [step.panel.secretary] if step.panel else []
        found += [move.by for move in self.moves]
        may = self.rights
        found += [may.withdraw_by, may.suspend_by, may.extend_by, may.correct_by, may.reopen_by]
        found += [appeal.by for appeal in may.appeals]
        return tuple(dict.fromkeys(party for party in found if party))


def reached(starts: Iterable[str], ways: Collection[tuple[str, str]]) -> dict[str, int]:
    """Everywhere that ways lead to from the starts, nearest first → how many ways it takes."""
    found = dict.fromkeys(starts, 0)
    waiting = [*found]
    for here in waiting:
        for source, target in ways:
            if source == here and target not in found:
                found[target] = found[here] + 1
                waiting.append(target)
    return found
