"""Erasure (删除): asked for by the person herself, decided on grounds, carried out for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.casework.checks import Rule
from qiangshi.casework.grounds import Ground
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
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.filing.actions import erase_about
from qiangshi_web.privacy.queries import (
    ERASURE,
    kept_until,
    ledgers_of,
    open_corrections,
    purposes,
)

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.checks import Asked
    from qiangshi.policy.privacy import Purpose
    from qiangshi_web.casework.registry import Deed, File

LEADER = "bureau_leader"
NORMS = "procedure:data-erasure-norms"
LAW = "个人信息保护法第四十七条"
OTHERWISE = "对不准确的内容可申请更正"


@dataclass(frozen=True)
class ErasureRequest:
    """Which part of what is kept of her is to go, and why."""

    part: str = ask("要删除的部分", "code", codes="data_purpose")
    reason: str = ask("理由", "long")


def _is_there(asked: Asked) -> Ground | None:
    if asked.facts["rows"]:
        return None
    return Ground("这一部分没有您的记录", clause=LAW, cure="核对所选的部分", field="payload-part")


def _is_not_kept_by_law(asked: Asked) -> Ground | None:
    """Kept for good, for years that are not over, or for a time that nobody has named yet."""
    purpose, retention = asked.facts["purpose"], asked.facts["purpose"].retention
    told = f"“{purpose.label.zh}”{asked.facts['rows']}条"
    source = "" if retention.source is None else retention.source.zh
    if retention.kind == "consent":
        return None
    if retention.kind == "lasting":
        return Ground(f"{told}应长期保管", clause=source, cure=OTHERWISE)
    if retention.kind == "open":
        why = f"{told}的保管期限尚未核实"
        return Ground(why, clause=LAW, cure="由审定人写明保管依据", is_open=True)
    return _within_years(asked, told, source)


def _within_years(asked: Asked, told: str, source: str) -> Ground | None:
    years = asked.facts["purpose"].retention.years
    days = asked.facts["until"]
    if None in days:
        return Ground(f"{told}中有未填日期的，不知是否期满", cure="补填日期后再审定", is_open=True)
    last = max(days, default=asked.on)
    if last < asked.on:
        return None
    why = f"{told}须保管{years}年，最迟至{last}"
    return Ground(why, clause=source, cure=f"{last}后再申请；{OTHERWISE}")


def _is_not_in_question(asked: Asked) -> Ground | None:
    waiting = asked.facts["corrections"]
    if not waiting:
        return None
    return Ground(f"有{waiting}件更正申请未办结", clause=LAW, cure="更正办结后再申请删除")


LAWFUL = (
    Rule("there", "有可删除的记录", _is_there),
    Rule("retention", "不在法定保管期内", _is_not_kept_by_law),
    Rule("corrections", "没有未办结的更正", _is_not_in_question),
)

DATA_ERASURE = CaseType(
    key=ERASURE,
    version=1,
    label="个人信息删除",
    label_en="Erasure of personal information",
    basis=(Basis("national-floors", "办理规程·个人信息"),),
    payload=ErasureRequest,
    steps=(
        Step("draft", "本人申请", APPLICANT, asks="选择要删除的部分，写明理由"),
        Step(
            "decision",
            "审定",
            LEADER,
            asks="核对保管依据；可删除的即时删除且不能恢复，不能删除的告知全部依据",
            within=Number(NORMS, "decision"),
            escalates=SUPERVISOR,
        ),
    ),
    outcomes=(
        Outcome("erased", "已删除", "data.erased", "granted"),
        Outcome("kept", "不予删除", tone="refused"),
    ),
    moves=(
        Move("submit", "提交", "draft", "decision"),
        Move("erase", "删除", "decision", "erased", checks=LAWFUL, decides="decides"),
        Move("refuse", "依法不予删除", "decision", "kept", checks=LAWFUL, when="unmet"),
        Move("keep", "按所述依据不予删除", "decision", "kept", reason="required"),
        Move("return", "退回补正", "decision", "draft", reason="required", kind="return"),
    ),
    rights=Rights(
        withdraw_by=APPLICANT,
        appeal=Appeal(APPLICANT, Number(NORMS, "appeal"), "decision", ("kept",)),
    ),
)


def _facts(file: File, on: date) -> dict[str, Any]:
    purpose = _part(file)
    rows = [
        (fact, ledger)
        for ledger in ledgers_of(purpose)
        for fact in ledger.model.objects.filter(**{ledger.subject_column: file.person_id})
    ]
    years = purpose.retention.years or 0
    return {
        "purpose": purpose,
        "rows": len(rows),
        "until": [kept_until(fact, ledger, years) for fact, ledger in rows],
        "corrections": open_corrections(file.person_id, purpose),
    }


def _part(file: File) -> Purpose:
    return purposes()[file.payload["part"]]


def _erased(file: File, deed: Deed) -> None:
    person = Person.objects.get(pk=file.person_id)
    reason = f"办件{file.number}：依法删除"
    erase_about(person, _part(file).relations, actor=deed.actor, at=deed.at, reason=reason)


declare(
    Declared(DATA_ERASURE, effects={"data.erased": _erased}, facts=_facts, source=__name__),
)
