"""Every way in which a type can be unsound that we know of is planted, and reported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.casework.checks import Gates, Meets
from qiangshi.casework.kinds import (
    APPLICANT,
    EXPERT,
    TIME,
    Appeal,
    Basis,
    Move,
    Outcome,
    Part,
    Rights,
    Step,
)
from qiangshi.casework.payloads import ask
from qiangshi.casework.soundness import problems, succession_problems
from qiangshi.casework.variants import Succession
from tests.qiangshi.casework.samples import CHIEF, CLERK, GRANT, PANEL, SOUND, WORLD, number

if TYPE_CHECKING:
    from qiangshi.casework.kinds import CaseType


def changed(**more: Any) -> CaseType:
    return replace(GRANT, **more)


def with_step(key: str, **more: Any) -> CaseType:
    return changed(steps=tuple(replace(s, **more) if s.key == key else s for s in GRANT.steps))


def with_move(source: str, key: str, **more: Any) -> CaseType:
    found = (source, key)
    return changed(
        moves=tuple(replace(m, **more) if (m.source, m.key) == found else m for m in GRANT.moves)
    )


def with_outcome(key: str, **more: Any) -> CaseType:
    return changed(
        outcomes=tuple(replace(o, **more) if o.key == key else o for o in GRANT.outcomes)
    )


def and_move(*moves: Move) -> CaseType:
    return changed(moves=(*GRANT.moves, *moves))


def and_steps(steps: tuple[Step, ...], moves: tuple[Move, ...] = ()) -> CaseType:
    return changed(steps=(*GRANT.steps, *steps), moves=(*GRANT.moves, *moves))


def with_rights(**more: Any) -> CaseType:
    return changed(rights=replace(GRANT.rights, **more))


def with_panel(**more: Any) -> CaseType:
    return with_step("judging", panel=replace(PANEL, **more))


def with_together(**more: Any) -> CaseType:
    together = GRANT.step("signing").together
    assert together is not None
    return with_step("signing", together=replace(together, **more))


class Loose:
    """No dataclass."""


@dataclass
class Thawed:
    """Not frozen."""

    title: str = ask("题目")


@dataclass(frozen=True)
class Unsaid:
    """A field that says nothing of itself."""

    title: str = ""


@dataclass(frozen=True)
class Codeless:
    """A code of no list."""

    kind: str = ask("类别", "code")


A, B = Step("a", "甲", CLERK), Step("b", "乙", CLERK)
LATE_A = Step("a", "甲", CLERK, within=number("desk"), escalates=CHIEF)
LATE_B = Step("b", "乙", CLERK, within=number("desk"), escalates=CHIEF)
TO_A = Move("to-a", "去甲", "desk", "a")
APPEAL = GRANT.rights.appeal
assert APPEAL is not None

PLANTED: dict[str, tuple[CaseType, str]] = {
    "no way on": (
        changed(moves=tuple(m for m in GRANT.moves if m.source != "review")),
        "review: no way on",
    ),
    "no way to an end": (
        and_steps((A, B), (TO_A, Move("y", "去", "a", "b"), Move("z", "去", "b", "a"))),
        "a: no way to an end",
    ),
    "a step never reached": (
        and_steps((A,), (Move("x", "去", "a", "refused"),)),
        "a: never reached",
    ),
    "an outcome never reached": (
        changed(outcomes=(*GRANT.outcomes, Outcome("lost", "失"))),
        "lost: never reached",
    ),
    "a move from nowhere": (and_move(Move("x", "去", "nowhere", "desk")), "which is no step"),
    "a move to nowhere": (and_move(Move("x", "去", "desk", "nowhere")), "which is nowhere"),
    "a move out of an end": (and_move(Move("x", "去", "granted", "desk")), "which is no step"),
    "a move that stays": (and_move(Move("x", "去", "desk", "desk")), "leads back to desk itself"),
    "a return to an end": (
        with_move("desk", "return", target="refused"),
        "returns to refused, which is no step",
    ),
    "two moves of a name": (and_move(Move("accept", "又", "desk", "refused")), "2 moves called"),
    "two places of a name": (and_steps((Step("granted", "又", CLERK),)), "2 places of that key"),
    "no steps": (changed(steps=(), moves=(), rights=Rights()), "steps: none"),
    "no outcomes": (changed(outcomes=()), "outcomes: none"),
    "a step without a label": (with_step("desk", label=" "), "desk: no label"),
    "a move without a label": (with_move("draft", "submit", label=""), "submit: no label"),
    "an outcome without a label": (with_outcome("upheld", label=""), "upheld: no label"),
    "no English": (changed(label_en=""), "expected Chinese and English"),
    "a key without its context": (changed(key="grant"), "expected context.name"),
    "version nought": (changed(version=0), "a version from 1"),
    "no basis": (changed(basis=()), "basis: no clause"),
    "a clause that is not there": (changed(basis=(Basis("sample", "九"),)), "no clause sample 九"),
    "a plan that is not there": (changed(basis=(Basis("none", "三"),)), "no clause none 三"),
    "a role that is not there": (with_step("desk", by="wizard"), "wizard: no such role"),
    "a move by nobody known": (with_move("desk", "accept", by="wizard"), "wizard: no such role"),
    "a step of nobody": (with_step("desk", by=""), "desk: nobody handles it"),
    "experts without a panel": (with_step("desk", by=EXPERT), "experts without a panel"),
    "late cases told to who is late": (with_step("desk", escalates=CLERK), "who is late"),
    "nobody told of late cases": (with_step("desk", escalates=""), "nobody is told"),
    "time as a role": (with_move("desk", "accept", by=TIME), "say auto"),
    "a number without a norm": (with_step("desk", within=number("none")), "no plan in force"),
    "a limit in persons": (with_step("desk", within=number("experts")), "expected working_day"),
    "half a day": (with_step("desk", within=number("half")), "no whole number of days"),
    "due before publicity ends": (
        with_step("publicity", within=number("three_days"), escalates=CHIEF),
        "open only after publicity",
    ),
    "waiting for no publicity": (with_step("publicity", publicity=None), "publicity has not"),
    "waiting to be late without a limit": (
        and_move(Move("x", "去", "judging", "refused", auto="overdue")),
        "which has no limit",
    ),
    "checks with nobody there": (
        with_move("publicity", "over", checks=(Gates(),)),
        "nobody is there to answer",
    ),
    "time with two ways": (
        and_move(Move("x", "去", "publicity", "refused", auto="publicity-over")),
        "two moves at once",
    ),
    "time going round": (
        and_steps(
            (LATE_A, LATE_B),
            (
                TO_A,
                Move("a-b", "甲乙", "a", "b", auto="overdue"),
                Move("b-a", "乙甲", "b", "a", auto="overdue"),
                Move("a-end", "了结", "a", "refused"),
            ),
        ),
        "time alone leads round",
    ),
    "an effect that is not there": (with_outcome("granted", effect="magic"), "no effect magic"),
    "an effect of a move that is not there": (
        with_move("desk", "accept", effect="magic"),
        "no effect magic",
    ),
    "an ending move with an effect": (
        with_move("judging", "reject", effect="note"),
        "its effect belongs to refused",
    ),
    "nothing left behind": (with_outcome("granted", effect=""), "leaves anything behind"),
    "resting on no checks": (with_move("judging", "reject", checks=()), "checks nothing"),
    "an item that is not there": (
        with_move("desk", "accept", checks=(Meets("standard:none"),)),
        "no plan has standard:none",
    ),
    "two rules of a name": (with_move("draft", "submit", checks=(SOUND, SOUND)), "rules called"),
    "a rule without a label": (
        with_move("draft", "submit", checks=(replace(SOUND, label=""),)),
        "without a label",
    ),
    "gates of no effect": (with_move("desk", "accept", checks=(Gates(()),)), "gates of no effect"),
    "an extension of no length": (with_rights(extension=None), "an extension needs both"),
    "an extension by nobody": (with_rights(extend_by=""), "an extension needs both"),
    "reopening to nowhere": (with_rights(reopen_to=""), "reopening needs both"),
    "reopening at an end": (with_rights(reopen_to="granted"), "which is no step"),
    "an appeal to an end": (
        with_rights(appeal=replace(APPEAL, to="granted")),
        "an appeal goes to granted",
    ),
    "an appeal to oneself": (
        with_rights(appeal=replace(APPEAL, to="draft")),
        "goes back to applicant",
    ),
    "an appeal against no outcome": (
        with_rights(appeal=Appeal(APPLICANT, number("appeal"), "review", ("desk", "refused"))),
        "which is no outcome",
    ),
    "a further appeal to an end": (
        with_rights(further=replace(APPEAL, to="granted")),
        "an appeal goes to granted",
    ),
    "a further appeal and no first": (
        with_rights(appeal=None, further=APPEAL),
        "a further appeal without a first one",
    ),
    "apart from nowhere": (with_step("desk", apart_from=("attic",)), "apart from attic"),
    "apart from itself": (with_step("desk", apart_from=("desk",)), "apart from desk"),
    "a secret nowhere": (changed(secret=("attic",)), "secret: attic is nowhere"),
    "a refusal without appeal": (
        with_rights(appeal=replace(APPEAL, of=("upheld",))),
        "refused: refuses, and nobody may appeal",
    ),
    "a quorum beyond the panel": (with_panel(quorum=number("six_experts")), "a quorum of 6"),
    "a quorum of nobody": (with_panel(quorum=number("nobody")), "a quorum of nobody"),
    "experts who seat themselves": (with_panel(secretary=EXPERT), "experts seat themselves"),
    "a panel with parts": (with_step("signing", panel=PANEL), "a panel and parallel parts"),
    "one part alone": (with_together(parts=(Part("people", "人事", "hr"),)), "and only 1"),
    "two parts of a name": (
        with_together(parts=(Part("a", "甲", "hr"), Part("a", "乙", "hr"))),
        "2 parts called a",
    ),
    "parts that lead nowhere": (with_together(agreed="nowhere"), "lead to nowhere"),
    "silence without an end": (with_step("signing", within=None), "no day on which it does"),
    "a loose payload": (changed(payload=Loose), "expected a frozen dataclass"),
    "a thawed payload": (changed(payload=Thawed), "expected a frozen dataclass"),
    "an unsaid field": (changed(payload=Unsaid), "expected ask(...)"),
    "a code of no list": (changed(payload=Codeless), "codes belong to a code"),
    "lasting until no day": (
        with_step("desk", within=None, until="title"),
        "which is no day of the payload",
    ),
    "a limit and a day": (with_step("desk", until="until"), "a limit and a day at once"),
    "a sub-case of no type": (
        with_move("desk", "split", opens="demo.none"),
        "no such type of sub-case",
    ),
    "a case below itself": (with_move("desk", "split", opens="demo.grant"), "below itself"),
    "awaiting what none opens": (with_move("desk", "split", opens=""), "no move opens one"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_reported(planted: str) -> None:
    kind, said = PLANTED[planted]

    assert any(said in fault for fault in problems(kind, WORLD)), problems(kind, WORLD)


def test_more_than_forty_faults_are_planted() -> None:
    assert len(PLANTED) >= 40


@pytest.mark.parametrize(
    ("succession", "said"),
    [
        (Succession("demo.grant", 1, 3, ()), "no such version"),
        (Succession("demo.grant", 1, 2, (("draft", "draft"),)), "desk has no place"),
        (
            Succession("demo.grant", 1, 2, tuple((s.key, "gone") for s in GRANT.steps)),
            "gone is no step",
        ),
    ],
)
def test_a_succession_that_leads_nowhere_is_reported(succession: Succession, said: str) -> None:
    types = {("demo.grant", 1): GRANT, ("demo.grant", 2): replace(GRANT, version=2)}

    assert any(said in fault for fault in succession_problems(succession, types))
