"""The plans in force here, the working days, and the roles: what surrounds every case."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi.casework.kinds import APPLICANT, EXPERT, SUPERVISOR, TIME
from qiangshi.casework.numbers import Norms
from qiangshi.casework.soundness import World
from qiangshi.casework.stepping import Rules
from qiangshi.casework.workdays import load_workdays
from qiangshi.policy import load_plan, load_plans
from qiangshi.policy.files import policy_root
from qiangshi_web.casework.registry import declarations
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.kinds import CaseType
    from qiangshi.policy.vocabulary import Text


@cache
def rules() -> Rules:
    """Working days and plans in force, read once; the widest plan first."""
    plans = [load_plan(name, vocabulary=vocabulary()) for name in settings.QIANGSHI_PLANS_IN_FORCE]
    return Rules(load_workdays(policy_root() / "calendar"), Norms(plans), role_names())


def region() -> str:
    """The nearest plan in force: whose variants of case types run here."""
    return str(settings.QIANGSHI_PLANS_IN_FORCE[-1])


def cited(kind: CaseType) -> list[tuple[Text, str]]:
    """Title of the plan and clause that a type carries out: of plans in force, else of all."""
    in_force = {plan.id for plan in rules().norms.plans}
    own = [one for one in kind.basis if one.plan in in_force]
    return [(_title(one.plan), one.clause) for one in own or kind.basis]


@cache
def _title(plan_id: str) -> Text:
    return load_plan(plan_id, vocabulary=vocabulary()).head.title


def role_names() -> dict[str, str]:
    """Role → what people call it, the parties without an office among them."""
    own = {APPLICANT: "申请人", EXPERT: "评审专家", SUPERVISOR: "督办", TIME: "系统"}
    return own | {role.id: role.label for role in ROLES.values()}


def world(on: date) -> World:
    """What types may refer to, for the soundness check: every plan's clauses count as a basis."""
    clauses, items = _named()
    return World(
        norms=rules().norms,
        on=on,
        roles=frozenset(ROLES),
        effects=frozenset(name for one in declarations() for name in one.effects),
        types=frozenset(one.kind.key for one in declarations()),
        clauses=clauses,
        items=items,
    )


@cache
def _named() -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Clauses and items of every plan, in force or not."""
    plans = load_plans().values()
    clauses = frozenset((plan.id, clause) for plan in plans for clause in plan.clauses)
    return clauses, frozenset(item for plan in plans for item in plan.items)
