"""A bad file comes back, is put right, and its teacher has what it says of her corrected."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import xlsxwriter
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.journeys.conftest import NARROW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.journeys.conftest import Demonstration, Door, Places, Visitor

HEAD = ["教师编号", "完成日期", "培训类别", "学时", "是否认定"]
PATIENCE = 30_000  # milliseconds that the worker may take for a step
PDF = b"%PDF-1.7 proof"


def write_file(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("培训学时记录")
        for number, row in enumerate([["暑期培训学时登记"], HEAD, *rows]):
            sheet.write_row(number, 0, row)
    return path


def hand_in(visitor: Visitor, file: Path) -> None:
    visitor.page.get_by_role("link", name="数据导入", exact=True).first.click()
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.page.get_by_role("button", name="提交文件").click()
    step(visitor, "待核对表头")


def step(visitor: Visitor, state: str) -> None:
    status = visitor.page.locator("#import-step [role=status]")
    expect(status).to_contain_text(state, timeout=PATIENCE)


def check(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="开始检查").click()
    step(visitor, "待写入")


def hand_in_badly(clerk: Visitor, teacher: str, folder: Path) -> None:
    """Two of three rows are wrong; the file that comes back says so beside each."""
    good = [teacher, "2025-07-18", "师德", 6, "是"]
    bad = [[*good[:3], "六", "是"], ["查无此人", *good[1:]]]
    hand_in(clerk, write_file(folder / "培训.xlsx", [good, *bad]))
    expect(clerk.page.get_by_text("认作“培训学时记录”，表头在第 2 行")).to_be_visible()
    clerk.photograph("import-preview")
    check(clerk)
    expect(clerk.page.get_by_role("heading", name="检查发现的问题")).to_be_visible()
    expect(clerk.page.get_by_role("button", name="只写入通过的 1 行")).to_be_visible()
    clerk.photograph("import-findings")
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("link", name="下载检查结果文件").click()
    returned = folder / "returned.xlsx"
    download.value.save_as(returned)

    told = CalamineWorkbook.from_path(returned).get_sheet_by_index(0).to_python()
    assert told[0][0] == "暑期培训学时登记"
    assert [row[5] for row in told[1:]] == ["结果", "通过（新增）", "有误", "有误"]
    assert ["六" in str(told[3][6]), "查无此人" in str(told[4][6])] == [True, True]


def hand_in_again(clerk: Visitor, teacher: str, folder: Path) -> None:
    """The rows put right; all of them go in."""
    rows = [[teacher, f"2025-07-{day}", "师德", 6, "是"] for day in (18, 19)]
    hand_in(clerk, write_file(folder / "培训-改.xlsx", rows))
    check(clerk)
    clerk.page.get_by_role("button", name="全部写入").click()
    step(clerk, "已写入")
    expect(clerk.page.get_by_text("新增 2 条，更正 0 条，未变 0 条")).to_be_visible()
    clerk.photograph("import-written")
    clerk.page.get_by_role("link", name="数据导入", exact=True).first.click()
    expect(clerk.page.get_by_role("link", name="培训-改.xlsx")).to_be_visible()
    clerk.photograph("imports")


def ask_for_a_correction(li: Visitor, proof: Path) -> tuple[str, str]:
    """The teacher finds what was imported of her: where it stands, and where her request does."""
    page = li.page
    page.get_by_role("link", name="我的档案", exact=True).first.click()
    li.photograph("career")
    assert li.overflow() <= 0
    li.go(f"{li.path.split('?')[0]}?group=training")
    year = page.locator(".timeline > li").filter(has=page.locator("time", has_text="2025"))
    year.locator("summary").first.click()
    year.locator(".rows a").filter(has_text="7月19日").first.click()
    entry = li.path
    page.get_by_role("link", name="申请更正").click()
    page.locator("#id-hours").fill("8")
    page.locator("#id-reason").fill("证书上为8学时")
    page.locator("#id-evidence").set_input_files(proof)
    li.photograph("ask-correction")
    assert li.overflow() <= 0
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("待审核")).to_be_visible()
    li.photograph("correction-asked")
    return entry, li.path


def approve(sun: Visitor) -> None:
    """The school sees the evidence and agrees."""
    page = sun.page
    page.get_by_role("link", name="更正申请", exact=True).first.click()
    sun.photograph("corrections")
    page.get_by_role("link", name="培训学时记录", exact=True).first.click()
    expect(page.get_by_text("培训证书.pdf")).to_be_visible()
    sun.photograph("correction")
    page.get_by_role("button", name="同意并更正").click()
    expect(page.get_by_text("已更正")).to_be_visible()


def let_a_fortnight_pass(demonstration: Demonstration, teacher: str) -> str:
    """What was imported a moment ago was imported two weeks ago; the day of a week ago.

    The demonstration's clock is the machine's.
    """
    with sqlite3.connect(demonstration.home / "demo" / "db.sqlite3", timeout=20) as database:
        changed = database.execute(
            "UPDATE training_training_entry SET known_from = datetime(known_from, '-14 days')"
            " WHERE person_id = ? AND completed_on = '2025-07-19'",
            [teacher],
        )
        assert changed.rowcount == 1
        (day,) = database.execute("SELECT date('now', '-7 days')").fetchone()
    database.close()
    return str(day)


def test_a_clerk_puts_a_bad_file_right_and_its_teacher_has_an_entry_corrected(
    door: Door, demonstration: Demonstration, places: Places, tmp_path: Path
) -> None:
    teacher = places.teacher_path.strip("/").split("/")[1]
    proof = tmp_path / "培训证书.pdf"
    proof.write_bytes(PDF)
    with door.visitor("sun") as clerk:
        hand_in_badly(clerk, teacher, tmp_path)
        hand_in_again(clerk, teacher, tmp_path)
        assert clerk.complaints == []
    last_week = let_a_fortnight_pass(demonstration, teacher)
    with door.visitor("li", width=NARROW) as li:
        entry, request = ask_for_a_correction(li, proof)
        with door.visitor("zhou") as zhou:
            assert zhou.go(request) == 404
            assert zhou.go(entry) == 404
        with door.visitor("sun") as sun:
            approve(sun)
            assert sun.complaints == []
        li.page.get_by_role("link", name="我的档案", exact=True).first.click()
        li.page.get_by_role("link", name="我的更正申请", exact=True).first.click()
        expect(li.page.get_by_role("status").get_by_text("已更正")).to_be_visible()
        li.go(entry)
        expect(li.page.locator(".panel").first).to_contain_text("8 学时")
        expect(li.page.get_by_text("更正前")).to_be_visible()
        li.photograph("fact")
        li.page.get_by_label("查看某日所知").fill(last_week)
        li.page.get_by_role("button", name="查看", exact=True).click()
        expect(li.page.locator(".believed")).to_contain_text("6 学时")
        expect(li.page.locator(".panel").first).to_contain_text("8 学时")
        assert li.overflow() <= 0
        li.photograph("fact-last-week")


def test_the_import_page_fits_a_phone(door: Door) -> None:
    with door.visitor("sun", width=NARROW) as clerk:
        clerk.page.get_by_role("link", name="数据导入", exact=True).first.click()
        clerk.page.get_by_role("link", name="示例-培训学时记录.csv").click()
        expect(clerk.page.get_by_role("heading", name="读到的内容")).to_be_visible(timeout=PATIENCE)
        clerk.photograph("import-preview")
        assert clerk.overflow() <= 0
