"""Reports of ethics (师德线索): weighed by whoever the accused does not lead, and led on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.casework.checks import Rule
from qiangshi.casework.grounds import Ground
from qiangshi.casework.kinds import Basis, CaseType, Move, Outcome, Rights, Step
from qiangshi.casework.numbers import Number
from qiangshi.casework.payloads import ask
from qiangshi_web.casework.actions import open_case
from qiangshi_web.casework.queries import Case
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.ethics.actions import close_report
from qiangshi_web.contexts.ethics.queries import MISCONDUCT, REPORT, place_of_case, running_case_of
from qiangshi_web.contexts.organisations.queries import Organisation

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.checks import Asked
    from qiangshi_web.casework.registry import Deed, File

OFFICER, LEADER, PUBLIC = "ethics_officer", "bureau_leader", "public"
NORMS = "procedure:ethics-report-norms"


@dataclass(frozen=True)
class EthicsReported:
    """What a reporter tells; `person` is filled in by whoever weighs it. Not who reports."""

    school: str = ask("所涉学校")
    about: str = ask("反映对象", help="姓名；不知姓名的，写明任教学科、年级等")
    kind: str = ask("反映问题", "code", codes="violation_kind")
    happened_on: date = ask("发生日期", "date", needed="optional")
    told: str = ask("反映内容", "long")
    source: str = ask("反映人身份", "code", codes="party_role")
    person: str = ask(
        "被反映人编号", needed="optional", help="研判时核对后填写教师编号；立案须填写"
    )


def _person_is_known(asked: Asked) -> Ground | None:
    if asked.facts["place"]:
        return None
    cure = "在“被反映人编号”中填写本辖区在册教职工的编号"
    return Ground("被反映人未核定，或不在本辖区", cure=cure, field="payload-person")


def _nothing_is_open(asked: Asked) -> Ground | None:
    if asked.facts["open"] is None:
        return None
    return Ground(f"该人已有在办的查处（第{asked.facts['open']}件）", cure="改用“并案”")


IS_KNOWN = Rule("known", "被反映人已核定", _person_is_known)
NONE_OPEN = Rule("none-open", "没有在办的查处", _nothing_is_open)

ETHICS_REPORT = CaseType(
    key=REPORT,
    version=1,
    label="师德线索受理",
    label_en="Report of ethics",
    basis=(
        Basis("jiyuan-2021", "四(二)"),
        Basis("guangdong-city-2022", "附1 二(一)4"),
    ),
    payload=EthicsReported,
    subject="organisation",
    area="ethics",
    begun_by=PUBLIC,
    steps=(
        Step(
            "triage",
            "线索研判",
            OFFICER,
            asks="核对被反映人，作出立案、并案、转办或不予立案的决定；不得向被反映人透露来源",
            within=Number(NORMS, "triage"),
            escalates=LEADER,
            template="ethics/triage.html",
        ),
    ),
    outcomes=(
        Outcome("accepted", "已立案", "report.accepted"),
        Outcome("joined", "已并案", "report.closed"),
        Outcome("referred", "已转有权机关", "report.closed"),
        Outcome("dismissed", "不予立案", "report.closed"),
    ),
    moves=(
        Move(
            "accept", "立案", "triage", "accepted", checks=(IS_KNOWN, NONE_OPEN), reason="required"
        ),
        Move(
            "join",
            "并案",
            "triage",
            "joined",
            checks=(NONE_OPEN,),
            when="unmet",
            reason="required",
        ),
        Move("refer", "转有权机关", "triage", "referred", reason="required"),
        Move("dismiss", "不予立案", "triage", "dismissed", reason="required"),
    ),
    rights=Rights(correct_by=OFFICER),
)


def _facts(file: File, on: date) -> dict[str, Any]:
    """The accused's place, where she stands below the report's; the case that runs against her."""
    person = str(file.payload.get("person") or "")
    place = place_of_case(person, on) if person else ""
    found = Organisation.objects.filter(pk=place).first()
    above = Organisation.objects.filter(pk=file.organisation_id).first()
    is_below = found is not None and above is not None and found.path.startswith(above.path)
    running = running_case_of(person) if is_below else None
    return {"place": place if is_below else "", "open": running.pk if running else None}


def _accepted(file: File, deed: Deed) -> None:
    """The inquiry begins with nothing of what the reporter wrote but the kind of conduct."""
    open_case(
        MISCONDUCT,
        actor=deed.actor,
        on=deed.on,
        at=deed.at,
        payload={"kind": file.payload["kind"]},
        person_id=str(file.payload["person"]),
        parent=Case.objects.get(pk=file.number),
    )


def _closed(file: File, deed: Deed) -> None:
    close_report(
        file.number,
        on=deed.on,
        is_substantiated=None,
        actor=deed.actor,
        at=deed.at,
        reason=deed.reason,
    )


declare(
    Declared(
        ETHICS_REPORT,
        effects={"report.accepted": _accepted, "report.closed": _closed},
        facts=_facts,
        source=__name__,
    )
)
