"""Title review and the selection of backbones: rounds with quotas, judged blind, in a browser."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import NARROW
from tests.journeys.test_cases import begin, follow, press

if TYPE_CHECKING:
    from tests.journeys.conftest import Demonstration, Door, Places, Visitor

TITLES, SELECTION = "职称评审", "骨干教师遴选"
JUDGES = ("zhu", *(f"judge{number}" for number in range(2, 10)))
TEACHING, RESULTS = "连续五年任教毕业年级", "市级课题一项"
REFUSED = "没有办理，理由如下"

HOURS_LACKING = re.compile(r"继续教育学时 [\d.]+ 学时，应达 360 学时，差 [\d.]+ 学时")
HOURS_TO_EARN = re.compile(r"再取得继续教育学时[\d.]+学时")


def announce(zhao: Visitor, kind: str, quotas: str) -> str:
    """A round that takes applications in for years; where it is."""
    zhao.go("/rounds/")
    page = zhao.page
    page.get_by_text("组织一个批次").click()
    page.get_by_label("事项").select_option(label=kind)
    page.get_by_label("名称", exact=True).fill(f"{kind}第一批")
    page.get_by_label("受理开始").fill("2026-01-01")
    page.get_by_label("受理截止").fill("2046-12-31")
    page.get_by_label("名额（每行一项").fill(quotas)
    page.get_by_label("公开种子").fill(f"{kind}-公开种子")
    press(zhao, "公布")
    assert page.get_by_role("heading", level=1).inner_text() == f"{kind}第一批"
    return zhao.path


def claim(visitor: Visitor, *, photographed: str = "") -> str:
    """Fill an application for a title in and hand it in; where it is."""
    begin(visitor, TITLES)
    page = visitor.page
    page.get_by_label("申报等级").select_option(label="高级教师")
    page.get_by_label("是否定向评价").select_option(label="否")
    page.get_by_label("教育教学情况").fill(TEACHING)
    page.get_by_label("代表性成果").fill(RESULTS)
    if photographed:
        visitor.photograph(photographed)
    press(visitor, "发起")
    press(visitor, "提交")
    expect(page.locator(".case-steps [aria-current]")).to_have_text("学校推荐")
    return visitor.path


def judged(door: Door, path: str, *, name: str, least: int) -> None:
    """So many of the judges who were drawn score, without learning whom; others see nothing."""
    scored = 0
    with door.visitor() as visitor:  # one browser: what it holds of styles serves them all
        page = visitor.page
        for number, judge in enumerate(JUDGES):
            page.context.clear_cookies()
            visitor.sign_in(judge)
            if visitor.go(path) == 404:
                continue
            assert TEACHING in page.content()
            assert name not in page.content()
            page.get_by_label("评分").fill(str(84 + number))
            if scored == 0:
                page.get_by_label("评语").fill("材料扎实")
                visitor.photograph("panel-score")
            press(visitor, "评分")
            expect(page.get_by_label("评分")).to_have_count(0)
            scored += 1
            if scored == least:
                return
    raise AssertionError(f"expected {least} of the panel to score, got {scored}")


def ranked_and_listed(door: Door, round_path: str, path: str, name: str) -> None:
    """Scoring is closed, the round is ranked, and the case goes to publicity."""
    with door.visitor("zhao") as zhao:
        zhao.go(path)
        zhao.page.get_by_label("意见或理由").fill("已达法定人数")
        press(zhao, "结束评审")
        zhao.go(round_path)
        press(zhao, "按规则排名（一次，不可更改）")
        expect(zhao.page.get_by_role("cell", name="入围").first).to_be_visible()
        zhao.photograph(f"round-ranked-{name}")
        zhao.go(path)
        press(zhao, "列入公示")
        expect(zhao.page.locator(".case-steps [aria-current]")).to_have_text("公示")


def days_pass(demonstration: Demonstration) -> None:
    """What the administrator's daily command does once publicity is over."""
    on = (timezone.localdate() + timedelta(days=20)).isoformat()
    command = [sys.executable, "-c", "from qiangshi.cli import main; main()", "casework", "tick"]
    said = subprocess.run(
        [*command, "--on", on],
        env=demonstration.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "自动流转" in said.stdout


def test_a_title_is_refused_to_one_and_won_and_given_a_post_by_another(
    door: Door, places: Places, demonstration: Demonstration
) -> None:
    with door.visitor("zhao") as zhao:
        round_path = announce(zhao, TITLES, "5")
    with door.visitor("li", width=NARROW) as li:
        lacking = claim(li, photographed="title-new")
        assert li.overflow() <= 0
    with door.visitor("ma") as ma:
        path = claim(ma)
        name = ma.page.get_by_role("heading", level=1).inner_text().split(" · ")[-1]
    with door.visitor("sun") as sun:
        for one in (lacking, path):
            sun.go(one)
            press(sun, "推荐")
    with door.visitor("zhou") as zhou:
        assert (zhou.go(path), zhou.go(lacking)) == (404, 404)
    with door.visitor("zhao") as zhao:
        zhao.go(lacking)
        press(zhao, "审核通过")
        refused = zhao.page.get_by_role("alert")
        expect(refused).to_contain_text(HOURS_LACKING)
        expect(refused).to_contain_text("济源 四(三)")
        expect(refused).to_contain_text("如何补救")
        press(zhao, "不符合条件")
        zhao.go(path)
        zhao.page.get_by_label("意见或理由").fill("师德与轮岗经人事科核定")
        press(zhao, "审核通过")
        zhao.go(round_path)
        press(zhao, "为待评审的各件抽取专家")
        zhao.photograph("round-open")
        zhao.go(path)
        expect(zhao.page.get_by_role("heading", name="评审组")).to_be_visible()
        zhao.photograph("title-panel")
    with door.visitor("li", width=NARROW) as li:
        li.go(lacking)
        for told in ("应达 360 学时", HOURS_TO_EARN, "补录“交流轮岗人次”", "前申诉"):
            expect(li.page.get_by_text(told).first).to_be_visible()
        li.photograph("title-refused")
        assert li.overflow() <= 0
    judged(door, path, name=name, least=5)
    ranked_and_listed(door, round_path, path, "title")
    days_pass(demonstration)
    with door.visitor("sun") as sun:
        sun.go(path)
        press(sun, "聘任")
        expect(sun.page.get_by_role("alert")).to_contain_text("须写明理由")
        sun.page.get_by_label("意见或理由").fill("岗位核定文件已收到，待录入")
        press(sun, "聘任")
    with door.visitor("ma") as ma:
        ma.go(path)
        expect(ma.page.get_by_text("评审通过并聘任").first).to_be_visible()
        ma.photograph("title-appointed")
        follow(ma, "我的档案")
        expect(ma.page.get_by_text("高级教师").first).to_be_visible()


def test_a_school_puts_two_forward_and_one_is_made_public(door: Door, places: Places) -> None:
    with door.visitor("ma") as ma:
        follow(ma, "我的档案")
        ready = ma.path.split("/")[2]
        name = ma.page.get_by_role("heading", level=1).inner_text()
    with door.visitor("zhao") as zhao:
        round_path = announce(zhao, SELECTION, f"3\n{places.school.split(' · ')[-1]} 2")
        zhao.photograph("round-new")
    paths = []
    with door.visitor("sun") as sun:
        for person in (places.teacher_path.split("/")[2], ready):
            begin(sun, SELECTION)
            page = sun.page
            page.get_by_label("对象").select_option(value=person)
            page.get_by_label("称号").select_option(label="骨干教师")
            page.get_by_label("级别").select_option(index=2)
            page.get_by_label("教育教学情况").fill(TEACHING)
            page.get_by_label("代表性成果").fill(RESULTS)
            page.get_by_label("学校推荐意见").fill("同意推荐")
            press(sun, "发起")
            press(sun, "推荐")
            expect(page.locator(".case-steps [aria-current]")).to_have_text("资格审核")
            paths.append(sun.path)
        sun.photograph("selection-sent")
    lacking, path = paths
    with door.visitor("zhou") as zhou:
        assert (zhou.go(path), zhou.go(lacking)) == (404, 404)
    with door.visitor("zhao") as zhao:
        zhao.go(lacking)
        press(zhao, "审核通过")
        expect(zhao.page.get_by_role("alert")).to_contain_text(HOURS_LACKING)
        zhao.photograph("selection-refused")
        press(zhao, "不符合条件")
        zhao.go(path)
        zhao.page.get_by_label("意见或理由").fill("师德经核定")
        press(zhao, "审核通过")
        press(zhao, "抽取专家")
    with door.visitor("li", width=NARROW) as li:
        li.go(lacking)
        expect(li.page.get_by_text(HOURS_TO_EARN).first).to_be_visible()
        assert li.overflow() <= 0
    judged(door, path, name=name, least=4)
    ranked_and_listed(door, round_path, path, "selection")
    with door.visitor("ma", width=NARROW) as ma:
        ma.go(path)
        expect(ma.page.get_by_text("公示至")).to_be_visible()
        ma.photograph("selection-public")
        assert ma.overflow() <= 0
