"""An officer drags a slider and sees figures move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.conftest import NARROW

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.conftest import Door, Places

HOURS = "五年继续教育学时"


def count(page: Page, name: str) -> int:
    return int(page.locator(f"#{name}").inner_text().replace(",", ""))


def test_figures_move_while_a_slider_is_dragged(door: Door) -> None:
    with door.visitor("zhao") as zhao:
        page = zhao.page
        page.get_by_role("link", name="假设测算").click()
        page.get_by_role("link", name=HOURS, exact=True).click()
        expect(page.locator("#newly-short")).to_have_text("0")
        slider = page.locator("#range-1")
        box = slider.bounding_box()
        assert box is not None
        seen: list[int] = []
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        for step in (0.55, 0.62, 0.7):
            with page.expect_response(lambda answer: "value.values.required" in answer.url) as told:
                page.mouse.move(box["x"] + box["width"] * step, box["y"] + box["height"] / 2)
            assert told.value.headers["server-timing"].startswith("compute;dur=")
            expect(page.locator("#newly-short")).not_to_have_text(f"{seen[-1] if seen else 0:,}")
            seen.append(count(page, "newly-short"))
        page.mouse.up()
        zhao.photograph("what-if")

        assert seen == sorted(set(seen)), "every step asks more, so more fall short"
        assert float(page.locator("#number-1").input_value()) > 360
        assert zhao.complaints == []
        page.get_by_label("存为情景，名称").fill("学时提高后的情形")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("学时提高后的情形")
        zhao.photograph("scenario")


def test_a_slider_is_moved_by_keys_and_works_on_a_phone(door: Door, places: Places) -> None:
    with door.visitor("sun", width=NARROW) as sun:
        sun.page.get_by_role("link", name="假设测算").click()
        sun.page.get_by_role("link", name=HOURS, exact=True).click()
        expect(sun.page.locator("#newly-short")).to_have_text("0")
        sun.page.locator("#range-1").focus()
        sun.page.keyboard.press("End")
        expect(sun.page.locator("#number-1")).to_have_value("720")
        expect(sun.page.locator("#newly-short")).not_to_have_text("0")

        names = sun.page.locator(".names li")
        assert names.count() == count(sun.page, "newly-short")
        assert sun.overflow() == 0
        sun.photograph("what-if-school")


def test_without_scripts_the_button_gives_the_same_answer(door: Door) -> None:
    with door.visitor("zhao", scripts="off") as zhao:
        zhao.page.get_by_role("link", name="假设测算").click()
        zhao.page.get_by_role("link", name=HOURS, exact=True).click()
        zhao.page.locator("#number-1").fill("420")
        zhao.page.get_by_role("button", name="测算", exact=True).click()
        assert count(zhao.page, "newly-short") > 0
