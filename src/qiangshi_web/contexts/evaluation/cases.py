"""Title review (职称评审): rounds within quotas, blind panels, a directed track beside them."""

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
    Panel,
    Rights,
    Step,
)
from qiangshi.casework.numbers import Number
from qiangshi.casework.panels import Conflicts, same_school
from qiangshi.casework.payloads import ask
from qiangshi.casework.rounds import Entry
from qiangshi_web.casework.queries import placed
from qiangshi_web.casework.registry import Declared, declare
from qiangshi_web.contexts.evaluation.actions import record_title_review, withdraw_title_review
from qiangshi_web.contexts.people.queries import Person, holders_of_title

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.checks import Asked
    from qiangshi_web.casework.registry import Deed, File

SCHOOL, COUNTY = "principal", "bureau_officer"
JUDGES = ("senior", "full_senior")
ELIGIBLE = (Gates(), Meets("standard:class-hours-five-years"))


def _norm(name: str) -> Number:
    return Number("procedure:title-review-norms", name)


@dataclass(frozen=True)
class TitleClaim:
    """What a teacher applies with; experts read only what does not tell of whom."""

    rank: str = ask("申报等级", "code", codes="title_rank")
    is_directed: bool = ask("是否定向评价（乡村）", "yes-no")
    teaching: str = ask("教育教学情况（不出现姓名和学校）", "long")
    results: str = ask("代表性成果（不出现姓名和学校）", "long")
    years: str = ask("任现职以来的说明", "long", blind="hidden", needed="optional")


def _ranked_within(asked: Asked) -> Ground | None:
    found = asked.facts["placed"]
    if found is None:
        return Ground("本批次尚未排名", cure="全部评分后在批次页排名")
    if found["result"] in {"within", "directed"}:
        return None
    return Ground(f"第{found['place']}名，{found['why']}", cure="可在下一批次再申报")


RANKED = Rule("ranked", "在岗位名额之内，或属定向评价", _ranked_within)

TITLE_REVIEW = CaseType(
    key="evaluation.title-review",
    version=1,
    label="职称评审",
    label_en="Title review",
    basis=(
        Basis("beijing-strong-teachers", "二.(三).10"),
        Basis("guangdong-city-2022", "附1 二(五)7"),
    ),
    payload=TitleClaim,
    in_rounds="rounds",
    steps=(
        Step("draft", "个人申报", APPLICANT, asks="填报，材料中不出现姓名和学校"),
        Step(
            "school",
            "学校推荐",
            SCHOOL,
            asks="核对申报内容，按岗位推荐",
            within=_norm("school"),
            escalates=COUNTY,
        ),
        Step(
            "check",
            "资格审核",
            COUNTY,
            asks="按台账核对师德、轮岗与学时",
            within=_norm("check"),
            escalates=SUPERVISOR,
        ),
        Step(
            "scoring",
            "匿名评审",
            COUNTY,
            asks="抽取专家，达到法定人数后结束评审",
            panel=Panel(COUNTY, _norm("experts"), _norm("quorum"), _norm("most"), _norm("outlier")),
        ),
        Step("ranking", "按名额确定", COUNTY, asks="在批次页排名后逐件确定"),
        Step("publicity", "公示", COUNTY, publicity=_norm("publicity")),
        Step(
            "review",
            "复核",
            COUNTY,
            asks="按评审记录和申诉理由复核",
            within=_norm("review"),
            escalates=SUPERVISOR,
        ),
    ),
    outcomes=(
        Outcome("passed", "评审通过", "title.passed", "title.undo", "granted"),
        Outcome("failed", "未通过", "title.failed", "title.undo", "refused"),
        Outcome("upheld", "维持原结论"),
    ),
    moves=(
        Move("submit", "提交", "draft", "school"),
        Move("recommend", "推荐", "school", "check"),
        Move("return", "退回", "school", "draft", reason="required", kind="return"),
        Move("admit", "审核通过", "check", "scoring", checks=ELIGIBLE, decides="decides"),
        Move("exclude", "不符合条件", "check", "failed", checks=ELIGIBLE, when="unmet"),
        Move("return", "退回学校", "check", "school", reason="required", kind="return"),
        Move("close", "结束评审", "scoring", "ranking"),
        Move("select", "拟通过", "ranking", "publicity", checks=(RANKED,)),
        Move("leave", "未通过", "ranking", "failed", checks=(RANKED,), when="unmet"),
        Move("confirm", "公示无异议", "publicity", "passed", auto="publicity-over"),
        Move("object", "有异议", "publicity", "check", reason="required"),
        Move("uphold", "维持", "review", "upheld", reason="required"),
        Move("again", "重新评审", "review", "scoring", reason="required"),
    ),
    rights=Rights(
        withdraw_by=APPLICANT,
        suspend_by=COUNTY,
        appeal=Appeal(APPLICANT, _norm("appeal"), "review", ("failed",)),
        reopen_by=COUNTY,
        reopen_to="check",
    ),
)


def _schools_apart(file: File, pool: list[str]) -> Conflicts:
    """Nobody judges a colleague of her own school."""
    people = Person.objects.filter(pk__in=[*pool, file.person_id])
    schools = {person.pk: person.organisation_id or "" for person in people}
    return Conflicts(same_school(schools, pool))


def _entry(file: File) -> Entry:
    standing = file.standing
    return Entry(
        case=str(file.number),
        score=round(standing.score or 0.0, 4),
        regions=(file.organisation_id,),
        kind="title",
        level=str(file.payload["rank"]),
        ties=(standing.middle or 0.0,),
        track="directed" if file.payload["is_directed"] else "ordinary",
    )


def _recorded(outcome: str) -> Any:
    def effect(file: File, deed: Deed) -> None:
        values = {
            # a case may end, be appealed and end again: each result is a fact of its own
            "title_application_id": f"case-{file.number}-{file.standing.events}",
            "person_id": file.person_id,
            "year": deed.on.year,
            "rank": file.payload["rank"],
            "outcome": outcome,
            "is_directed": file.payload["is_directed"],
        }
        source = f"办件{file.number}：{deed.reason}"[:400]
        record_title_review(values, actor=deed.actor, at=deed.at, source=source)

    return effect


def _undone(file: File, deed: Deed) -> None:
    key = f"case-{file.number}-{file.standing.events - 1}"
    withdraw_title_review(key, actor=deed.actor, at=deed.at, reason=deed.reason)


def _judges(file: File, on: date) -> list[str]:
    return holders_of_title(JUDGES, on)


declare(
    Declared(
        TITLE_REVIEW,
        effects={
            "title.passed": _recorded("passed"),
            "title.failed": _recorded("failed"),
            "title.undo": _undone,
        },
        facts=lambda file, on: {"placed": placed(file)},
        pool=_judges,
        conflicts=_schools_apart,
        entry=_entry,
        source=__name__,
    )
)
