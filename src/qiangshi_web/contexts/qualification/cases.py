"""Periodic registration (定期注册): rounds by county, conclusions by rule, clear ones at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.casework.checks import Gates, Meets
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
from qiangshi.casework.variants import Between, derive
from qiangshi.periods import Duration
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.qualification.actions import record_registration
from qiangshi_web.contexts.qualification.queries import (
    certificate_of,
    due_for_registration,
    latest_registration,
)

if TYPE_CHECKING:
    from datetime import date

    from qiangshi_web.casework.registry import Deed, File

SCHOOL, UNIT, COUNTY = "principal", "unit_officer", "bureau_officer"
NORMS = "procedure:registration-norms"
CYCLE = Number("standard:periodic-registration", "cycle")
HOURS = "standard:class-hours-five-years"

LACKS = (Gates(("defer",)), Meets(HOURS, "defer"))
BREACHES = (Gates(("refuse",)),)


@dataclass(frozen=True)
class RegistrationClaim:
    """What a teacher states; all else is read from the record."""

    certificate: str = ask("教师资格证书号码", filled="from-record", needed="optional")
    registered_until: date = ask(
        "上次注册有效期至", "date", filled="from-record", needed="optional"
    )
    statement: str = ask("需要说明的情况", "long", needed="optional")


PERIODIC_REGISTRATION = CaseType(
    key="qualification.periodic-registration",
    version=1,
    label="教师资格定期注册",
    label_en="Periodic registration",
    basis=(
        Basis("national-floors", "教师〔2013〕9号"),
        Basis("guangdong-city-2022", "附1 二(五)5"),
        Basis("beijing-strong-teachers", "二.(三).9"),
    ),
    payload=RegistrationClaim,
    in_rounds="rounds",
    steps=(
        Step(
            "draft", "本人确认", APPLICANT, asks="核对台账带出的信息，有误的先申请更正，无误后提交"
        ),
        Step(
            "school",
            "学校初审",
            SCHOOL,
            asks="核对材料是否齐全、与台账是否一致",
            within=Number(NORMS, "school"),
            escalates=UNIT,
        ),
        Step(
            "county",
            "县级确认",
            COUNTY,
            asks="按核对结果作出合格、暂缓或不合格的结论",
            within=Number(NORMS, "county"),
            escalates=SUPERVISOR,
        ),
        Step(
            "publicity",
            "公示",
            COUNTY,
            asks="公示期满无异议的自动办结；收到异议的退回县级确认",
            publicity=Number(NORMS, "publicity"),
        ),
        Step(
            "review",
            "复核",
            COUNTY,
            asks="按台账和申诉理由复核",
            within=Number(NORMS, "review"),
            escalates=SUPERVISOR,
        ),
    ),
    outcomes=(
        Outcome("passed", "注册合格", "registration.passed", "granted"),
        Outcome("deferred", "暂缓注册", "registration.deferred", "refused"),
        Outcome("failed", "注册不合格", "registration.failed", "refused"),
        Outcome("upheld", "维持原结论"),
    ),
    moves=(
        Move("submit", "确认并提交", "draft", "school"),
        Move("endorse", "初审通过", "school", "county"),
        Move("return", "退回更正", "school", "draft", reason="required", kind="return"),
        Move("pass", "合格", "county", "publicity", checks=LACKS + BREACHES, decides="decides"),
        Move("defer", "暂缓", "county", "deferred", checks=LACKS, when="unmet", decides="decides"),
        Move(
            "fail", "不合格", "county", "failed", checks=BREACHES, when="unmet", decides="decides"
        ),
        Move("return", "退回学校", "county", "school", reason="required", kind="return"),
        Move("confirm", "公示无异议", "publicity", "passed", auto="publicity-over"),
        Move("object", "有异议", "publicity", "county", reason="required"),
        Move("uphold", "维持", "review", "upheld", reason="required"),
        Move("overturn", "重新确认", "review", "county", reason="required"),
    ),
    rights=Rights(
        withdraw_by=APPLICANT,
        correct_by=APPLICANT,
        suspend_by=COUNTY,
        extend_by=COUNTY,
        extension=Number(NORMS, "extension"),
        appeal=Appeal(APPLICANT, Number(NORMS, "appeal"), "review", ("deferred", "failed")),
        reopen_by=COUNTY,
        reopen_to="county",
    ),
)

THROUGH_CENTRAL_SCHOOLS = Between(
    Step(
        "unit",
        "中心校复核",
        UNIT,
        asks="复核本片区各校初审结果",
        within=Number(NORMS, "unit"),
        escalates=COUNTY,
    ),
    source="school",
    target="county",
    moves=(
        Move("endorse", "复核通过", "unit", "county"),
        Move("return", "退回学校", "unit", "school", reason="required", kind="return"),
    ),
)


def _recorded(conclusion: str) -> Any:
    """The effect that records a conclusion; one that passed holds for the cycle of the norm."""

    def effect(file: File, deed: Deed) -> None:
        years = rules().norms.find(CYCLE, deed.on).whole
        passed = conclusion == "passed"
        record_registration(
            file.person_id,
            conclusion,
            on=deed.on,
            valid_to=Duration(years=-years).before(deed.on) if passed else None,
            **deed.told(file),
        )

    return effect


def _known(person_id: str, on: date) -> dict[str, Any]:
    """What the record knows of a teacher's certificate and last registration."""
    certificate, last = certificate_of(person_id, on), latest_registration(person_id, on)
    until = last.valid_to.isoformat() if last and last.valid_to else None
    return {"certificate": certificate.number if certificate else None, "registered_until": until}


def _due(path: str, on: date) -> list[str]:
    months = rules().norms.find(Number(NORMS, "due_within"), on).whole
    return due_for_registration(path, before=Duration(months=-months).before(on))


declare(
    Declared(
        PERIODIC_REGISTRATION,
        effects={
            "registration.passed": _recorded("passed"),
            "registration.deferred": _recorded("deferred"),
            "registration.failed": _recorded("failed"),
        },
        prefill=_known,
        due=_due,
        source=__name__,
        variants={
            "jiyuan-2021": derive(PERIODIC_REGISTRATION, "jiyuan-2021", THROUGH_CENTRAL_SCHOOLS)
        },
    )
)
