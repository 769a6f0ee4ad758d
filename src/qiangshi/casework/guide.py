"""办事指南: what an applicant has to know, read off the declaration and the norms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from qiangshi.casework.checks import Rule, measured_by
from qiangshi.casework.diagram import mermaid
from qiangshi.casework.payloads import asking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from qiangshi.casework.kinds import CaseType, Step
    from qiangshi.casework.numbers import Norms, Number


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must hold, and the clause that asks for it."""

    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A step as the guide tells it. `limit` and `publicity` are working days with their clause."""

    label: str
    by: str
    asks: str
    limit: str
    publicity: str


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide page of a case type."""

    kind: CaseType
    basis: tuple[str, ...]
    begun_by: str
    conditions: tuple[Condition, ...]
    asked: tuple[tuple[str, str], ...]
    stages: tuple[Stage, ...]
    outcomes: tuple[str, ...]
    rights: tuple[str, ...]
    days: int

    def markdown(self) -> str:
        """The guide as a page."""
        stages = [f"{one.label}（{one.by}）{one.limit}{one.publicity}" for one in self.stages]
        chapters: dict[str, Sequence[str]] = {
            "一、依据": self.basis,
            "二、申请人": [self.begun_by],
            "三、条件": [f"{one.text}（{one.clause}）" for one in self.conditions],
            "四、需提供": [*(label for label, _ in self.asked), *self.kind.documents],
            "五、环节与时限": [*stages, f"法定环节时限合计{self.days}个工作日，公示期另计"],
            "六、结果": self.outcomes,
            "七、权利": self.rights,
        }
        parts = [f"# {self.kind.label}办事指南"]
        for head, lines in chapters.items():
            parts += ["", f"## {head}", "", *(f"- {line}" for line in lines or ["无"])]
        return "\n".join([*parts, "", "```mermaid", mermaid(self.kind), "```", ""])


def guide(kind: CaseType, norms: Norms, *, on: date, roles: Mapping[str, str]) -> Guide:
    """The guide of a type under the plans in force. Raises NoNumber."""
    roles = kind.named(roles)
    return Guide(
        kind=kind,
        basis=tuple(str(basis) for basis in kind.basis),
        begun_by=roles.get(kind.begun_by, kind.begun_by),
        conditions=tuple(dict.fromkeys(_conditions(kind, norms))),
        asked=tuple((told.label, told.help) for told in asking(kind.payload).values()),
        stages=tuple(_stage(step, norms, on, roles) for step in kind.steps),
        outcomes=tuple(outcome.label for outcome in kind.outcomes),
        rights=tuple(_rights(kind, norms, on, roles)),
        days=sum(norms.find(step.within, on).whole for step in kind.steps if step.within),
    )


def _stage(step: Step, norms: Norms, on: date, roles: Mapping[str, str]) -> Stage:
    by = roles.get(step.by, step.by)
    if step.together is not None:
        by = "、".join(roles.get(part.by, part.by) for part in step.together.parts)
    return Stage(
        label=step.label,
        by=by,
        asks=step.asks,
        limit=_days("，{}个工作日内办结（{}）", step.within, norms, on),
        publicity=_days("，公示{}个工作日（{}）", step.publicity, norms, on),
    )


def _days(words: str, number: Number | None, norms: Norms, on: date) -> str:
    if number is None:
        return ""
    cited = norms.find(number, on)
    return words.format(f"{cited.amount:g}", cited.source)


def _conditions(kind: CaseType, norms: Norms) -> Iterator[Condition]:
    for check in [one for move in kind.moves if move.when == "met" for one in move.checks]:
        for plan, reference, _ in measured_by(check, kind.key, norms):
            item = plan.items[reference]
            yield Condition(item.summary.zh, f"{plan.head.title.zh} {item.clause}")
        if isinstance(check, Rule):
            yield Condition(check.label, _cited(check, norms))


def _cited(rule: Rule, norms: Norms) -> str:
    found = [plan.head.title.zh + " " + item.clause
             for number in rule.numbers
             for plan, item in islice(norms.items(number.item), 1)]  # fmt: skip
    return "；".join(dict.fromkeys(found)) or "本事项办理要求"


def _rights(kind: CaseType, norms: Norms, on: date, roles: Mapping[str, str]) -> Iterator[str]:
    rights = kind.rights
    if rights.withdraw_by:
        yield f"办结前，{roles.get(rights.withdraw_by, rights.withdraw_by)}可撤回"
    if rights.correct_by:
        yield f"办结前，{roles.get(rights.correct_by, rights.correct_by)}可更正所填内容"
    for right in rights.appeals:
        cited = norms.find(right.within, on)
        labels = "、".join(kind.places[key].label for key in right.of)
        yield f"对“{labels}”不服的，可在{cited.amount:g}个工作日内{right.label}（{cited.source}）"
