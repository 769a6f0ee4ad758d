"""Everything can be done without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.conftest import Door, Places

_MOST_STEPS = 200


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element with the text has the focus."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate("(document.activeElement.innerText || '').trim()")
        if here == wanted:
            return
    raise AssertionError(f"expected to reach {wanted!r} within {_MOST_STEPS} steps")


def test_the_first_stop_leads_past_the_navigation(door: Door) -> None:
    with door.visitor("zhao") as zhao:
        expect(zhao.page.get_by_role("heading", name="先看这些")).to_be_visible()
        zhao.page.keyboard.press("Tab")
        expect(zhao.page.locator(".skip")).to_be_focused()
        zhao.page.keyboard.press("Enter")
        expect(zhao.page.locator("#content")).to_be_focused()


def test_a_principal_reaches_a_teacher_by_keys_alone(door: Door, places: Places) -> None:
    with door.visitor() as sun:
        sun.go("/sign-in/")
        card = sun.page.locator("button[value=sun]")
        for _ in range(_MOST_STEPS):
            sun.page.keyboard.press("Tab")
            if card.evaluate("card => card === document.activeElement"):
                break
        sun.page.keyboard.press("Enter")
        expect(sun.page.get_by_role("heading", name="先看这些")).to_be_visible()
        tab_to(sun.page, "机构")
        sun.page.keyboard.press("Enter")
        expect(sun.page.get_by_role("heading", name="机构", exact=True)).to_be_visible()
        tab_to(sun.page, places.school)
        sun.page.keyboard.press("Enter")
        expect(sun.page.get_by_role("heading", name="教职工", exact=True)).to_be_visible()
        tab_to(sun.page, places.teacher)
        sun.page.keyboard.press("Enter")
        expect(sun.page.get_by_role("heading", level=1)).to_have_text(places.teacher)


def test_rows_are_walked_with_the_arrow_keys(door: Door) -> None:
    with door.visitor("zhao") as zhao:
        zhao.page.get_by_role("link", name="差距看板").click()
        names = zhao.page.locator("#table-board tbody th a")
        names.first.focus()
        zhao.page.keyboard.press("ArrowDown")
        expect(names.nth(1)).to_be_focused()
        zhao.page.keyboard.press("ArrowUp")
        expect(names.first).to_be_focused()


def test_the_focus_stays_on_the_head_that_was_sorted(door: Door) -> None:
    with door.visitor("zhao") as zhao:
        zhao.page.get_by_role("link", name="差距看板").click()
        head = zhao.page.locator("#board-sort-name")
        head.focus()
        zhao.page.keyboard.press("Enter")
        expect(zhao.page.locator("th[aria-sort=ascending]")).to_contain_text("机构")
        expect(zhao.page.locator("#board-sort-name")).to_be_focused()


def test_a_cell_of_a_board_tells_the_rest_when_it_is_reached(door: Door) -> None:
    with door.visitor("zhao") as zhao:
        zhao.page.get_by_role("link", name="差距看板").click()
        rows = zhao.page.locator("#table-board tbody tr:not(.total)")
        heights = rows.evaluate_all("rows => rows.map(row => row.offsetHeight)")
        cell, tip = zhao.page.locator("[data-tip]").first, zhao.page.locator(".tip")
        zhao.page.locator("#table-board tbody th a").first.focus()
        for _ in range(_MOST_STEPS):
            zhao.page.keyboard.press("Tab")
            if cell.evaluate("cell => cell === document.activeElement"):
                break

        expect(tip).to_contain_text("已知")
        zhao.page.keyboard.press("Escape")
        expect(tip).to_have_count(0)
        zhao.page.locator("[data-tip]").nth(3).hover()
        expect(tip).to_be_visible()
        zhao.photograph("gap-board-told")
        assert max(heights) <= 33
