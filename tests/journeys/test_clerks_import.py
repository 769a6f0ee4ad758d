"""A clerk hands in a bad file, reads what comes back, puts it right and hands it in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.journeys.conftest import NARROW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.journeys.conftest import Door, Places, Visitor

HEAD = ["教师编号", "完成日期", "培训类别", "学时", "是否认定"]
PATIENCE = 30_000  # milliseconds that the worker may take for a step


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


def test_a_clerk_puts_a_bad_file_right_and_imports_it(
    door: Door, places: Places, tmp_path: Path
) -> None:
    teacher = places.teacher_path.strip("/").split("/")[1]
    good = [teacher, "2025-07-18", "师德", 6, "是"]
    bad = [[*good[:3], "六", "是"], ["查无此人", *good[1:]]]
    with door.visitor("sun") as clerk:
        hand_in(clerk, write_file(tmp_path / "培训.xlsx", [good, *bad]))
        expect(clerk.page.get_by_text("认作“培训学时记录”，表头在第 2 行")).to_be_visible()
        clerk.photograph("import-preview")
        check(clerk)
        expect(clerk.page.get_by_role("heading", name="检查发现的问题")).to_be_visible()
        expect(clerk.page.get_by_role("button", name="只写入通过的 1 行")).to_be_visible()
        clerk.photograph("import-findings")
        with clerk.page.expect_download() as download:
            clerk.page.get_by_role("link", name="下载检查结果文件").click()
        returned = tmp_path / "returned.xlsx"
        download.value.save_as(returned)
        assert clerk.complaints == []

    told = CalamineWorkbook.from_path(returned).get_sheet_by_index(0).to_python()
    assert told[0][0] == "暑期培训学时登记"
    assert [row[5] for row in told[1:]] == ["结果", "通过（新增）", "有误", "有误"]
    assert ["六" in str(told[3][6]), "查无此人" in str(told[4][6])] == [True, True]

    with door.visitor("sun") as clerk:
        later = [teacher, "2025-07-19", "师德", 6, "是"]
        hand_in(clerk, write_file(tmp_path / "培训-改.xlsx", [good, later]))
        check(clerk)
        clerk.page.get_by_role("button", name="全部写入").click()
        step(clerk, "已写入")
        expect(clerk.page.get_by_text("新增 2 条，更正 0 条，未变 0 条")).to_be_visible()
        clerk.photograph("import-written")
        clerk.page.get_by_role("link", name="数据导入", exact=True).first.click()
        expect(clerk.page.get_by_role("link", name="培训-改.xlsx")).to_be_visible()
        clerk.photograph("imports")
        assert clerk.complaints == []


def test_the_import_page_fits_a_phone(door: Door) -> None:
    with door.visitor("sun", width=NARROW) as clerk:
        clerk.page.get_by_role("link", name="数据导入", exact=True).first.click()
        clerk.page.get_by_role("link", name="示例-培训学时记录.csv").click()
        expect(clerk.page.get_by_role("heading", name="读到的内容")).to_be_visible(timeout=PATIENCE)
        clerk.photograph("import-preview")
        assert clerk.overflow() <= 0
