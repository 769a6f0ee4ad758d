"""A case shown to the public (案例曝光): written without a name, signed off by somebody else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from qiangshi.casework.checks import Rule
from qiangshi.casework.grounds import Ground
from qiangshi.casework.kinds import SUPERVISOR, Basis, CaseType, Move, Outcome, Step
from qiangshi.casework.numbers import Number
from qiangshi.casework.payloads import ask
from qiangshi.periods import Duration
from qiangshi_web.casework.queries import Case, standing_of
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.ethics.actions import keyed, publish_case, take_down
from qiangshi_web.contexts.ethics.queries import DONE, MISCONDUCT, reporter_of
from qiangshi_web.contexts.organisations.queries import Organisation

if TYPE_CHECKING:
    from qiangshi.casework.checks import Asked
    from qiangshi_web.casework.registry import Deed, File

OFFICER, LEADER = "ethics_officer", "bureau_leader"
NORMS = "procedure:case-publication-norms"
_DIGITS = re.compile(r"\d{5,}")


@dataclass(frozen=True)
class Publication:
    """What is to be shown, and until when."""

    number: int = ask("查处办件号", "whole", help="已处理并备案的师德失范查处")
    kind: str = ask("失范行为", "code", codes="violation_kind")
    text: str = ask("曝光文字", "long", help="不出现姓名、校名、编号、电话等可识别的内容")
    shown_until: date = ask("曝光至", "date")


def _is_decided(asked: Asked) -> Ground | None:
    if asked.facts["kind"] is None:
        return Ground("本辖区没有该号的已备案处理", cure="核对查处办件号", field="payload-number")
    if asked.facts["kind"] != asked.payload["kind"]:
        return Ground("失范行为与处理决定不一致", cure="按决定填写", field="payload-kind")
    return None


def _tells_of_nobody(asked: Asked) -> Ground | None:
    """What the record knows of those concerned must not stand in the text."""
    text = str(asked.payload["text"])
    found = [label for label, word in asked.facts["names"] if word and word in text]
    if _DIGITS.search(text):
        found.append("五位以上数字")
    if not found:
        return None
    why = f"曝光文字中有可识别的内容：{'、'.join(dict.fromkeys(found))}"
    return Ground(why, cure="删去或概括表述后再报", field="payload-text")


def _is_not_too_long(asked: Asked) -> Ground | None:
    months = asked.numbers["shown_most"].whole
    last = Duration(months=-months).before(asked.on)
    until = date.fromisoformat(str(asked.payload["shown_until"]))
    if asked.on <= until <= last:
        return None
    why = f"曝光至{until}，应在{asked.on}至{last}之间（最长{months}个月）"
    return Ground(why, cure="改正“曝光至”", field="payload-shown_until")


CAN_BE_SHOWN = (
    Rule("decided", "处理已备案", _is_decided),
    Rule("nobody", "不含可识别的内容", _tells_of_nobody),
    Rule("length", "曝光期限合规", _is_not_too_long, (Number(NORMS, "shown_most"),)),
)

CASE_PUBLICATION = CaseType(
    key="ethics.case-publication",
    version=1,
    label="案例曝光",
    label_en="Publishing a case",
    basis=(Basis("beijing-strong-teachers", "二.(一).2"),),
    payload=Publication,
    subject="organisation",
    area="ethics",
    begun_by=OFFICER,
    steps=(
        Step("draft", "拟稿", OFFICER, asks="去标识后报审签", template="ethics/plain_text.html"),
        Step(
            "signoff",
            "审签",
            LEADER,
            asks="逐句核对去标识是否彻底，由拟稿人以外的人审签",
            within=Number(NORMS, "signoff"),
            escalates=SUPERVISOR,
            template="ethics/plain_text.html",
            apart_from=("draft",),
        ),
        Step(
            "shown", "曝光中", OFFICER, asks="当事人有异议或处理撤销的，撤下", until="shown_until"
        ),
    ),
    outcomes=(
        Outcome("ended", "曝光结束", "exposure.ended"),
        Outcome("taken-down", "已撤下", "exposure.ended"),
        Outcome("not-shown", "不予曝光"),
    ),
    moves=(
        Move("submit", "报审签", "draft", "signoff", checks=CAN_BE_SHOWN),
        Move("cancel", "不报", "draft", "not-shown", reason="required"),
        Move("sign", "同意曝光", "signoff", "shown", checks=CAN_BE_SHOWN, effect="exposure.begun"),
        Move("return", "退回修改", "signoff", "draft", reason="required", kind="return"),
        Move("refuse", "不予曝光", "signoff", "not-shown", reason="required"),
        Move("end", "期满撤下", "shown", "ended", auto="overdue"),
        Move("take-down", "提前撤下", "shown", "taken-down", reason="required"),
    ),
)


def _facts(file: File, on: date) -> dict[str, Any]:
    """The decided case, where it lies below this one's organisation, and whom it names."""
    above = Organisation.objects.filter(pk=file.organisation_id).values_list("path", flat=True)
    found = (
        Case.objects.filter(
            pk=int(file.payload.get("number") or 0), type_key=MISCONDUCT, place__in=DONE
        )
        .filter(organisation__path__startswith=above.first() or "\0")
        .select_related("person__organisation", "organisation")
        .first()
    )
    if found is None or found.person is None:
        return {"kind": None, "names": []}
    home = found.person.organisation
    reporter = reporter_of(found.parent_id or 0).partition(" ")[0]
    names = [
        ("当事人姓名", found.person.name),
        ("教师编号", found.person.pk),
        ("学校名称", home.name if home else ""),
        ("机构编码", home.pk if home else ""),
        ("举报人", reporter),
    ]
    return {"kind": standing_of(found).payload["kind"], "names": names}


def _item(file: File) -> str:
    return f"{keyed(int(file.payload['number']))}-{file.number}"


def _begun(file: File, deed: Deed) -> None:
    values = {
        "exposure_item_id": _item(file),
        "organisation_id": file.organisation_id,
        "published_on": deed.on,
        "kind": file.payload["kind"],
    }
    publish_case(
        values,
        case_number=int(file.payload["number"]),
        actor=deed.actor,
        at=deed.at,
        source=f"办件{file.number}",
    )


def _ended(file: File, deed: Deed) -> None:
    take_down(_item(file), on=deed.on, actor=deed.actor, at=deed.at, reason=deed.reason)


declare(
    Declared(
        CASE_PUBLICATION,
        effects={"exposure.begun": _begun, "exposure.ended": _ended},
        facts=_facts,
        source=__name__,
    )
)
