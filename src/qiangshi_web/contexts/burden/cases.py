"""Secondment (抽调借用) and campus entry (进校园): asked for, judged before they begin, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

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
    Part,
    Rights,
    Step,
    Together,
)
from qiangshi.casework.numbers import Number
from qiangshi.casework.payloads import ask
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.burden.actions import (
    admit_to_campus,
    end_secondment,
    record_secondment,
)
from qiangshi_web.contexts.burden.queries import lent_by

if TYPE_CHECKING:
    from qiangshi.casework.checks import Asked
    from qiangshi_web.casework.registry import Deed, File

SCHOOL, UNIT, COUNTY = "principal", "unit_officer", "bureau_officer"
LENDING, ENTERING = "procedure:secondment-norms", "procedure:campus-entry-norms"
MONTH = 30.4375  # days; months agreed are told to two decimals


@dataclass(frozen=True)
class SecondmentRequest:
    """Who borrows a teacher, for what, from when to when."""

    borrower: str = ask("借用单位")
    task: str = ask("借用事由", "long")
    document: str = ask("来函文号")
    begins_on: date = ask("借用起始日期", "date")
    ends_on: date = ask("借用截止日期", "date")


def _ends_after_it_begins(asked: Asked) -> Ground | None:
    begins, ends = asked.payload["begins_on"], asked.payload["ends_on"]
    if begins <= ends:
        return None
    return Ground(f"截止日期{ends}早于起始日期{begins}", cure="改正借用起止日期", field="ends_on")


def _school_lends_few(asked: Asked) -> Ground | None:
    most, lent = asked.numbers["school_most"].whole, asked.facts["lent"]
    if lent < most:
        return None
    return Ground(f"本校已借出{lent}人，每校同时借出不超过{most}人", cure="待已借出人员归校后再报")


ASKED_RIGHTLY = (
    Meets("gate:secondment-length"),
    Rule("dates", "借用起止日期前后相符", _ends_after_it_begins),
    Rule(
        "few-lent",
        "本校借出人数在限额之内",
        _school_lends_few,
        (Number(LENDING, "school_most"),),
    ),
)

SECONDMENT = CaseType(
    key="burden.secondment",
    version=1,
    label="教师抽调借用",
    label_en="Secondment of a teacher",
    basis=(Basis("guangdong-city-2022", "附1 二(六)3"),),
    payload=SecondmentRequest,
    begun_by=SCHOOL,
    documents=("借用单位来函",),
    steps=(
        Step("draft", "学校填报", SCHOOL, asks="按来函填报，附来函"),
        Step(
            "opinions",
            "征求意见",
            UNIT,
            asks="教师本人和中心校各自表明是否同意",
            within=Number(LENDING, "consent"),
            escalates=COUNTY,
            together=Together(
                (Part("teacher", "本人意见", APPLICANT), Part("unit", "中心校意见", UNIT)),
                agreed="consent",
                refused="refused",
            ),
        ),
        Step(
            "consent",
            "教育部门同意",
            COUNTY,
            asks="审核是否属重大部署任务、是否影响教学",
            within=Number(LENDING, "consent"),
            escalates=SUPERVISOR,
        ),
        Step(
            "approval",
            "党委审批",
            COUNTY,
            asks="录入同级党委审批结果，附批复",
            within=Number(LENDING, "approval"),
            escalates=SUPERVISOR,
        ),
        Step(
            "filing",
            "备案",
            COUNTY,
            asks="核对期限和人数后备案，备案之日起借出",
            within=Number(LENDING, "filing"),
            escalates=SUPERVISOR,
        ),
        Step("lent", "借用中", SCHOOL, asks="教师提前归校的，归校当日登记", until="ends_on"),
    ),
    outcomes=(
        Outcome("returned", "已归校", "secondment.ended", tone="granted"),
        Outcome("completed", "期满归校", "secondment.ended", tone="granted"),
        Outcome("refused", "不同意借用", tone="refused"),
    ),
    moves=(
        Move("submit", "报送", "draft", "opinions", checks=ASKED_RIGHTLY),
        Move("cancel", "不报", "draft", "refused", reason="required"),
        Move("consent", "同意", "consent", "approval"),
        Move("refuse", "不同意", "consent", "refused", reason="required"),
        Move("return", "退回补正", "consent", "draft", reason="required", kind="return"),
        Move("approve", "党委已批准", "approval", "filing", reason="required"),
        Move("refuse", "党委未批准", "approval", "refused", reason="required"),
        Move("file", "备案", "filing", "lent", checks=(Gates(),), effect="secondment.begun"),
        Move("return", "退回", "filing", "consent", reason="required", kind="return"),
        Move("come-back", "提前归校", "lent", "returned", reason="required"),
        Move("complete", "期满归校", "lent", "completed", auto="overdue"),
    ),
    rights=Rights(
        suspend_by=COUNTY,
        correct_by=SCHOOL,
        appeal=Appeal(SCHOOL, Number(LENDING, "appeal"), "consent", ("refused",)),
    ),
)


def _stay(file: File) -> dict[str, Any]:
    """The stay that the case would record; the consent is that of the step behind it."""
    begins = date.fromisoformat(file.payload["begins_on"])
    ends = date.fromisoformat(file.payload["ends_on"])
    done = {"filing": file.standing.since, "lent": file.standing.since}
    agreed = done.get(file.standing.place)
    return {
        "person_id": file.person_id,
        "valid_from": begins,
        "valid_to": ends,
        "borrower": file.payload["borrower"],
        "planned_months": round(((ends - begins).days + 1) / MONTH, 2),
        "consented_on": agreed,
        "approved_on": agreed,
        "filed_on": None,
    }


def _begun(file: File, deed: Deed) -> None:
    values = _stay(file) | {"secondment_stay_id": f"case-{file.number}", "filed_on": deed.on}
    record_secondment(values, **deed.told(file))


def _ended(file: File, deed: Deed) -> None:
    agreed = date.fromisoformat(file.payload["ends_on"])
    last = agreed if deed.event.target == "completed" else min(deed.on, agreed)
    end_secondment(f"case-{file.number}", on=last, actor=deed.actor, at=deed.at, reason=deed.reason)


declare(
    Declared(
        SECONDMENT,
        effects={"secondment.begun": _begun, "secondment.ended": _ended},
        facts=lambda file, on: {"lent": lent_by(file.organisation_id, on)},
        proposal=lambda file: ("secondment_stay", _stay(file)),
        source=__name__,
    )
)


@dataclass(frozen=True)
class CampusEntryRequest:
    """What from outside is to enter a school, on which day."""

    initiator: str = ask("发起单位")
    kind: str = ask("事项类别", "code", codes="entry_kind")
    content: str = ask("内容", "long")
    enters_on: date = ask("进校日期", "date")
    teacher_hours: str = ask("占用教师小时数", "number")


CAMPUS_ENTRY = CaseType(
    key="burden.campus-entry",
    version=1,
    label="社会事务进校园",
    label_en="Campus entry",
    basis=(Basis("guangdong-city-2022", "附1 二(六)2"),),
    payload=CampusEntryRequest,
    subject="organisation",
    area="figures",
    begun_by=SCHOOL,
    steps=(
        Step("draft", "学校登记", SCHOOL, asks="登记来校单位、内容和占用教师时间"),
        Step(
            "county",
            "县级审批",
            COUNTY,
            asks="由教育部门统筹，与教学无关的不予进校",
            within=Number(ENTERING, "county"),
            escalates=SUPERVISOR,
        ),
    ),
    outcomes=(
        Outcome("admitted", "同意进校", "entry.admitted", "granted"),
        Outcome("refused", "不同意进校", tone="refused"),
    ),
    moves=(
        Move("submit", "报送", "draft", "county"),
        Move("admit", "同意", "county", "admitted", checks=(Gates(),), decides="decides"),
        Move("refuse", "不同意", "county", "refused", reason="required"),
        Move("return", "退回补正", "county", "draft", reason="required", kind="return"),
    ),
    rights=Rights(
        withdraw_by=SCHOOL,
        appeal=Appeal(SCHOOL, Number(ENTERING, "appeal"), "county", ("refused",)),
        reopen_by=COUNTY,
        reopen_to="county",
    ),
)


def _entry(file: File) -> dict[str, Any]:
    return {
        "organisation_id": file.organisation_id,
        "entered_on": date.fromisoformat(file.payload["enters_on"]),
        "kind": file.payload["kind"],
        "is_arranged_by_bureau": True,
        "is_forced": False,
        "teacher_hours": float(file.payload["teacher_hours"]),
    }


def _admitted(file: File, deed: Deed) -> None:
    admit_to_campus(_entry(file) | {"campus_entry_id": f"case-{file.number}"}, **deed.told(file))


declare(
    Declared(
        CAMPUS_ENTRY,
        effects={"entry.admitted": _admitted},
        proposal=lambda file: ("campus_entry", _entry(file)),
        source=__name__,
    )
)
