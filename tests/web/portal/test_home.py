"""What people see first: three figures of their role, and everything that waits for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi_web.analytics.models import MeasuredSnapshot
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.filing.actions import ask_correction
from qiangshi_web.filing.forms import typed
from qiangshi_web.filing.queries import fact_seen
from qiangshi_web.filing.sight import for_asking
from qiangshi_web.identity.actions import grant_role, open_account
from qiangshi_web.identity.demo_cast import CAST
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel import clock
from qiangshi_web.portal.role_figures import FIGURES_OF_ROLES, Ground, clauses_url
from qiangshi_web.portal.worklist import waiting_for
from tests.web.casework.filed import everything

if TYPE_CHECKING:
    from tests.cast import Cast

TODAY = clock.today()


def waits(cast: Cast, who: str) -> dict[str, str]:
    """Address of each line of somebody's worklist → its state."""
    return {line.url: line.state for line in waiting_for(cast.actor(who), TODAY).lines}


def test_every_role_has_three_figures() -> None:
    assert FIGURES_OF_ROLES.keys() == ROLES.keys()
    assert {len(names) for names in FIGURES_OF_ROLES.values()} == {3}


@pytest.mark.parametrize("part", CAST, ids=lambda part: part.role + "-" + part.username)
def test_home_shows_three_figures_and_the_work(cast: Cast, part: object) -> None:
    username = part.username  # type: ignore[attr-defined] # a Part

    page = cast.signed_in(username).get("/").content.decode()

    assert page.count('class="panel figure-box"') == 3
    assert reverse("work") in page


def test_the_count_of_what_is_not_met_leads_to_pages_that_add_up_to_it(cast: Cast) -> None:
    zhao = cast.signed_in("zhao")
    missed = zhao.get("/").context["figures"][0]

    plans = zhao.get(reverse("plans"), {"organisation": cast.region}).context["plans"]

    counted = sum(count for _, rows in plans for key, *_, count in rows if key == "not_met")
    assert missed.value == str(counted)


def test_of_several_plans_the_count_leads_to_all_of_them(cast: Cast) -> None:
    run = MeasuredSnapshot(plan_ids=["bayannur-2023", "jiyuan-2021"])
    top = Organisation.objects.get(pk=cast.region)
    ground = Ground(cast.actor("zhao"), TODAY, waiting_for(cast.actor("zhao"), TODAY), run, top=top)

    alone = replace(ground, run=MeasuredSnapshot(plan_ids=["jiyuan-2021"]))

    assert clauses_url(ground, "not_met").startswith(reverse("plans") + "?")
    assert clauses_url(alone, "not_met").startswith(reverse("plan", args=["jiyuan-2021"]))


def test_what_to_look_at_first_names_the_plan_of_each_clause(cast: Cast) -> None:
    page = cast.signed_in("zhao").get("/").content.decode()

    assert '<span class="path">济源 四(三)</span>' in page
    assert "济源“五年继续教育学时”未达标人数" in page


def test_who_sees_no_figures_is_shown_the_plans_alone(cast: Cast) -> None:
    page = cast.signed_in("li").get(reverse("plans"))

    assert [rows for _, rows in page.context["plans"]] == [[]]


def asked_by_li(cast: Cast) -> str:
    """Li asks that her name be corrected; the address of the request."""
    li = cast.actor("li")
    seen = fact_seen(li, "person", cast.teacher)
    assert seen is not None
    sight = for_asking(seen.sight)
    form = typed(seen.ledger, {"name": "李更正"}, actor=li, sight=sight)
    asked = ask_correction(form, seen, [], reason="户口本如此", actor=li, at=clock.now())
    return reverse("correction", args=[asked.pk])


def test_a_request_waits_for_the_school_and_is_waited_for_by_the_teacher(cast: Cast) -> None:
    request = asked_by_li(cast)

    assert waits(cast, "sun")[request] == "todo"
    assert waits(cast, "li")[request] == "waiting"
    assert request not in waits(cast, "zhou")


def test_a_case_waits_for_whoever_is_asked_and_in_no_other_unit(cast: Cast) -> None:
    case = reverse("case", args=[everything(cast)["case"]])
    states = {who: waits(cast, who).get(case) for who in ("li", "sun", "qian", "zhou")}

    assert states["li"] == "todo"
    assert states["sun"] == states["qian"] == "waiting"
    assert states["zhou"] is None


def test_a_file_that_waits_is_work_for_the_school_that_handed_it_in(cast: Cast) -> None:
    file = reverse("import", args=[cast.file])

    assert waits(cast, "zhou").get(file) is None


def test_counts_tell_of_what_the_first_lines_leave_out(cast: Cast) -> None:
    everything(cast)
    asked_by_li(cast)
    qian = cast.actor("qian")

    whole, first = waiting_for(qian, TODAY), waiting_for(qian, TODAY, most=1)

    assert first.counts == whole.counts
    assert len(first.lines) == 1
    assert first.lines[0] == whole.lines[0]


def test_the_list_keeps_to_the_state_asked_for(cast: Cast) -> None:
    request = asked_by_li(cast)
    client = cast.signed_in("li")

    waiting = client.get(reverse("work"), {"state": "waiting"}).content.decode()
    todo = client.get(reverse("work"), {"state": "todo"}).content.decode()

    assert request in waiting
    assert request not in todo


def test_who_came_since_the_snapshot_finds_a_home_without_standards(cast: Cast) -> None:
    newcomer = open_account(username="xin", name="新老师", password="kq7m-32xd-mmpa-9vte")
    newcomer.person_id = "PNEW"
    newcomer.save()
    grant_role(user=newcomer, role="teacher", organisation_id=cast.school, valid_from=TODAY)

    assert cast.signed_in("xin").get("/").status_code == 200
