"""A made-up case type with one of everything, and the norms and roles that it refers to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qiangshi.casework.checks import Gates, Meets, Rule
from qiangshi.casework.grounds import Ground
from qiangshi.casework.kinds import (
    APPLICANT,
    SUPERVISOR,
    Appeal,
    Basis,
    CaseType,
    Move,
    Outcome,
    Panel,
    Part,
    Rights,
    Step,
    Together,
)
from qiangshi.casework.numbers import Norms, Number
from qiangshi.casework.payloads import ask
from qiangshi.casework.soundness import World
from qiangshi.casework.stepping import Rules
from qiangshi.casework.workdays import load_workdays
from qiangshi.policy.files import policy_root
from qiangshi.policy.models import Clause, Gate, Plan, PlanHead, Procedure, Standard, Value
from qiangshi.policy.vocabulary import Text, Validity

ON = date(2026, 3, 2)
CLERK, CHIEF, HR = "clerk", "chief", "hr"
NORMS = "procedure:grant-norms"
AMOUNTS = {
    "desk": ("working_day", 5.0),
    "publicity": ("working_day", 3.0),
    "extension": ("working_day", 4.0),
    "appeal": ("working_day", 10.0),
    "experts": ("person", 3.0),
    "quorum": ("person", 2.0),
    "most": ("point", 100.0),
    "outlier": ("point", 15.0),
    "months": ("month", 6.0),
    "half": ("working_day", 2.5),
    "six_experts": ("person", 6.0),
    "nobody": ("person", 0.0),
    "three_days": ("working_day", 3.0),
}


def text(words: str) -> Text:
    """The same words in both languages."""
    return Text(zh=words, en=words)


def plan(plan_id: str = "sample", **changed: tuple[str, float]) -> Plan:
    """A plan with the norms, a gate and a standard; `changed` are other amounts by name."""
    values = {
        name: Value(unit=unit, value=amount, label=text(name))
        for name, (unit, amount) in (AMOUNTS | changed).items()
    }
    title, summary = text("某项"), text("某项要求")
    gate = Gate(
        id="clean",
        clause="三",
        title=title,
        summary=summary,
        case_type="demo.grant",
        requires="TRUE",
    )
    standard = Standard(
        id="hours", clause="三", title=title, summary=summary, subject="person", requires="TRUE"
    )
    norms = Procedure(
        id="grant-norms",
        clause="三",
        title=title,
        summary=summary,
        case_type="demo.grant",
        values=values,
    )
    head = PlanHead(
        id=plan_id,
        title=text("样本规划"),
        issuer=text("某局"),
        validity=Validity(since=date(2020, 1, 1)),
        level="county",
        region=text("某县"),
    )
    clauses = {"三": Clause(path="三", label=text("三"))}
    items = {NORMS: norms, "gate:clean": gate, "standard:hours": standard}
    return Plan(head=head, clauses=clauses, provisions={}, items=items)


PLAN = plan()
RULES = Rules(load_workdays(policy_root() / "calendar"), Norms([PLAN]))
WORLD = World(
    norms=RULES.norms,
    on=ON,
    roles=frozenset({CLERK, CHIEF, HR, "finance"}),
    effects=frozenset({"grant", "note"}),
    types=frozenset({"demo.grant", "demo.part"}),
    clauses=frozenset({("sample", "三")}),
    items=frozenset(PLAN.items),
)


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    title: str = ask("题目")
    amount: int = ask("金额", "whole")
    name: str = ask("姓名", blind="hidden", needed="optional")
    until: date = ask("截止日期", "date", needed="optional")


def number(name: str) -> Number:
    """A number of the sample's norms."""
    return Number(NORMS, name)


SOUND = Rule(
    "sound",
    "金额为正",
    lambda asked: None if asked.payload["amount"] > 0 else Ground("金额不为正", cure="改正金额"),
    (number("months"),),
)

PANEL = Panel(CLERK, number("experts"), number("quorum"), number("most"), number("outlier"))

GRANT = CaseType(
    key="demo.grant",
    version=1,
    label="样本事项",
    label_en="A sample",
    basis=(Basis("sample", "三"),),
    payload=Wish,
    steps=(
        Step("draft", "填报", APPLICANT),
        Step("desk", "受理", CLERK, within=number("desk"), escalates=CHIEF, awaits="demo.part"),
        Step(
            "signing",
            "会签",
            CHIEF,
            within=number("desk"),
            escalates=SUPERVISOR,
            together=Together(
                (Part("people", "人事意见", HR), Part("money", "财务意见", "finance")),
                agreed="judging",
                refused="refused",
                silence="agrees",
            ),
        ),
        Step("judging", "评审", CLERK, panel=PANEL),
        Step("publicity", "公示", CLERK, publicity=number("publicity")),
        Step("review", "复核", CHIEF, within=number("desk"), escalates=SUPERVISOR),
    ),
    outcomes=(
        Outcome("granted", "同意", "grant", "granted"),
        Outcome("refused", "不同意", tone="refused"),
        Outcome("upheld", "维持"),
    ),
    moves=(
        Move("submit", "提交", "draft", "desk", checks=(SOUND,)),
        Move("accept", "受理", "desk", "signing", checks=(Gates(), Meets("standard:hours"))),
        Move("split", "另案办理", "desk", "signing", opens="demo.part"),
        Move("return", "退回", "desk", "draft", reason="required", kind="return"),
        Move("rank", "评审完毕", "judging", "publicity", decides="decides"),
        Move("reject", "不同意", "judging", "refused", checks=(Gates(),), when="unmet"),
        Move("over", "公示无异议", "publicity", "granted", auto="publicity-over"),
        Move("object", "有异议", "publicity", "judging", reason="required"),
        Move("return", "退回受理", "judging", "desk", reason="required", kind="return"),
        Move("uphold", "维持", "review", "upheld", reason="required"),
        Move("again", "重新评审", "review", "judging", reason="required"),
    ),
    rights=Rights(
        withdraw_by=APPLICANT,
        suspend_by=CLERK,
        extend_by=CHIEF,
        extension=number("extension"),
        correct_by=APPLICANT,
        appeal=Appeal(APPLICANT, number("appeal"), "review", ("refused",)),
        reopen_by=CHIEF,
        reopen_to="desk",
    ),
)
