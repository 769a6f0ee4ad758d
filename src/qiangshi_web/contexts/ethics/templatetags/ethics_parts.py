"""What stands beside a judgement of ethics: whom a report may mean, and what may follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template

from qiangshi_web.casework.queries import standing_of
from qiangshi_web.contexts.ethics.queries import named_like, reporter_of, running_case_of
from qiangshi_web.contexts.ethics.sanctions import Measure, label_of, last_day, measures
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from datetime import date

    from qiangshi_web.casework.queries import Case
    from qiangshi_web.contexts.people.queries import Person

register = template.Library()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a report may mean, with the number of a case that runs against her."""

    person: Person
    running: int | None


@register.simple_tag
def candidates(case: Case) -> list[Candidate]:
    """Staff below the case's organisation whose names stand in a report."""
    said = standing_of(case).payload
    text = f"{said.get('about') or ''} {said.get('told') or ''}"
    found = named_like(text, case.organisation.path)
    running = {one.pk: running_case_of(one.pk) for one in found}
    return [Candidate(one, own.pk if (own := running[one.pk]) else None) for one in found]


@register.simple_tag
def reporter(case: Case) -> str:
    """Who made the report, for who weighs it."""
    return reporter_of(case.pk)


@register.simple_tag
def sanction_measures() -> list[Measure]:
    """Every sanction with its term, who decides it, and whether a hearing is owed."""
    return measures(clock.today())


@dataclass(frozen=True, slots=True)
class Told:
    """What the person concerned is told before anything is decided."""

    conduct: str
    facts: str
    evidence: str
    measure: Measure | None
    last: date | None


@register.simple_tag
def told_to_her(case: Case) -> Told:
    """Conduct, facts, evidence and what is proposed, as the case says them."""
    said = standing_of(case).payload
    sanction = str(said.get("sanction") or "")
    kinds = {one.code: pick(one.label) for one in vocabulary().codes["violation_kind"].codes}
    return Told(
        conduct=kinds.get(str(said.get("kind")), ""),
        facts=str(said.get("facts") or ""),
        evidence=str(said.get("evidence") or ""),
        measure=next((one for one in sanction_measures() if one.code == sanction), None),
        last=last_day(sanction, said.get("barred_months"), clock.today()),
    )


@register.simple_tag
def proposed(case: Case) -> tuple[str, str, date | None] | None:
    """Code and name of what is proposed and the last day it would run, decided today."""
    said = standing_of(case).payload
    sanction = str(said.get("sanction") or "")
    if not sanction:
        return None
    last = last_day(sanction, said.get("barred_months"), clock.today())
    return sanction, label_of(sanction), last
