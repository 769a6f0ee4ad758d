"""What has to be true before a case of misconduct moves on: each with its clause and cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.casework.checks import Rule
from qiangshi.casework.grounds import Ground
from qiangshi.casework.numbers import Number
from qiangshi_web.contexts.ethics.sanctions import (
    RUNNING,
    TERMS,
    hearing_is_owed,
    label_of,
    school_may_decide,
    threshold,
)

if TYPE_CHECKING:
    from qiangshi.casework.checks import Asked
    from qiangshi.casework.numbers import Cited

TERM_NUMBERS = tuple(Number(TERMS, sanction) for sanction in sorted(RUNNING))
_NEEDED = {"facts": "认定事实", "evidence": "证据摘要", "sanction": "拟作处理"}


def _is_written(asked: Asked) -> Ground | None:
    missing = [label for name, label in _NEEDED.items() if not asked.payload.get(name)]
    if asked.payload.get("is_serious") is None:
        missing.append("是否情节严重")
    if not missing:
        return None
    return Ground(f"{'、'.join(missing)}尚未填写", cure="补填后再终结调查")


def _bar_is_no_shorter(asked: Asked) -> Ground | None:
    """A bar from awards and titles that ends before the sanction itself would say nothing."""
    months, term = asked.payload.get("barred_months"), _term(asked)
    if months is None or term is None or months >= term.whole:
        return None
    text = f"取消资格{months}个月，短于处分期{term.whole}个月"
    return Ground(text, term.source, "不填，或填不短于处分期的月数", "payload-barred_months")


def _term(asked: Asked) -> Cited | None:
    return asked.numbers.get(str(asked.payload.get("sanction")))


def _names_no_reporter(asked: Asked) -> Ground | None:
    name = str(asked.facts["reporter"]).partition(" ")[0]
    written = f"{asked.payload.get('facts')}{asked.payload.get('evidence')}"
    if not name or name not in written:
        return None
    return Ground("当事人可见的内容里写有举报人", cure="删去举报人的姓名和可推知其身份的内容")


def _leader_leads(asked: Asked) -> Ground | None:
    leader, duty = asked.payload.get("leader"), asked.payload.get("leader_duty")
    if not leader:
        return None
    if not asked.facts["leader_leads"] or leader == asked.facts["person"]:
        return Ground(
            f"{leader}不是当事人所在学校现任校（园）长", cure="核对编号，或先更正人员信息"
        )
    return None if duty else Ground("未写明校（园）长未尽的职责", cure="补填“未尽的职责”")


def _hearing_is_owed(asked: Asked) -> Ground | None:
    sanction = str(asked.payload.get("sanction"))
    if hearing_is_owed(sanction, asked.on):
        return None
    owed = threshold("hearing_from", asked.on)
    text = f"拟作处理为“{label_of(sanction)}”，“{label_of(owed.sanction)}”以上方可申请听证"
    return Ground(text, owed.source, "改用“陈述申辩”")


def _school_may(asked: Asked) -> Ground | None:
    sanction = str(asked.payload.get("sanction"))
    if asked.facts["is_head"]:
        return Ground("当事人是校（园）长，本校不能决定", cure="报教育局决定")
    if school_may_decide(sanction, asked.on):
        return None
    most = threshold("school_most", asked.on)
    text = f"“{label_of(sanction)}”超出学校权限，学校可决定至“{label_of(most.sanction)}”"
    return Ground(text, most.source, "报教育局决定")


def _was_told(asked: Asked) -> Ground | None:
    told = asked.facts["told"]
    if told is None or told == dict(asked.payload):
        return None
    return Ground("认定事实或拟作处理在告知后有改动", cure="“重新告知”当事人后再报")


TOLD_AS_IT_STANDS = Rule("told", "与告知当事人的内容一致", _was_told)
HEARING_OWED = Rule("hearing-owed", "属可申请听证的处理", _hearing_is_owed)
CONCLUDED = (
    Rule("written", "事实、证据、处理均已写明", _is_written),
    Rule("bar", "取消资格的月数不短于处分期", _bar_is_no_shorter, TERM_NUMBERS),
    Rule("no-reporter", "不暴露举报人", _names_no_reporter),
    Rule("leader", "失责校（园）长已核实", _leader_leads),
)
SCHOOL_DECIDES = (
    TOLD_AS_IT_STANDS,
    Rule("competence", "在学校权限之内", _school_may),
)
