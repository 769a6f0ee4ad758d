"""Title review (职称评审): rounds within quotas, blind panels, a directed track beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.casework.checks import Gates, Meets, Rule
from qiangshi.casework.grounds import Ground
from qiangshi.casework.kinds import APPLICANT, Basis, CaseType, Move, Outcome, Step
from qiangshi.casework.payloads import ask
from qiangshi.casework.scored import Scored
from qiangshi_web.casework.queries import placed
from qiangshi_web.casework.registry import Declared, declare, take_back
from qiangshi_web.contexts.evaluation.actions import grant_title, record_title_review
from qiangshi_web.contexts.people.queries import holders_of_title
from qiangshi_web.contexts.staffing.actions import appoint
from qiangshi_web.contexts.staffing.queries import posts_of

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.checks import Asked
    from qiangshi_web.casework.registry import Deed, File

SCHOOL, COUNTY = "principal", "bureau_officer"
JUDGES = ("senior", "full_senior")
POST_OF = {
    "third": "junior",
    "second": "junior",
    "first": "intermediate",
    "senior": "senior",
    "full_senior": "full_senior",
}
"""Rank of title → level of post, as the national reform of titles of 2015 pairs them."""


@dataclass(frozen=True)
class TitleClaim:
    """What a teacher applies with; experts read only what does not tell of whom."""

    rank: str = ask("申报等级", "code", codes="title_rank")
    is_directed: bool = ask("是否定向评价（乡村）", "yes-no")
    teaching: str = ask("教育教学情况（不出现姓名和学校）", "long")
    results: str = ask("代表性成果（不出现姓名和学校）", "long")
    years: str = ask("任现职以来的说明", "long", blind="hidden", needed="optional")
    ties: str = ask(
        "应回避的亲属与合作者（姓名或编号）",
        "long",
        blind="hidden",
        needed="optional",
        names="ties",
    )


def _post_is_free(asked: Asked) -> Ground | None:
    posts = asked.facts["posts"]
    if posts is None:
        cure = "补录岗位核定后再聘，或说明理由"
        return Ground("本校该等级岗位核定数不明", cure=cure, is_open=True)
    approved, held = posts
    if held < approved:
        return None
    return Ground(f"本校该等级岗位{approved}个，已聘{held}人", cure="岗位空出后再聘")


POST_IS_FREE = Rule("post", "本校有空余的相应等级岗位", _post_is_free)
REVIEWED = Scored(
    norms="procedure:title-review-norms",
    office=COUNTY,
    party=APPLICANT,
    entry=(Gates(), Meets("standard:class-hours-five-years")),
    granted="appointing",
    refused="failed",
    effect="title.passed",
)

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
    in_rounds="only",
    steps=(
        Step("draft", "个人申报", APPLICANT, asks="填报，材料中不出现姓名和学校"),
        Step(
            "school",
            "学校推荐",
            SCHOOL,
            asks="核对申报内容，按岗位推荐",
            within=REVIEWED.number("school"),
            escalates=COUNTY,
        ),
        *REVIEWED.steps,
        Step(
            "appointing",
            "岗位聘任",
            SCHOOL,
            asks="岗位有空缺的聘任，没有的暂不聘任，资格保留",
            within=REVIEWED.number("appointing"),
            escalates=COUNTY,
        ),
    ),
    outcomes=(
        Outcome("appointed", "评审通过并聘任", "title.appointed", "granted"),
        Outcome("passed", "评审通过，暂未聘任", tone="granted"),
        Outcome("failed", "未通过", "title.failed", "refused"),
        Outcome("upheld", "维持原结论"),
    ),
    moves=(
        Move("submit", "提交", "draft", "school"),
        Move("recommend", "推荐", "school", "check"),
        Move("return", "退回", "school", "draft", reason="required", kind="return"),
        *REVIEWED.moves,
        Move("return", "退回学校", "check", "school", reason="required", kind="return"),
        Move(
            "appoint",
            "聘任",
            "appointing",
            "appointed",
            checks=(POST_IS_FREE,),
            decides="decides",
        ),
        Move("keep", "暂不聘任", "appointing", "passed", reason="required"),
    ),
    rights=REVIEWED.rights,
)


def _read(file: File, on: date) -> dict[str, Any]:
    level = POST_OF.get(str(file.payload["rank"]), "")
    return {"placed": placed(file), "posts": posts_of(file.organisation_id, level, on)}


def _recorded(file: File, deed: Deed, outcome: str) -> None:
    """What it came to, in the place of what an appeal overturned."""
    take_back(file, deed)
    values = {
        # a case may end, be appealed and end again: each result is a fact of its own
        "title_application_id": f"case-{file.number}-{file.standing.events}",
        "person_id": file.person_id,
        "year": deed.on.year,
        "rank": file.payload["rank"],
        "outcome": outcome,
        "is_directed": file.payload["is_directed"],
    }
    record_title_review(values, **deed.told(file))


def _passed(file: File, deed: Deed) -> None:
    _recorded(file, deed, "passed")
    grant_title(file.person_id, str(file.payload["rank"]), on=deed.on, **deed.told(file))


def _appointed(file: File, deed: Deed) -> None:
    values = {
        "post_appointment_id": f"case-{file.number}-{file.standing.events}",
        "level": POST_OF[str(file.payload["rank"])],
        "is_directed": file.payload["is_directed"],
    }
    appoint(file.person_id, values, on=deed.on, **deed.told(file))


declare(
    Declared(
        TITLE_REVIEW,
        effects={
            "title.passed": _passed,
            "title.failed": lambda file, deed: _recorded(file, deed, "failed"),
            "title.appointed": _appointed,
        },
        facts=_read,
        pool=lambda on: holders_of_title(JUDGES, on),
        ranked_by={"level": "rank", "directed": "is_directed"},
        source=__name__,
    )
)
