"""An item for a group: its course with the members of each day, its parts, and who sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from django.urls import reverse

from qiangshi.measure import evaluate, read_snapshot, write_snapshot
from qiangshi.measure.groups import MEMBERSHIP, groups_on
from qiangshi.synthetic import make_region
from qiangshi_web.analytics.actions import store
from qiangshi_web.analytics.courses import days_measured
from qiangshi_web.analytics.cube import folder_of, parts_of_group, split_named
from qiangshi_web.analytics.group_courses import courses_of_group, keep_groups_of_all_days
from qiangshi_web.analytics.groups import figures_of, group_named
from qiangshi_web.analytics.models import MeasuredSnapshot
from qiangshi_web.analytics.plans import plan, vocabulary
from qiangshi_web.kernel.language import in_language
from tests.web.conftest import REGION
from tests.web.sheets import sheet

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

    from qiangshi.measure import Snapshot
    from qiangshi_web.analytics.group_courses import GroupCourses
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
EXEMPLARS = "programme:ethics-exemplars"
DIFFERENT = "programme:post-training-for-all"
DISTRICT = "第一学区"
"""Both units of the region of the tests: Qian sees a part of it."""
BEFORE = date(2024, 12, 31)
AT = datetime(2025, 12, 31, tzinfo=UTC)

Rows = list[dict[str, Any]]


def address(cast: Cast, item: str = HOURS) -> str:
    return reverse("group-item", args=[PLAN, item, cast.group])


class Past:
    """The region of a year before, with memberships of one's own making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables = make_region(replace(REGION, on=BEFORE), vocabulary=vocabulary())

    @property
    def memberships(self) -> Rows:
        return self.tables[MEMBERSHIP].to_pylist()

    def stand(self, memberships: Rows) -> Snapshot:
        """Have it be a run of that day."""
        schema = self.tables[MEMBERSHIP].schema
        told = self.tables | {MEMBERSHIP: pa.Table.from_pylist(memberships, schema=schema)}
        snapshot = write_snapshot(told, self.folder, on=BEFORE, vocabulary=vocabulary())
        store([], snapshot=snapshot, plan_ids=[PLAN], plans_sha256="p" * 64, at=AT)
        return snapshot


@pytest.fixture
def past(cast: Cast, installation: Path, request: pytest.FixtureRequest) -> Past:
    """Not standing yet."""
    return Past(installation / "past" / request.node.name)


def courses(cast: Cast, who: str) -> GroupCourses:
    actor, runs = cast.actor(who), days_measured()
    seen = group_named(actor, runs[0], cast.group)
    assert seen is not None
    return courses_of_group(actor, runs, plan(PLAN), seen, item=HOURS)


def test_the_course_of_a_group_adds_up_its_members_of_each_day(
    cast: Cast, past: Past, snapshot: Snapshot
) -> None:
    past.stand(past.memberships)

    course = courses(cast, "qian").by_item[HOURS]

    assert [on for on, _ in course.rows] == [BEFORE, snapshot.on]
    for stood, (on, row) in zip(reversed(days_measured()), course.rows, strict=True):
        told = past.folder if on == BEFORE else snapshot.folder
        assert stood.on == on
        assert (row.numerator, row.denominator) == added(told, cast.group)


def added(folder: Path, group: str) -> tuple[float, float]:
    """What the members' own figures come to."""
    snapshot = read_snapshot(folder)
    rows = evaluate([plan(PLAN)], snapshot, vocabulary=vocabulary()).for_(item=HOURS)
    members = groups_on(snapshot, snapshot.on, vocabulary())[group].members
    own = [row for row in rows if row.organisation_id in members]
    return sum(row.numerator or 0 for row in own), sum(row.denominator or 0 for row in own)


def test_the_course_is_drawn_with_its_data_beneath(cast: Cast, past: Past) -> None:
    past.stand(past.memberships)
    qian = cast.signed_in("qian")

    page = qian.get(address(cast)).content.decode()
    group = qian.get(reverse("group", args=[cast.group])).content.decode()

    assert 'class="course"' in page
    assert '<th scope="row">2024-12-31</th>' in page
    assert "近年平均每年" in page
    assert "的成员与现在不同" not in page
    assert 'class="spark"' in group


def test_a_day_with_other_members_says_so(cast: Cast, past: Past) -> None:
    rows = past.memberships
    mine = next(row for row in rows if row["group_name"] == cast.group)
    past.stand([row for row in rows if row is not mine])

    page = cast.signed_in("qian").get(address(cast)).content.decode()

    assert "各日按当日的成员合计；2024年12月31日的成员与现在不同。" in page


def test_a_day_with_a_member_out_of_reach_has_no_total(cast: Cast, past: Past) -> None:
    rows = past.memberships
    mine = next(row for row in rows if row["group_name"] == cast.group)
    elsewhere = {"organisation_membership_id": "elsewhere", "organisation_id": cast.other_unit}
    past.stand([*rows, mine | elsewhere])

    page = cast.signed_in("qian").get(address(cast)).content.decode()

    assert [on for on, _ in courses(cast, "qian").by_item[HOURS].rows] == [REGION.on]
    assert len(courses(cast, "zhao").by_item[HOURS].rows) == 2
    assert "2024-12-31</th>" not in page
    assert "2024年12月31日有成员不在您的查看范围，不列当日合计。" in page


def test_a_day_whose_snapshot_is_gone_is_left_out(cast: Cast, past: Past) -> None:
    past.stand(past.memberships)
    MeasuredSnapshot.objects.filter(on=BEFORE).update(folder="no-such-folder", sha256="g" * 64)

    response = cast.signed_in("qian").get(address(cast))
    keep_groups_of_all_days()

    assert response.status_code == 200
    assert 'class="course"' not in response.content.decode()


def test_the_figures_of_groups_are_laid_down_for_every_day(cast: Cast, past: Past) -> None:
    past.stand(past.memberships)

    keep_groups_of_all_days()

    for run in days_measured():
        assert (folder_of(run) / f"{PLAN}.groups.parquet").is_file(), run.on


@pytest.mark.parametrize("days", [1, 2])
def test_a_group_takes_as_many_queries_however_many_days_there_are(
    cast: Cast, past: Past, django_assert_num_queries: DjangoAssertNumQueries, days: int
) -> None:
    if days == 2:
        past.stand(past.memberships)
    qian = cast.signed_in("qian")
    qian.get(address(cast), {"split": "sex"})

    with django_assert_num_queries(10):
        qian.get(address(cast), {"split": "sex"})


def test_what_is_not_met_tells_where_it_is_going(cast: Cast, past: Past) -> None:
    past.stand(past.memberships)
    actor, runs = cast.actor("qian"), days_measured()
    seen = group_named(actor, runs[0], cast.group)
    assert seen is not None

    found = courses(cast, "qian")
    (row,) = found.told(figures_of(runs[0], plan(PLAN), [seen], item=HOURS))

    assert row.outlook == found.by_item[HOURS].projection.outlook
    assert row.outlook in {"missed", "reached", "unknown"}  # due on the day itself
    assert row.slope is not None


def test_the_parts_of_a_group_add_up_to_it_and_stand_beside_those_of_members(cast: Cast) -> None:
    qian = cast.signed_in("qian")

    whole, *parts = sheet(qian, address(cast), "parts", head="年龄段", split="age-band")
    across = sheet(qian, address(cast), "across", head="机构", split="age-band")
    members = sheet(qian, address(cast), "members", head="成员单位", split="age-band")

    assert whole["年龄段"] == "合计"
    assert {"30—39岁", "50岁及以上"} < {row["年龄段"] for row in parts}
    for column in ("达到", "应达", "未达到", "不明"):
        assert sum(float(row[column]) for row in parts) == whole[column], column
    assert [row["机构"] for row in across] == [row["成员单位"] for row in members[1:]]


@pytest.mark.parametrize("split", ["stage", "subject", "urban-rural", "sex", "employment-kind"])
def test_a_group_is_split_by_all_that_an_organisation_is(cast: Cast, split: str) -> None:
    page = cast.signed_in("qian").get(address(cast), {"split": split}).content.decode()

    assert 'id="split"' in page
    assert "table-parts" in page
    assert "table-across" in page


def test_what_does_not_count_persons_says_why_it_is_not_split(cast: Cast) -> None:
    zhao, page = cast.signed_in("zhao"), address(cast, EXEMPLARS)

    by_sex = zhao.get(page, {"split": "sex"}).content.decode()
    with in_language("en"):
        zhao.cookies["language"] = "en"
        told = zhao.get(page, {"split": "sex"}).content.decode()

    assert "未对应到每名教职工，不能按性别分；“分项”改选“城乡”可分。" in by_sex
    assert "without telling of whom, so it cannot be split by Sex." in told


def test_parts_of_a_group_take_the_right_to_see_people_at_every_member(cast: Cast) -> None:
    feng = cast.signed_in("feng")  # a teaching researcher: figures of the region, no people

    shown = feng.get(address(cast))

    assert shown.status_code == 200
    assert 'id="split"' not in shown.content.decode()
    assert feng.get(address(cast), {"split": "sex"}).status_code == 404


def test_the_parts_and_the_course_are_not_there_in_another_county(cast: Cast, past: Past) -> None:
    past.stand(past.memberships)
    zhou = cast.signed_in("zhou")

    for query in ({}, {"split": "sex"}, {"on": BEFORE.isoformat()}):
        assert zhou.get(address(cast), query).status_code == 404


def test_whoever_sees_some_members_has_neither_course_nor_parts(cast: Cast, past: Past) -> None:
    past.stand(past.memberships)
    actor, runs = cast.actor("qian"), days_measured()
    seen, split = group_named(actor, runs[0], DISTRICT), split_named("sex")
    assert seen is not None
    assert split is not None

    course = courses_of_group(actor, runs, plan(PLAN), seen)
    parts = parts_of_group(runs[0], plan(PLAN), split, seen, item=HOURS)
    page = cast.signed_in("qian").get(reverse("group", args=[DISTRICT])).content.decode()

    assert seen.hidden
    assert course.by_item == {}
    assert parts == {}
    assert "不能由成员单位相加" not in page


def test_an_item_of_different_people_has_members_and_no_total(cast: Cast) -> None:
    qian, page = cast.signed_in("qian"), address(cast, DIFFERENT)

    group = qian.get(reverse("group", args=[cast.group])).content.decode()
    rows = sheet(qian, page, "members", head="成员单位")
    item = qian.get(page, {"split": "sex"}).content.decode()

    assert f'href="{page}"' in group.split("不列合计：")[1]
    assert "各成员的数不能相加，所以不列合计，也不能分项。" in item
    assert 'id="split"' not in item
    assert rows
    assert cast.group not in {row["成员单位"] for row in rows}


def test_an_item_that_the_plan_has_not_is_not_there(cast: Cast) -> None:
    page = address(cast, "standard:no-such")

    assert cast.signed_in("qian").get(page).status_code == 404


def test_a_group_of_one_says_how_it_gets_more(cast: Cast, past: Past) -> None:
    rows = past.memberships
    mine = [row for row in rows if row["group_name"] == cast.group]
    past.stand([row for row in rows if row not in mine[1:]])

    then = cast.signed_in("qian").get(address(cast), {"on": BEFORE.isoformat()}).content.decode()
    now = cast.signed_in("qian").get(address(cast)).content.decode()

    assert "只有这一个成员，合计与其相同。" in then
    assert "只有这一个成员，合计与其相同。" not in now
