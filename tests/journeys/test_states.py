"""Every page with nothing on it, every form with faults in it: axe finds nothing there either."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.urls import resolve

from tests.journeys.conftest import NARROW
from tests.journeys.test_accessibility import PLAN, VISITS, faults_at, ids

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.conftest import Demonstration, Door, Places, Visitor

NEWCOMERS = {
    "empty-head": "bureau_officer",
    "empty-teacher": "teacher",
    "empty-root": "system_administrator",
}
PHRASE = "kq7m-32xd-mmpa-9vte"
EMPTY = "9999000001"
FOUND = """
import sys, django; django.setup()
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.actions import hire_person
from qiangshi_web.identity.actions import grant_role, open_account
from qiangshi_web.jobs.working import SYSTEM
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.records import record_many
empty, unit, phrase, *newcomers = sys.argv[1:]
today = clock.today()
told = {"actor": SYSTEM, "at": clock.now(), "source": "新设"}
row = {"organisation_id": empty, "name": "新设学校", "kind": "primary_school", "tier": "school",
       "parent_id": Organisation.objects.get(name=unit).pk}
record_many("organisation", [row], on=today, **told)
hire_person({"person_id": "PNEW", "name": "新教师"},
            {"organisation_id": empty, "staff_class": "teacher"}, on=today, **told)
for username, role in zip(newcomers[::2], newcomers[1::2], strict=True):
    user = open_account(username=username, name="新来的", password=phrase,
                        person_id="PNEW" if role == "teacher" else "")
    grant_role(user=user, role=role, organisation_id=empty, valid_from=today)
"""

# Where there is nothing yet; {empty} is a school that opened today.
NOTHING = [
    (
        "empty-head",
        [
            "/",
            "/work/",
            "/find/?q=zzzz",
            "/plans/",
            PLAN,
            "/board/{empty}/",
            "/board/{empty}/groups/",
            "/compare/",
            "/compare/{empty}/",
            "/balance/{empty}/",
            "/what-if/",
            "/scenarios/",
            "/organisations/",
            "/organisations/{empty}/",
            "/organisations/{empty}/file/",
            "/roster/",
            "/duplicates/",
            "/corrections/",
            "/exchange/",
            "/quality/{empty}/",
            "/quality/{empty}/problems/",
            "/cases/",
            "/rounds/",
            "/notices/",
            "/tokens/",
            "/account/",
            "/rights/",
        ],
    ),
    ("empty-teacher", ["/", "/people/PNEW/", "/own/", "/opened/"]),
    ("empty-root", ["/jobs/", "/sights/", "/locks/"]),
]
# Pages that say what plans, forms or rules say, whoever looks, or that are about one thing which is
# there or is not, or only lead on; and the log and the grants, which are never empty.
SAY_THE_SAME = {
    "sign-in", "verify", "ethics-report", "ethics-receipt", "exposures", "policies", "policy",
    "policy-comparison", "policy-item", "item", "job", "import", "exports", "add-to-organisation",
    "add-to-person", "fact", "edit-fact", "ask-correction", "what-if", "case-types", "case-type",
    "personal-information", "half-year", "log", "numbers", "boards", "grants", "grant", "new-grant",
    "publication", "group", "group-item", "second-factor",
}  # fmt: skip

# Who leaves or types what wrong where: fields of the page's own form, by their names.
FAULTS: list[tuple[str, str, dict[str, str]]] = [
    ("", "/sign-in/", {"username": "zhao", "password": "wrong"}),
    ("", "/verify/", {}),
    ("", "/report/", {}),
    ("", "/report/receipt/", {"code": "XXXX"}),
    ("zhao", "{teacher}add/training_entry/", {}),
    ("zhao", "/edit/correct/person/{person}/", {"born_on": "?", "reason": ""}),
    ("zhao", "/organisations/{school}/add/mechanism/", {}),
    ("zhao", "/exchange/", {}),
    ("zhao", "/tokens/", {}),
    ("zhao", "/notices/", {"address": "nowhere"}),
    ("zhao", "/rights/", {}),
    ("zhao", "/plans/none/", {}),
    ("han", "{teacher}numbers/", {}),
    ("li", "/ask/person/{person}/", {}),
    ("li", "/cases/new/people.data-erasure/", {}),
    ("li", "/board/", {}),
]


@pytest.fixture(scope="session")
def newcomers(demonstration: Demonstration, places: Places) -> None:
    """A school without anybody's records, and accounts there."""
    told = [part for pair in NEWCOMERS.items() for part in pair]
    command = [sys.executable, "-c", FOUND, EMPTY, places.other_unit, PHRASE, *told]
    subprocess.run(command, env=demonstration.environment, check=True)


@pytest.mark.parametrize("who", [who for who, _ in NOTHING])
@pytest.mark.usefixtures("newcomers")
def test_axe_finds_nothing_where_there_is_nothing_yet(door: Door, who: str) -> None:
    found: dict[str, object] = {}
    with door.visitor(width=NARROW) as visitor:
        signed_in(visitor, who)
        for path in (pattern.format(empty=EMPTY) for pattern in dict(NOTHING)[who]):
            status = visitor.go(path)
            if faults := [*([] if status == 200 else [status]), *faults_at(visitor, NARROW)]:
                found[path] = faults

    assert found == {}


def signed_in(visitor: Visitor, who: str) -> None:
    """Through the form, since no card stands at the door for newcomers."""
    visitor.go("/sign-in/")
    visitor.page.get_by_label("账号", exact=True).fill(who)
    visitor.page.get_by_label("密码", exact=True).fill(PHRASE)
    visitor.page.get_by_role("button", name="登录", exact=True).click()


_NAMED = ("region", "unit", "school", "peer", "person", "empty", "group")


def test_no_page_that_may_be_empty_is_left_out() -> None:
    def names(visits: list[tuple[str, list[str]]]) -> set[str | None]:
        places = dict.fromkeys(_NAMED, "1")
        paths = [p.format(**places, teacher="/people/1/") for _, some in visits for p in some]
        return {resolve(path.partition("?")[0]).url_name for path in paths}

    assert names(VISITS) - names(NOTHING) == SAY_THE_SAME


@pytest.mark.parametrize("who", dict.fromkeys(who for who, _, _ in FAULTS))
def test_axe_finds_nothing_where_something_is_wrong(
    door: Door, browser: Browser, places: Places, who: str
) -> None:
    found: dict[str, object] = {}
    with door.visitor("zhao") as officer:
        filled = ids(officer, places)
    with door.visitor(who, width=NARROW) as visitor:
        for _, pattern, typed in (one for one in FAULTS if one[0] == who):
            path = pattern.format(**filled)
            visitor.go(path)
            send(visitor, typed)
            if faults := faults_at(visitor, NARROW):
                found[path] = faults

    assert found == {}


def send(visitor: Visitor, typed: dict[str, str]) -> None:
    """Type into the page's own form and send it, past what the browser itself would hold back."""
    fields = "".join(f":has([name={name}])" for name in typed) or ":not([data-unkept])"
    form = visitor.page.locator(f"main form[method=post]{fields}").first
    if not (typed or form.count()):
        return
    for name, text in typed.items():
        form.locator(f"[name={name}]").fill(text)
    with visitor.page.expect_navigation():
        form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
