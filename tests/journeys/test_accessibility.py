"""axe finds nothing on any page, wide or narrow, with long names in it, in either language, and no
page overflows. `test_states.py` has the same pages with nothing on them, and with faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import URLPattern, resolve
from playwright.sync_api import expect

from qiangshi_web.urls import urlpatterns
from tests.journeys.axe import violations
from tests.journeys.conftest import NARROW, WIDE

if TYPE_CHECKING:
    from tests.journeys.conftest import Door, Places, Visitor

PLAN = "/plans/jiyuan-2021/"
HOURS = "standard:class-hours-five-years"
EXEMPLARS = "programme:ethics-exemplars"
DIFFERENT = "programme:post-training-for-all"  # no figure of a group
FAILURES = 5  # after which the door stays locked for a while
REFUSALS = {"/organisations/none/": 404, "/board/": 403}

# Who looks at what; `{region}`, `{unit}`, `{school}` and `{teacher}` are filled in.
VISITS = [
    ("", ["/sign-in/", "/verify/", "/report/", "/report/receipt/", "/exposures/"]),
    (
        "zhao",
        [
            "/",
            "/work/",
            "/find/?q=zx",
            "/plans/",
            PLAN,
            f"{PLAN}?status=not_met",
            f"{PLAN}?status=not_applicable",
            "/board/{region}/",
            "/board/{region}/?only=all",
            "/board/{region}/?split=sex",
            "/board/{region}/?board.name=%E6%B2%A1%E6%9C%89",
            "/board/{region}/groups/",
            "/groups/{group}/",
            f"{PLAN}{HOURS}/group/{{group}}/",
            f"{PLAN}{HOURS}/group/{{group}}/?split=age-band",
            f"{PLAN}{DIFFERENT}/group/{{group}}/",
            "/organisations/",
            "/organisations/?name=%E4%B8%AD%E5%BF%83",
            "/organisations/?name=zzz",
            "/organisations/{unit}/",
            "/organisations/{school}/",
            f"{PLAN}{HOURS}/at/{{region}}/",
            f"{PLAN}{HOURS}/at/{{unit}}/?by=people",
            f"{PLAN}{HOURS}/at/{{unit}}/?split=age-band",
            f"{PLAN}{HOURS}/at/{{school}}/",
            f"{PLAN}{EXEMPLARS}/at/{{region}}/",
            "{teacher}",
            "/policies/",
            "/policies/compare/",
            "/policies/jiyuan-2021/",
            f"/policies/jiyuan-2021/{HOURS}/",
            "/jobs/",
            "/tokens/",
            "/jobs/1/",
            "/exchange/",
            "/exchange/1/",
            "/exchange/export/",
            "/quality/{region}/",
            "/quality/{school}/",
            "/quality/{school}/problems/",
            "/organisations/{school}/file/",
            "/organisations/{school}/add/mechanism/",
            "/roster/",
            "/roster/?people.name=zzz",
            "/duplicates/",
            "/corrections/",
            "/records/person/{person}/",
            "/records/person/{person}/?known_on=2026-01-15",
            "/edit/correct/person/{person}/",
            "{teacher}add/training_entry/",
            "/compare/",
            "/compare/{unit}/",
            "/compare/{unit}/?with={peer}",
            "/balance/{region}/",
            "/balance/{unit}/?stage=junior",
            "/what-if/",
            f"/what-if/jiyuan-2021/{HOURS}/at/{{region}}/",
            "/scenarios/",
            "/cases/",
            "/cases/types/",
            "/cases/types/qualification.periodic-registration/",
            "/rounds/",
            "/notices/",
            "/account/",
            "/account/second-factor/",
            "/personal-information/",
            "/rights/",
            "/organisations/none/",
        ],
    ),
    ("jin", ["/ethics/half-year/"]),
    ("zheng", ["/publish/jiyuan-2021/{unit}/"]),
    ("lv", ["/log/"]),
    ("xu", ["/sights/", "/locks/"]),
    ("he", ["/grants/", "/grants/?grants.name=zzz", "/grants/new/", "/grants/1/"]),
    ("xu", ["/jobs/"]),
    ("han", ["{teacher}numbers/"]),
    (
        "li",
        [
            "/",
            "/work/",
            "/opened/",
            "/own/",
            "{teacher}",
            "/corrections/",
            "/ask/person/{person}/",
            PLAN,
            "/board/",
        ],
    ),
]


def ids(visitor: Visitor, places: Places) -> dict[str, str]:
    """Where the officer's own pages lead: ids of the region, the unit and the school."""
    visitor.go("/organisations/")
    found = {}
    named = ("unit", places.unit), ("school", places.school), ("peer", places.other_unit)
    for name, words in named:
        link = visitor.page.locator(".tree a", has_text=words).first
        found[name] = str(link.get_attribute("href")).split("/")[2]
    visitor.go(f"/board/{found['unit']}/groups/")
    group = visitor.page.locator("#table-groups tbody th a").first
    found["group"] = str(group.get_attribute("href")).split("/")[2]
    visitor.go("/board/")
    found["region"] = visitor.path.split("/")[2]
    found["person"] = places.teacher_path.split("/")[2]
    found["names"] = f"{places.unit}|{places.school}|{places.teacher}|{found['person']}"
    return {**found, "teacher": places.teacher_path}


@pytest.fixture(scope="session")
def filled(door: Door, places: Places) -> dict[str, str]:
    """What stands for the names in braces."""
    with door.visitor("zhao") as visitor:
        return ids(visitor, places)


@pytest.mark.parametrize("who", [who for who, _ in VISITS], ids=lambda who: who or "nobody")
def test_axe_finds_nothing_and_no_page_overflows(
    door: Door, filled: dict[str, str], who: str
) -> None:
    found: dict[str, object] = {}
    with door.visitor(who, width=WIDE) as visitor:
        for path in (pattern.format(**filled) for pattern in dict(VISITS)[who]):
            visitor.resize(WIDE)
            faults = [*opened(visitor, path), *faults_at(visitor, WIDE)]
            visitor.resize(NARROW)
            faults += too_wide(visitor)
            lengthen(visitor, filled["names"].split("|"))
            faults += faults_at(visitor, NARROW)
            visitor.resize(WIDE)
            faults += too_wide(visitor)
            if faults:
                found[path] = faults

    assert found == {}


@pytest.mark.parametrize("who", [who for who, _ in VISITS], ids=lambda who: who or "nobody")
def test_the_longer_english_words_fit_as_well(door: Door, filled: dict[str, str], who: str) -> None:
    found: dict[str, object] = {}
    with door.visitor(who, width=NARROW) as visitor:
        visitor.page.context.add_cookies(
            [{"name": "language", "value": "en", "url": visitor.address}]
        )
        for path in (pattern.format(**filled) for pattern in dict(VISITS)[who]):
            if faults := [*opened(visitor, path), *too_wide(visitor)]:
                found[path] = faults

    assert found == {}


LONG = (
    "乌拉特前旗乌拉山镇中心小学校附属白彦花教学点（含幼儿园分园）",
    "新疆生产建设兵团第六师五家渠市青湖镇九年一贯制学校东校区（过渡期）",
    "阿卜杜热合曼·麦麦提图尔荪江·买买提",
    "P00000000110101199001011234",
)
"""What the unit, the school, the teacher and her number are called on a long day."""


def lengthen(visitor: Visitor, names: list[str]) -> None:
    """Names that are as long as names come, wherever the page says those of its places and people:
    in its text, its choices and its fields."""
    visitor.page.evaluate(
        """pairs => {
            const longer = told =>
                pairs.reduce((all, [name, long]) => all.replaceAll(name, long), told);
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node = walk.nextNode(); node; node = walk.nextNode())
                if (longer(node.data) !== node.data) node.data = longer(node.data);
            const fields = "main input[type=text], main input:not([type]), main textarea";
            for (const one of document.querySelectorAll(fields)) one.value = longer(one.value);
        }""",
        list(zip(names, LONG, strict=True)),
    )


def opened(visitor: Visitor, path: str) -> list[object]:
    """Go there; a status that was not expected, and what the browser complained of."""
    visitor.complaints.clear()
    status, expected = visitor.go(path), REFUSALS.get(path, 200)
    if status != expected:
        return [status]
    return [] if expected != 200 else [*visitor.complaints]


def too_wide(visitor: Visitor) -> list[object]:
    """By how much the page is wider than the window."""
    return [f"{visitor.overflow()} px too wide"] if visitor.overflow() > 0 else []


def faults_at(visitor: Visitor, width: int) -> list[object]:
    """What axe finds in the window at this width, and how far the page is wider than it."""
    visitor.resize(width)
    return [*too_wide(visitor), *((width, *one) for one in violations(visitor.page))]


PALE = """const last = [...document.querySelectorAll('main li')].at(-1);
    last.style.{}; last.textContent = 'pale'"""


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("document.querySelector('main').append(document.createElement('img'))", "image-alt"),
        (PALE.format("color = '#ccc'"), "color-contrast"),
        (PALE.format("background = '#333'"), "color-contrast"),
        (PALE.format("opacity = '.3'"), "color-contrast"),
        ("document.querySelector('main').style.background = '#333'", "color-contrast"),
    ],
)
def test_a_fault_planted_in_a_page_is_found(door: Door, planted: str, rule: str) -> None:
    with door.visitor("zhao", width=WIDE) as visitor:
        visitor.go("/policies/")
        visitor.page.evaluate(planted)

        found = faults_at(visitor, WIDE)

    assert [fault[1] for fault in found if isinstance(fault, tuple)] == [rule]


def test_no_page_is_left_out_of_the_walk(filled: dict[str, str]) -> None:
    walked = {
        resolve(pattern.format(**filled).partition("?")[0]).url_name
        for _, patterns in VISITS
        for pattern in patterns
        if pattern not in REFUSALS
    }
    pictures_and_forms = {
        "distribution",
        "sign-out",
        "language",
        "enter-demo",
        "kept-view",
        "draft",
        "end-grant",
        "end-session",
        "end-sight",
        "grant-choices",
        "end-other-sessions",
        "own-copy",
        "own-copied",
        "end-consent",
        "notice-wish",
        "boards",
        "balances",
        "measure-again",
        "job-cancel",
        "job-run-again",
        "job-run-now",
        "return-sight",
        "revoke-token",
        "export",
        "exported",
        "qualities",
        "import-act",
        "import-result",
        "identity-question",  # seen on the clerk's way
        "check-field",
        "suggest",
        "correction",  # seen on the teacher's way
        "evidence",
        "kept-file",
        "duplicate",
        "scenario",  # seen by the officer who drags a number
        "scenario-comparison",
        "case",  # seen by everybody on the way of a case
        "case-new",
        "case-decision",
        "case-document",
        "case-flow",
        "round",
        "delegate-right",
        "end-delegation",
    }

    assert {p.name for p in urlpatterns if isinstance(p, URLPattern)} | {
        "sign-in"
    } == walked | pictures_and_forms


def test_the_door_stays_clear_when_it_refuses(door: Door) -> None:
    found: dict[int, object] = {}
    with door.visitor() as stranger:
        stranger.go("/sign-in/")
        for attempt in range(FAILURES):
            stranger.page.get_by_label("账号", exact=True).fill("stranger")
            stranger.page.get_by_label("密码", exact=True).fill(f"wrong-{attempt}")
            stranger.page.get_by_role("button", name="登录", exact=True).click()
            is_last = attempt == FAILURES - 1
            said = "登录已暂时锁定" if is_last else "账号或密码不正确"
            expect(stranger.page.get_by_text(said).first).to_be_visible()
            found[attempt] = violations(stranger.page)

    assert found == {attempt: [] for attempt in range(FAILURES)}
