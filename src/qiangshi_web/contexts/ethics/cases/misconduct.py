"""Misconduct (师德失范查处): inquiry, statement, hearing, decision, filing, review, appeal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.casework.kinds import (
    APPLICANT,
    SUPERVISOR,
    Appeal,
    Basis,
    CaseType,
    Move,
    Outcome,
    Rights,
    Step,
)
from qiangshi.casework.numbers import Number
from qiangshi.casework.payloads import ask
from qiangshi_web.casework.actions import open_case
from qiangshi_web.casework.queries import Case, standing_on_entering
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.ethics.actions import (
    annul_decision,
    close_report,
    file_decision,
    note_appeal,
    record_decision,
)
from qiangshi_web.contexts.ethics.cases.grounds import (
    CONCLUDED,
    HEARING_OWED,
    SCHOOL_DECIDES,
    TOLD_AS_IT_STANDS,
)
from qiangshi_web.contexts.ethics.queries import (
    MISCONDUCT,
    head_at,
    place_of_case,
    reporter_of,
    running_case_of,
)
from qiangshi_web.contexts.ethics.sanctions import last_day
from qiangshi_web.contexts.people.queries import Person

if TYPE_CHECKING:
    from datetime import date

    from qiangshi_web.casework.registry import Deed, File

OFFICER, SCHOOL, LEADER = "ethics_officer", "principal", "bureau_leader"
NORMS = "procedure:misconduct-norms"


@dataclass(frozen=True)
class Misconduct:
    """What was found and what is to follow. The person concerned reads all of it."""

    kind: str = ask("失范行为", "code", codes="violation_kind")
    facts: str = ask(
        "认定事实", "long", needed="optional", help="当事人可见；不写举报人、证人的姓名"
    )
    evidence: str = ask("证据摘要", "long", needed="optional", help="当事人可见；逐项写明证明什么")
    sanction: str = ask("拟作处理", "code", codes="sanction_kind", needed="optional")
    is_serious: bool = ask("是否情节严重", "yes-no", needed="optional")
    barred_months: int = ask(
        "取消评优、职称等资格月数",
        "whole",
        needed="optional",
        help="另有处分期的取较长者；国家规定的最低月数待确认，按本地规定填写",
    )
    leader: str = ask(
        "失责校（园）长编号", needed="optional", help="校（园）长未尽职责的填写，决定时另案查处"
    )
    leader_duty: str = ask("未尽的职责", "long", needed="optional")


MISCONDUCT_CASE = CaseType(
    key=MISCONDUCT,
    version=1,
    label="师德失范查处",
    label_en="Misconduct case",
    basis=(
        Basis("national-floors", "教师〔2018〕18号·3条"),
        Basis("jiyuan-2021", "四(二)"),
        Basis("bayannur-2023", "二(一)"),
        Basis("beijing-strong-teachers", "二.(一).2"),
        Basis("guangdong-city-2022", "二(二)10"),
    ),
    payload=Misconduct,
    area="ethics",
    begun_by=OFFICER,
    secret=("inquiry",),
    documents=("调查笔录", "证据材料"),
    steps=(
        Step(
            "inquiry",
            "调查核实",
            OFFICER,
            asks="听取当事人、学生、同事、家长的说明，收集证据，写明认定事实和拟作处理",
            within=Number(NORMS, "inquiry"),
            escalates=LEADER,
            template="ethics/measures.html",
        ),
        Step(
            "heard",
            "告知与申辩",
            APPLICANT,
            asks="阅看认定事实、证据和拟作处理，作陈述申辩；可申请听证的，在期限内提出",
            within=Number(NORMS, "statement"),
            template="ethics/told.html",
        ),
        Step(
            "hearing",
            "听证",
            OFFICER,
            asks="由未参与调查的人员主持，听取双方意见，形成笔录",
            within=Number(NORMS, "hearing"),
            escalates=LEADER,
            apart_from=("inquiry",),
        ),
        Step(
            "proposal",
            "拟定处理",
            OFFICER,
            asks="复核申辩和听证意见，按权限报学校或教育局决定；内容有改动的重新告知",
            within=Number(NORMS, "proposal"),
            escalates=LEADER,
            template="ethics/measures.html",
        ),
        Step(
            "school",
            "学校决定",
            SCHOOL,
            asks="集体研究后决定；超出学校权限的报教育局",
            within=Number(NORMS, "decision"),
            escalates=LEADER,
            template="ethics/measures.html",
            apart_from=("inquiry",),
        ),
        Step(
            "bureau",
            "教育局决定",
            LEADER,
            asks="集体研究后决定",
            within=Number(NORMS, "decision"),
            escalates=SUPERVISOR,
            template="ethics/measures.html",
            apart_from=("inquiry",),
        ),
        Step(
            "filing",
            "送达与备案",
            OFFICER,
            asks="送达当事人，报上级备案，存入人事档案",
            within=Number(NORMS, "filing"),
            escalates=LEADER,
        ),
        Step(
            "review",
            "复核",
            OFFICER,
            asks="由未参与调查、拟定和决定的人员复核",
            within=Number(NORMS, "review"),
            escalates=LEADER,
            template="ethics/measures.html",
            apart_from=("inquiry", "proposal", "school", "bureau"),
        ),
        Step(
            "appeal",
            "申诉",
            LEADER,
            asks="由未参与决定和复核的负责人办理",
            within=Number(NORMS, "appeal"),
            escalates=SUPERVISOR,
            template="ethics/measures.html",
            apart_from=("school", "bureau", "review"),
        ),
    ),
    outcomes=(
        Outcome("sanctioned", "已处理", "ethics.filed", tone="refused"),
        Outcome("unfounded", "查不属实", "ethics.unfounded"),
        Outcome("upheld", "复核维持", "ethics.contested"),
        Outcome("final", "申诉维持", "ethics.contested"),
        Outcome("annulled", "处理撤销", "ethics.annulled", tone="granted"),
    ),
    moves=(
        Move("conclude", "调查终结并告知", "inquiry", "heard", checks=CONCLUDED),
        Move("drop", "查不属实", "inquiry", "unfounded", reason="required"),
        Move("state", "陈述申辩", "heard", "proposal", reason="required"),
        Move("accept", "无异议", "heard", "proposal"),
        Move(
            "ask-hearing",
            "申请听证",
            "heard",
            "hearing",
            checks=(HEARING_OWED,),
            reason="required",
        ),
        Move("silent", "逾期未申辩", "heard", "proposal", auto="overdue"),
        Move("close-hearing", "听证结束", "hearing", "proposal", reason="required"),
        Move("to-school", "报学校决定", "proposal", "school", checks=SCHOOL_DECIDES),
        Move("to-bureau", "报教育局决定", "proposal", "bureau", checks=(TOLD_AS_IT_STANDS,)),
        Move("tell-again", "重新告知", "proposal", "heard", checks=CONCLUDED, reason="required"),
        Move("drop", "查不属实", "proposal", "unfounded", reason="required"),
        Move(
            "decide",
            "决定",
            "school",
            "filing",
            checks=SCHOOL_DECIDES,
            reason="required",
            effect="ethics.decided",
        ),
        Move("pass-up", "报教育局决定", "school", "bureau", reason="required"),
        Move("return", "退回重拟", "school", "proposal", reason="required", kind="return"),
        Move(
            "decide",
            "决定",
            "bureau",
            "filing",
            checks=(TOLD_AS_IT_STANDS,),
            reason="required",
            effect="ethics.decided",
        ),
        Move("return", "退回重拟", "bureau", "proposal", reason="required", kind="return"),
        Move("drop", "查不属实", "bureau", "unfounded", reason="required"),
        Move("file", "已送达并备案", "filing", "sanctioned"),
        Move("uphold", "维持", "review", "upheld", reason="required"),
        Move("annul", "撤销处理", "review", "annulled", reason="required"),
        Move(
            "redo",
            "撤销并重新处理",
            "review",
            "proposal",
            reason="required",
            effect="ethics.revoked",
        ),
        Move("uphold", "维持", "appeal", "final", reason="required"),
        Move("annul", "撤销处理", "appeal", "annulled", reason="required"),
    ),
    rights=Rights(
        suspend_by=OFFICER,
        extend_by=OFFICER,
        extension=Number(NORMS, "extension"),
        correct_by=OFFICER,
        appeal=Appeal(
            APPLICANT, Number(NORMS, "review_within"), "review", ("sanctioned",), "申请复核"
        ),
        further=Appeal(APPLICANT, Number(NORMS, "appeal_within"), "appeal", ("upheld",)),
    ),
)


def _facts(file: File, on: date) -> dict[str, Any]:
    """What the rules look at: whom the texts must not name, what was told, who leads here."""
    person = Person.objects.filter(pk=file.person_id).first()
    home = person.organisation_id if person else ""
    leader = str(file.payload.get("leader") or "")
    told = standing_on_entering(file.number, "heard")
    return {
        "on": on,
        "reporter": reporter_of(file.parent or 0),
        "told": dict(told.payload) if told else None,
        "is_head": head_at(file.person_id, home or "", on),
        "leader_leads": bool(leader) and head_at(leader, home or "", on),
        "person": file.person_id,
    }


def _decided(file: File, deed: Deed) -> None:
    """The sanction runs from the day of the decision; a leader who missed a duty is next."""
    said = file.payload
    values = {
        "case_number": file.number,
        "person_id": file.person_id,
        "kind": said["kind"],
        "sanction": said["sanction"],
        "is_serious": bool(said.get("is_serious")),
        "valid_from": deed.on,
        "valid_to": last_day(said["sanction"], said.get("barred_months"), deed.on),
    }
    record_decision(values, actor=deed.actor, at=deed.at, source=f"办件{file.number}")
    if said.get("leader") and running_case_of(said["leader"]) is None:
        open_case(
            MISCONDUCT,
            actor=deed.actor,
            on=deed.on,
            at=deed.at,
            payload={"kind": "neglect", "facts": said["leader_duty"]},
            person_id=said["leader"],
            parent=Case.objects.get(pk=file.number),
        )


def _filed(file: File, deed: Deed) -> None:
    file_decision(file.number, on=deed.on, actor=deed.actor, at=deed.at, reason=deed.reason)
    _close(file, deed, is_substantiated=True)


def _unfounded(file: File, deed: Deed) -> None:
    _close(file, deed, is_substantiated=False)


def _annulled(file: File, deed: Deed) -> None:
    _revoked(file, deed)
    _close(file, deed, is_substantiated=False)


def _revoked(file: File, deed: Deed) -> None:
    annul_decision(file.number, on=deed.on, actor=deed.actor, at=deed.at, reason=deed.reason)


def _contested(file: File, deed: Deed) -> None:
    note_appeal(file.number, actor=deed.actor, at=deed.at, reason=deed.reason)


def _close(file: File, deed: Deed, *, is_substantiated: bool) -> None:
    close_report(
        file.parent,
        on=deed.on,
        is_substantiated=is_substantiated,
        actor=deed.actor,
        at=deed.at,
        reason=deed.reason,
    )


declare(
    Declared(
        MISCONDUCT_CASE,
        effects={
            "ethics.decided": _decided,
            "ethics.filed": _filed,
            "ethics.unfounded": _unfounded,
            "ethics.contested": _contested,
            "ethics.annulled": _annulled,
            "ethics.revoked": _revoked,
        },
        facts=_facts,
        place=place_of_case,
        source=__name__,
    )
)
