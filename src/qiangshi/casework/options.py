"""What a person may do to a case now: what the page offers and the worklist counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qiangshi.casework.kinds import EXPERT, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.standing import Standing


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that may happen to a case of any type. `by`: the field of `Rights` that says to
    whom; empty where that is no right.
    """

    label: str
    by: str = ""
    reason: Literal["", "required"] = ""


VERBS = {
    "begin": Verb("发起"),
    "answer": Verb("会签"),
    "seat": Verb("抽取专家"),
    "score": Verb("评分"),
    "recuse": Verb("回避", reason="required"),
    "replace": Verb("更换专家", reason="required"),
    "withdraw": Verb("撤回", "withdraw_by"),
    "resume": Verb("恢复办理", "suspend_by"),
    "suspend": Verb("中止", "suspend_by", "required"),
    "extend": Verb("延期", "extend_by", "required"),
    "correct": Verb("更正", "correct_by", "required"),
    "appeal": Verb("申诉", reason="required"),
    "reopen": Verb("重启", "reopen_by", "required"),
    "escalate": Verb("逾期督办"),
    "succeed": Verb("改按新版办理"),
}
"""All that may happen to a case beside the moves of its type."""

AFTER_END = frozenset({"appeal", "reopen"})
WHILE_SUSPENDED = frozenset({"withdraw", "resume", "correct"})


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a party may do; rights beside the ordinary way are not ordinary."""

    verb: str
    key: str
    label: str
    by: str
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
    if place.panel is not None and any(seat.score is None for seat in standing.members):
        return frozenset({EXPERT, place.by})
    return frozenset({place.by})


def _at_step(kind: CaseType, standing: Standing, step: Step) -> Iterator[Option]:
    if standing.suspended:
        return
    if step.panel is not None:
        yield from _of_panel(standing, step.panel.secretary)
    for part in step.together.parts if step.together else ():
        if part.key not in standing.answers:
            yield Option("answer", part.key, part.label, part.by)
    for move in kind.moves_from(step.key):
        if move.auto != "overdue":
            yield Option("move", move.key, move.label, move.by or step.by)


def _of_panel(standing: Standing, secretary: str) -> Iterator[Option]:
    if not standing.members:
        yield Option("seat", "seat", VERBS["seat"].label, secretary)
        return
    for seat in standing.seats:
        if seat.is_in and seat.score is None:
            yield Option("score", seat.expert, VERBS["score"].label, EXPERT)
            yield Option("recuse", seat.expert, VERBS["recuse"].label, EXPERT)
        if seat.is_replaceable:
            yield Option("replace", seat.expert, VERBS["replace"].label, secretary)


def _any_time(kind: CaseType, standing: Standing) -> Iterator[Option]:
    idle = AFTER_END | ({"suspend", "extend"} if standing.suspended else {"resume"})
    if standing.due is None or standing.extended:
        idle |= {"extend"}
    for key, verb in VERBS.items():
        by = getattr(kind.rights, verb.by) if verb.by else ""
        if by and key not in idle:
            yield Option(key, key, verb.label, by, is_ordinary=False)


def _after_end(kind: CaseType, standing: Standing) -> Iterator[Option]:
    right = kind.rights.appeal_against(standing.place, standing.appealed)
    if right is not None:
        yield Option("appeal", "appeal", right.label, right.by, is_ordinary=False)
    if by := kind.rights.reopen_by:
        yield Option("reopen", "reopen", VERBS["reopen"].label, by, is_ordinary=False)


def may_fill(kind: CaseType, standing: Standing, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may still write what the case says, as part of a move."""
    return standing.place == kind.first.key and kind.first.by in roles
