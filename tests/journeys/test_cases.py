"""Registration and secondment, each with every role of the cast, from beginning to end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.conftest import NARROW

if TYPE_CHECKING:
    from tests.journeys.conftest import Door, Places, Visitor

REGISTRATION, SECONDMENT = "教师资格定期注册", "教师抽调借用"


def follow(visitor: Visitor, link: str) -> None:
    visitor.page.get_by_role("link", name=link, exact=True).first.click()


def press(visitor: Visitor, button: str) -> None:
    visitor.page.get_by_role("button", name=button, exact=True).first.click()


def begin(visitor: Visitor, label: str) -> None:
    """From the worklist to the form of a new case."""
    follow(visitor, "办件")
    follow(visitor, "办事指南与发起")
    row = visitor.page.get_by_role("listitem").filter(has_text=label)
    row.get_by_role("link", name="发起", exact=True).click()


def act(door: Door, who: str, path: str, button: str, reason: str = "") -> None:
    """One act on a case by a member of the cast."""
    with door.visitor(who) as visitor:
        assert visitor.go(path) == 200
        if reason:
            visitor.page.get_by_label("意见或理由").fill(reason)
        press(visitor, button)
        expect(visitor.page.get_by_role("heading", name="没有办理，理由如下")).to_have_count(0)
        assert visitor.complaints == []


def test_a_registration_goes_through_every_desk_and_back_on_appeal(
    door: Door, places: Places
) -> None:
    with door.visitor("li") as li:
        begin(li, REGISTRATION)
        li.photograph("case-new")
        press(li, "发起")
        expect(li.page.get_by_role("heading", name="按台账核对")).to_have_count(0)
        press(li, "确认并提交")
        expect(li.page.get_by_text("现在不需要您办理。")).to_be_visible()
        path = li.path
        assert li.complaints == []
    with door.visitor("sun") as sun:
        follow(sun, "办件")
        expect(sun.page.locator(".state-todo").first).to_be_visible()
        sun.photograph("worklist")
    act(door, "sun", path, "初审通过")
    act(door, "qian", path, "复核通过")
    with door.visitor("zhou") as zhou:
        assert zhou.go(path) == 404
        follow(zhou, "办件")
        expect(zhou.page.get_by_text(places.teacher)).to_have_count(0)
    with door.visitor("zhao") as zhao:
        zhao.go(path)
        press(zhao, "合格")
        refused = zhao.page.get_by_role("alert")
        expect(refused).to_contain_text("济源 四(三)")
        expect(refused).to_contain_text("如何补救")
        zhao.photograph("case-refused")
        zhao.page.get_by_label("意见或理由").fill("学时不足，暂缓注册")
        press(zhao, "暂缓")
        expect(zhao.page.get_by_text("已办结")).to_be_visible()
        zhao.photograph("case-decided")
        zhao.page.get_by_role("link", name=re.compile(r"^\d{4}-\d{6}")).click()
        expect(zhao.page.get_by_text("（盖章处）")).to_be_visible()
        code = zhao.page.locator("code").inner_text()
        zhao.photograph("decision")
    with door.visitor("li", width=NARROW) as li:
        li.go(path)
        expect(li.page.get_by_text("应达 360 学时").first).to_be_visible()
        li.photograph("case-decided")
        assert li.overflow() <= 0
        li.page.get_by_text("撤回、更正、中止、申诉等").click()
        li.page.locator("#why-appeal").fill("去年的学时尚未补录")
        press(li, "申诉")
        expect(li.page.locator(".case-steps [aria-current]")).to_have_text("复核")
    with door.visitor() as anybody:
        anybody.go(f"/verify/?code={code}")
        expect(anybody.page.get_by_text("撤销")).to_be_visible()
        anybody.photograph("verify")


def test_a_secondment_is_refused_mended_lent_and_ended_early(door: Door, places: Places) -> None:
    with door.visitor("sun") as sun:
        begin(sun, SECONDMENT)
        page = sun.page
        page.get_by_label("对象").select_option(value=places.teacher_path.split("/")[2])
        page.get_by_label("借用单位").fill("市重大项目专班")
        page.get_by_label("借用事由").fill("参加材料组")
        page.get_by_label("来函文号").fill("济政办函〔2026〕3号")
        page.get_by_label("借用起始日期").fill("2026-12-01")
        page.get_by_label("借用截止日期").fill("2027-08-31")
        press(sun, "发起")
        path = sun.path
        press(sun, "报送")
        expect(page.get_by_role("alert")).to_contain_text("6 个月")
        sun.photograph("secondment-refused")
        page.locator("#payload-ends_on").first.fill("2027-04-30")
        press(sun, "报送")
        expect(page.locator(".case-steps [aria-current]")).to_have_text("征求意见")
        follow(sun, SECONDMENT)
        sun.photograph("guide")
        assert [said for said in sun.complaints if "422" not in said] == []
    with door.visitor("zhou") as zhou:
        assert zhou.go(path) == 404
    with door.visitor("qian") as qian:
        qian.go(path)
        qian.page.get_by_label("同意", exact=True).check()
        press(qian, "中心校意见")
        qian.photograph("secondment-opinions")
    with door.visitor("li", width=NARROW) as li:
        li.go(path)
        li.page.get_by_label("同意", exact=True).check()
        li.photograph("secondment-opinion")
        press(li, "本人意见")
        assert li.overflow() <= 0
    act(door, "zhao", path, "同意")
    act(door, "zhao", path, "党委已批准", reason="党委会议纪要〔2026〕12号")
    act(door, "zhao", path, "备案")
    act(door, "sun", path, "提前归校", reason="任务提前结束")
    with door.visitor("zhao") as zhao:
        zhao.go(path)
        expect(zhao.page.get_by_text("已归校").first).to_be_visible()
        zhao.photograph("secondment-ended")
