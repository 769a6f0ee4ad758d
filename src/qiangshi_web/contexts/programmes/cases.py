"""Selection of backbones: nominated under sub-quotas, scored blind, ranked within the round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.casework.checks import Gates, Meets, Rule
from qiangshi.casework.grounds import Ground
from qiangshi.casework.kinds import (
    SUPERVISOR,
    Appeal,
    Basis,
    CaseType,
    Move,
    Outcome,
    Panel,
    Rights,
    Step,
)
from qiangshi.casework.numbers import Number
from qiangshi.casework.panels import Conflicts, Tie, same_school
from qiangshi.casework.payloads import ask
from qiangshi.casework.rounds import Entry
from qiangshi.periods import Duration
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.queries import nominated, placed
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.contexts.programmes.actions import confer_title, take_title_back
from qiangshi_web.contexts.programmes.queries import experts_on, mentoring_ties

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.checks import Asked
    from qiangshi_web.casework.registry import Deed, File

SCHOOL, COUNTY = "principal", "bureau_officer"
NORMS = "procedure:selection-norms"


def _norm(name: str) -> Number:
    return Number(NORMS, name)


@dataclass(frozen=True)
class Nomination:
    """What a school puts forward; experts read only what does not tell of whom."""

    kind: str = ask("称号", "code", codes="talent_kind")
    level: str = ask("级别", "code", codes="admin_level")
    teaching: str = ask("教育教学情况（不出现姓名和学校）", "long")
    results: str = ask("代表性成果（不出现姓名和学校）", "long")
    opinion: str = ask("学校推荐意见", "long", blind="hidden")


def _school_within_its_quota(asked: Asked) -> Ground | None:
    others, most = asked.facts["nominated"], asked.facts["most"]
    if most is None:
        return Ground("本校在本批次没有推荐名额", cure="待公布本校名额后推荐")
    if others < most:
        return None
    return Ground(f"本校已推荐{others}人，名额{most}人", cure="撤回一件后再推荐")


def _ranked_within(asked: Asked) -> Ground | None:
    found = asked.facts["placed"]
    if found is None:
        return Ground("本批次尚未排名", cure="全部评分后在批次页排名")
    if found["result"] in {"within", "directed"}:
        return None
    return Ground(f"第{found['place']}名，{found['why']}", cure="可在下一批次再推荐")


WITHIN_QUOTA = Rule("quota", "在本校推荐名额之内", _school_within_its_quota)
RANKED = Rule("ranked", "在本批次名额之内", _ranked_within)

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
    in_rounds="rounds",
    steps=(
        Step("draft", "学校推荐", SCHOOL, asks="按名额推荐，材料中不出现姓名和学校"),
        Step(
            "check",
            "资格审核",
            COUNTY,
            asks="按台账核对师德与学时",
            within=_norm("check"),
            escalates=SUPERVISOR,
        ),
        Step(
            "scoring",
            "匿名评分",
            COUNTY,
            asks="抽取专家，达到法定人数后结束评分",
            panel=Panel(COUNTY, _norm("experts"), _norm("quorum"), _norm("most"), _norm("outlier")),
        ),
        Step("ranking", "按名额确定", COUNTY, asks="在批次页排名后逐件确定"),
        Step("publicity", "公示", COUNTY, publicity=_norm("publicity")),
        Step(
            "review",
            "复核",
            COUNTY,
            asks="按评分记录和申诉理由复核",
            within=_norm("review"),
            escalates=SUPERVISOR,
        ),
    ),
    outcomes=(
        Outcome("selected", "入选", "title.conferred", "title.taken-back", "granted"),
        Outcome("not-selected", "未入选", tone="refused"),
        Outcome("upheld", "维持原结论"),
    ),
    moves=(
        Move("submit", "推荐", "draft", "check", checks=(WITHIN_QUOTA,)),
        Move(
            "admit",
            "审核通过",
            "check",
            "scoring",
            checks=(Gates(), Meets("standard:class-hours-five-years")),
            decides="decides",
        ),
        Move("return", "退回", "check", "draft", reason="required", kind="return"),
        Move(
            "exclude",
            "不符合条件",
            "check",
            "not-selected",
            checks=(Gates(), Meets("standard:class-hours-five-years")),
            when="unmet",
        ),
        Move("close", "结束评分", "scoring", "ranking"),
        Move("select", "拟入选", "ranking", "publicity", checks=(RANKED,)),
        Move("leave", "未入选", "ranking", "not-selected", checks=(RANKED,), when="unmet"),
        Move("confirm", "公示无异议", "publicity", "selected", auto="publicity-over"),
        Move("object", "有异议", "publicity", "check", reason="required"),
        Move("uphold", "维持", "review", "upheld", reason="required"),
        Move("again", "重新评分", "review", "scoring", reason="required"),
    ),
    rights=Rights(
        withdraw_by=SCHOOL,
        suspend_by=COUNTY,
        appeal=Appeal(SCHOOL, _norm("appeal"), "review", ("not-selected",)),
        reopen_by=COUNTY,
        reopen_to="check",
    ),
)


def _read(file: File, on: date) -> dict[str, Any]:
    others, most = nominated(file)
    return {"nominated": others, "most": most, "placed": placed(file)}


def _ties(file: File, pool: list[str]) -> Conflicts:
    """Same school and mentoring, as the record tells them."""
    people = [*pool, file.person_id]
    found = Person.objects.filter(pk__in=people).values_list("pk", "organisation_id")
    schools = {person: school or "" for person, school in found}
    pairs = mentoring_ties([file.person_id])
    mentors = [Tie(mentor, mentee, "mentor") for mentor, mentee in pairs]
    return Conflicts([*same_school(schools, pool), *mentors])


def _entry(file: File) -> Entry:
    standing = file.standing
    return Entry(
        case=str(file.number),
        score=round(standing.score or 0.0, 4),
        regions=(file.organisation_id,),
        kind=str(file.payload["kind"]),
        level=str(file.payload["level"]),
        ties=(standing.middle or 0.0,),
    )


def _conferred(file: File, deed: Deed) -> None:
    years = rules().norms.find(_norm("term"), deed.on).whole
    values = {
        "person_id": file.person_id,
        "valid_from": deed.on,
        "valid_to": Duration(years=-years).before(deed.on),
        "kind": file.payload["kind"],
        "level": file.payload["level"],
    }
    confer_title(
        f"case-{file.number}",
        values,
        on=deed.on,
        batch=f"批次{file.round_id}" if file.round_id else "",
        actor=deed.actor,
        at=deed.at,
        source=f"办件{file.number}：{deed.reason}"[:400],
    )


def _taken_back(file: File, deed: Deed) -> None:
    take_title_back(f"case-{file.number}", actor=deed.actor, at=deed.at, reason=deed.reason)


declare(
    Declared(
        BACKBONE_SELECTION,
        effects={"title.conferred": _conferred, "title.taken-back": _taken_back},
        facts=_read,
        pool=lambda file, on: experts_on(on),
        conflicts=_ties,
        entry=_entry,
        source=__name__,
    )
)
