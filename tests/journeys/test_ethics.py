"""Misconduct with every role of the cast: reported without a name, decided, reviewed, shown."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.conftest import NARROW
from tests.journeys.test_cases import follow, press

if TYPE_CHECKING:
    from tests.journeys.conftest import Door, Places, Visitor

FACTS = "暑期在校外给本班学生有偿补课八次"
TOLD = "假期里收钱补课，我家孩子也去了"


def give_reason(visitor: Visitor, reason: str, button: str) -> None:
    visitor.page.get_by_label("意见或理由").fill(reason)
    press(visitor, button)
    expect(visitor.page.get_by_role("heading", name="没有办理，理由如下")).to_have_count(0)


def open_first(visitor: Visitor, kind: str) -> str:
    """From the worklist to the newest case of a kind; where it is."""
    follow(visitor, "办件")
    row = visitor.page.get_by_role("row").filter(has_text=kind).first
    row.get_by_role("link").first.click()
    return visitor.path


def shown_by_two(door: Door, places: Places, number: str) -> None:
    """The case in words without a name: written by one, signed off by another."""
    with door.visitor("jin") as jin:
        jin.go("/cases/new/ethics.case-publication/")
        page = jin.page
        page.get_by_label("查处办件号").fill(number)
        page.get_by_label("失范行为").select_option("paid_tutoring")
        page.get_by_label("曝光文字").fill(f"某小学{places.teacher}假期有偿补课，受到处理。")
        page.get_by_label("曝光至").fill("2099-12-31")
        press(jin, "发起")
        path = jin.path
        begun = re.search(r"\d{4}-\d\d-\d\d", page.locator(".page-head").inner_text())
        assert begun, "expected the day on which it began"
        soon = date.fromisoformat(begun[0]) + timedelta(days=30)
        press(jin, "报审签")
        expect(page.get_by_role("alert")).to_contain_text("当事人姓名")
        jin.photograph("publication-refused")
        page.locator("#payload-text").first.fill("某小学一名教师假期有偿补课，受到处理。")
        page.locator("#payload-shown_until").first.fill(soon.isoformat())
        press(jin, "报审签")
        jin.go("/ethics/half-year/")
        jin.photograph("half-year-empty")
    with door.visitor("zheng") as zheng:
        zheng.go(path)
        zheng.photograph("publication-signoff")
        press(zheng, "同意曝光")


def reported(door: Door, places: Places) -> str:
    """Somebody tells without a name; the code by which she asks how it stands."""
    with door.visitor() as anybody:
        anybody.go("/sign-in/")
        follow(anybody, "反映师德问题")
        page = anybody.page
        page.get_by_label("所涉学校").fill(places.school)
        page.get_by_label("反映对象").fill(places.teacher)
        page.get_by_label("反映内容").fill(TOLD)
        page.get_by_label("反映人身份").select_option("parent")
        press(anybody, "提交")
        expect(page.get_by_role("alert")).to_contain_text("反映问题")
        anybody.photograph("ethics-report-refused")
        page.get_by_label("反映问题").select_option("paid_tutoring")
        press(anybody, "提交")
        code: str = page.locator("#code").inner_text()
        anybody.photograph("ethics-received")
        return code


def inquired(door: Door, number: str) -> str:
    """The conduct officer weighs it, inquires and tells the teacher; where the case is."""
    with door.visitor("tao") as tao:
        follow(tao, "办件")
        expect(tao.page.get_by_text("师德线索受理")).to_have_count(0)
    with door.visitor("jin") as jin:
        open_first(jin, "师德线索受理")
        expect(jin.page.get_by_text("匿名，未留任何信息")).to_be_visible()
        jin.photograph("ethics-triage")
        jin.page.locator("#payload-person").first.fill(number)
        give_reason(jin, "反映具体，有线索可查", "立案")
        path = open_first(jin, "师德失范查处")
        jin.page.locator("#payload-facts").first.fill(FACTS)
        jin.page.locator("#payload-sanction").first.select_option("demotion")
        press(jin, "调查终结并告知")
        expect(jin.page.get_by_role("alert")).to_contain_text("证据摘要、是否情节严重尚未填写")
        jin.photograph("ethics-inquiry-refused")
        with door.visitor("li") as li:
            assert li.go(path) == 404
        jin.page.locator("#payload-evidence").first.fill("转账记录、四名家长的说明")
        jin.page.locator("#payload-is_serious").first.select_option("no")
        press(jin, "调查终结并告知")
        expect(jin.page.locator(".case-steps [aria-current]")).to_have_text("告知与申辩")
    return path


def heard(door: Door, path: str) -> None:
    """The teacher reads what counts against her, and asks to be heard."""
    with door.visitor("li", width=NARROW) as li:
        li.go(path)
        for ground in (FACTS, "转账记录、四名家长的说明", "降低岗位等级"):
            expect(li.page.get_by_text(ground).first).to_be_visible()
        for hidden in (TOLD, "线索"):
            expect(li.page.get_by_text(hidden)).to_have_count(0)
        li.photograph("ethics-told")
        assert li.overflow() <= 0
        give_reason(li, "只有两次，请求听证", "申请听证")
    with door.visitor("wei") as wei:
        wei.go(path)
        give_reason(wei, "双方已陈述，八次属实", "听证结束")


def decided(door: Door, path: str) -> None:
    """Above the school's power: the bureau decides, and it is filed."""
    with door.visitor("jin") as jin:
        jin.go(path)
        press(jin, "报学校决定")
        expect(jin.page.get_by_role("alert")).to_contain_text("超出学校权限")
        jin.photograph("ethics-proposal-refused")
        press(jin, "报教育局决定")
    with door.visitor("sun") as sun:
        assert sun.go(path) == 200
        expect(sun.page.get_by_text("现在不需要您办理。")).to_be_visible()
    with door.visitor("zheng") as zheng:
        zheng.go(path)
        zheng.photograph("ethics-decision")
        give_reason(zheng, "局务会集体研究决定", "决定")
    with door.visitor("jin") as jin:
        jin.go(path)
        press(jin, "已送达并备案")


def reviewed(door: Door, path: str) -> None:
    """Another county sees nothing; the teacher has it reviewed by somebody else."""
    with door.visitor("tao") as tao:
        assert tao.go(path) == 404
    with door.visitor("li", width=NARROW) as li:
        li.go(path)
        expect(li.page.get_by_text("已处理").first).to_be_visible()
        li.page.get_by_text("撤回、更正、中止、申诉等").click()
        li.page.locator("#why-appeal").fill("处理过重")
        press(li, "申请复核")
        expect(li.page.locator(".case-steps [aria-current]")).to_have_text("复核")
        li.photograph("ethics-reviewing")
    with door.visitor("wei") as wei:
        wei.go(path)
        wei.photograph("ethics-review")
        give_reason(wei, "事实清楚，处理适当", "维持")
        expect(wei.page.get_by_text("复核维持").first).to_be_visible()


def test_misconduct_goes_from_an_anonymous_report_to_review_and_out(
    door: Door, places: Places
) -> None:
    code = reported(door, places)
    path = inquired(door, places.teacher_path.split("/")[2])
    heard(door, path)
    decided(door, path)
    reviewed(door, path)
    shown_by_two(door, places, path.split("/")[2])
    with door.visitor(width=NARROW) as anybody:
        anybody.go("/report/receipt/")
        anybody.page.get_by_label("回执码").fill(code)
        press(anybody, "查询")
        expect(anybody.page.get_by_text("已依规处理")).to_be_visible()
        anybody.photograph("ethics-receipt")
        anybody.go("/report/")
        anybody.photograph("ethics-report")
        anybody.go("/exposures/")
        expect(anybody.page.get_by_text("假期有偿补课")).to_be_visible()
        anybody.photograph("exposures")
        assert anybody.overflow() <= 0
