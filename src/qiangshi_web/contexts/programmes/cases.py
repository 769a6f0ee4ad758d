"""Backbones: selected within quotas, blind and ranked; what they did is checked every year."""

from __future__ import annotations

from dataclasses import dataclass
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
    Rights,
    Step,
)
from qiangshi.casework.panels import Tie
from qiangshi.casework.payloads import ask
from qiangshi.casework.scored import Scored
from qiangshi.periods import Duration
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.queries import begun_since, nominated, placed
from qiangshi_web.casework.registry import TIES, Declared, declare, take_back
from qiangshi_web.contexts.people.queries import holders_of_title
from qiangshi_web.contexts.programmes.actions import conclude_year, confer_title
from qiangshi_web.contexts.programmes.queries import (
    backbones_since,
    experts_on,
    mentoring_ties,
    studio_ties,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from qiangshi.casework.checks import Asked
    from qiangshi_web.casework.registry import Deed, File

SCHOOL, COUNTY = "principal", "bureau_officer"
SENIOR = ("senior", "full_senior")


@dataclass(frozen=True)
class Nomination:
    """What a school puts forward; experts read only what does not tell of whom."""

    kind: str = ask("称号", "code", codes="talent_kind")
    level: str = ask("级别", "code", codes="admin_level")
    teaching: str = ask("教育教学情况（不出现姓名和学校）", "long")
    results: str = ask("代表性成果（不出现姓名和学校）", "long")
    opinion: str = ask("学校推荐意见", "long", blind="hidden")
    ties: str = ask(
        "应回避的亲属与合作者（姓名或编号）",
        "long",
        blind="hidden",
        needed="optional",
        names="ties",
    )


def _school_within_its_quota(asked: Asked) -> Ground | None:
    others, most = asked.facts["nominated"], asked.facts["most"]
    if most is None:
        return Ground("本校在本批次没有推荐名额", cure="待公布本校名额后推荐")
    if others < most:
        return None
    return Ground(f"本校已推荐{others}人，名额{most}人", cure="撤回一件后再推荐")


WITHIN_QUOTA = Rule("quota", "在本校推荐名额之内", _school_within_its_quota)
SCORED = Scored(
    norms="procedure:selection-norms",
    office=COUNTY,
    party=SCHOOL,
    entry=(Gates(), Meets("standard:class-hours-five-years")),
    granted="selected",
    refused="not-selected",
)

BACKBONE_SELECTION = CaseType(
    key="programmes.backbone-selection",
    version=1,
    label="骨干教师遴选",
    label_en="Selection of backbones",
    basis=(
        Basis("beijing-strong-teachers", "二.(一).2"),
        Basis("national-floors", "办理规程·骨干遴选"),
    ),
    payload=Nomination,
    begun_by=SCHOOL,
    in_rounds="only",
    steps=(
        Step("draft", "学校推荐", SCHOOL, asks="按名额推荐，材料中不出现姓名和学校"),
        *SCORED.steps,
    ),
    outcomes=(
        Outcome("selected", "入选", "title.conferred", "granted"),
        Outcome("not-selected", "未入选", tone="refused"),
        Outcome("upheld", "维持原结论"),
    ),
    moves=(
        Move("submit", "推荐", "draft", "check", checks=(WITHIN_QUOTA,)),
        *SCORED.moves,
        Move("return", "退回", "check", "draft", reason="required", kind="return"),
    ),
    rights=SCORED.rights,
)


def _read(file: File, on: date) -> dict[str, Any]:
    others, most = nominated(file)
    return {"nominated": others, "most": most, "placed": placed(file)}


def _judges(on: date) -> set[str]:
    """Holders of a title above the one judged, and senior teachers."""
    return {*experts_on(on), *holders_of_title(SENIOR, on)}


def _ties(people: Collection[str]) -> Iterator[Tie]:
    """Mentoring and shared studios, for judges of every type."""
    yield from (Tie(mentor, mentee, "mentor") for mentor, mentee in mentoring_ties(people))
    yield from (Tie(one, other, "studio") for one, other in studio_ties(people))


def _conferred(file: File, deed: Deed) -> None:
    years = rules().norms.find(SCORED.number("term"), deed.on).whole
    values = {
        "person_id": file.person_id,
        "valid_from": deed.on,
        "valid_to": Duration(years=-years).before(deed.on),
        "kind": file.payload["kind"],
        "level": file.payload["level"],
    }
    batch = f"批次{file.round_id}" if file.round_id else ""
    key = f"case-{file.number}-{file.standing.events}"
    confer_title(key, values, on=deed.on, batch=batch, **deed.told(file))


TIES.append(_ties)
declare(
    Declared(
        BACKBONE_SELECTION,
        effects={"title.conferred": _conferred},
        facts=_read,
        pool=_judges,
        ranked_by={"kind": "kind", "level": "level"},
        source=__name__,
    )
)


@dataclass(frozen=True)
class YearOfDuty:
    """What a backbone says of a year; lessons and whatever else is on record is read there."""

    work: str = ask("本年度示范引领、结对带教情况", "long")
    next_year: str = ask("下年度计划", "long", needed="optional")


COHORT_ASSESSMENT = CaseType(
    key="programmes.cohort-assessment",
    version=1,
    label="骨干教师年度考核",
    label_en="Yearly check of backbones",
    basis=(
        Basis("beijing-strong-teachers", "二.(三).12"),
        Basis("national-floors", "办理规程·骨干遴选"),
    ),
    payload=YearOfDuty,
    steps=(
        Step(
            "draft",
            "本人述职",
            APPLICANT,
            asks="填报本年度履职情况",
            within=SCORED.number("statement"),
            escalates=SCHOOL,
        ),
        Step(
            "school",
            "学校意见",
            SCHOOL,
            asks="核对履职情况",
            within=SCORED.number("school"),
            escalates=COUNTY,
        ),
        Step(
            "county",
            "考核结论",
            COUNTY,
            asks="按台账的示范活动作出结论",
            within=SCORED.number("check"),
            escalates=SUPERVISOR,
        ),
    ),
    outcomes=(
        Outcome("qualified", "考核合格", "duty.qualified", "granted"),
        Outcome("failed", "考核不合格，终止称号", "duty.failed", "refused"),
    ),
    moves=(
        Move("submit", "提交述职", "draft", "school"),
        Move("endorse", "报送", "school", "county", reason="required"),
        Move("return", "退回", "school", "draft", reason="required", kind="return"),
        Move("pass", "合格", "county", "qualified", checks=(Gates(),), decides="decides"),
        Move("fail", "不合格", "county", "failed", checks=(Gates(),), when="unmet"),
        Move("return", "退回学校", "county", "school", reason="required", kind="return"),
    ),
    rights=Rights(
        suspend_by=COUNTY,
        appeal=Appeal(APPLICANT, SCORED.number("appeal"), "county", ("failed",)),
        reopen_by=COUNTY,
        reopen_to="county",
    ),
)


def _concluded(file: File, deed: Deed, says: dict[str, Any]) -> None:
    """The title on record says it; what an appeal overturned is said no more."""
    take_back(file, deed)
    title = title_of(file.person_id, deed.on)
    if title is not None:
        conclude_year(title, says, **deed.told(file))


def _due(on: date) -> list[str]:
    """Backbones whose title, and whose last check, is as old as the norm says."""
    months = rules().norms.find(SCORED.number("checked_every"), on).whole
    last = Duration(months=months).before(on)
    checked = begun_since(COHORT_ASSESSMENT.key, last)
    return [person for person in backbones_since(last, on) if person not in checked]


declare(
    Declared(
        COHORT_ASSESSMENT,
        effects={
            "duty.qualified": lambda f, deed: _concluded(f, deed, {"duty_result": "qualified"}),
            "duty.failed": lambda f, deed: _concluded(
                f, deed, {"duty_result": "failed", "valid_to": deed.on}
            ),
        },
        begins=_due,
        source=__name__,
    )
)
