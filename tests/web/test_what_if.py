"""The what-if page and scenarios: figures move, are exact, and stay within everybody's scope."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.measure import Scenario, what_if
from qiangshi.measure.what_if_changes import PlanSwap, ValueChange
from qiangshi_web.analytics.actions import save_scenario
from qiangshi_web.analytics.models import MeasuredSnapshot, SavedScenario
from qiangshi_web.analytics.plans import plan, vocabulary
from qiangshi_web.contexts.organisations.models import Organisation
from qiangshi_web.kernel.models import Event

if TYPE_CHECKING:
    from django.test import Client

    from qiangshi.measure import Snapshot
    from qiangshi.measure.what_if_changes import Change
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
AT = datetime(2025, 12, 31, tzinfo=UTC)
REQUIRED = "value.values.required"


def address(organisation: str) -> str:
    return reverse("what-if", args=[PLAN, HOURS, organisation])


def hours(to: float) -> ValueChange:
    return ValueChange(plan=PLAN, item=HOURS, at="values.required", to=to)


def shown(page: str, name: str) -> int:
    found = re.search(rf'id="{name}">([\d,]+)<', page)
    assert found, name
    return int(found[1].replace(",", ""))


def saved(cast: Cast, who: str, organisation: str, *changes: Change) -> SavedScenario:
    return save_scenario(
        Scenario(name="降到三百", changes=changes or (hours(300),)),
        organisation=Organisation.objects.get(pk=organisation),
        actor=cast.actor(who),
        at=AT,
    )


@pytest.mark.django_db
def test_the_page_shows_what_measuring_the_changed_plan_tells(
    cast: Cast, snapshot: Snapshot
) -> None:
    (shift,) = what_if([plan(PLAN)], [hours(420)], snapshot, vocabulary=vocabulary()).at(
        cast.region
    )

    page = cast.signed_in("zhao").get(address(cast.region), {REQUIRED: "420"}).content.decode()

    assert shift.newly_short
    assert (shown(page, "newly-short"), shown(page, "newly-met")) == (shift.newly_short, 0)
    assert page.count("<small>人</small>") == 3


@pytest.mark.django_db
def test_a_dragged_slider_gets_the_answer_alone_with_the_time_it_took(cast: Cast) -> None:
    response = cast.signed_in("zhao").get(
        address(cast.region),
        {REQUIRED: "300"},
        headers={"HX-Request": "true", "HX-Target": "answer"},
    )

    page = response.content.decode()
    assert "<html" not in page
    assert shown(page, "newly-met") > 0
    assert response["Server-Timing"].startswith("compute;dur=")


@pytest.mark.django_db
def test_a_school_names_those_who_newly_fall_short(cast: Cast) -> None:
    page = cast.signed_in("sun").get(address(cast.school), {REQUIRED: "600"}).content.decode()

    names = re.search(r'<ul class="names">(.*?)</ul>', page, re.DOTALL)
    assert names
    assert names[1].count("<li>") == shown(page, "newly-short")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"population": "shoe_size > 1"}, "shoe_size"),
        ({"population": "staff_class = "}, "role=\"alert\""),
        ({REQUIRED: "many"}, "id=\"newly-short\">0<"),
        ({REQUIRED: "1e99"}, "id=\"newly-short\">0<"),
        ({"window.hours": "year"}, "id=\"after\""),
        ({"population": "staff_class = 'clerk'"}, "id=\"after\""),
    ],
)  # fmt: skip
def test_what_is_asked_is_answered_or_refused_in_words(
    cast: Cast, query: dict[str, str], words: str
) -> None:
    response = cast.signed_in("zhao").get(address(cast.unit), query)

    assert response.status_code == 200
    assert words in response.content.decode()


@pytest.mark.django_db
def test_a_scenario_is_saved_with_an_event_and_found_again(cast: Cast) -> None:
    client = cast.signed_in("zhao")

    response = client.post(address(cast.region), {REQUIRED: "300", "name": "降到三百"})

    kept = SavedScenario.objects.get()
    assert response["Location"] == reverse("scenario", args=[kept.token])
    assert kept.changes == [hours(300).model_dump(mode="json")]
    event = Event.objects.get(relation="scenario", key=kept.token)
    assert (event.verb, event.actor) == ("record", cast.actor("zhao").name)
    page = client.get(response["Location"]).content.decode()
    assert "360 学时 改为 300 学时" in page
    assert "降到三百" in client.get(reverse("scenarios")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"), [("zhao", 200), ("qian", 200), ("sun", 200), ("zhou", 404), ("li", 403)]
)
def test_a_link_opens_up_and_down_the_branch_and_nowhere_else(
    cast: Cast, who: str, status: int
) -> None:
    link = reverse("scenario", args=[saved(cast, "qian", cast.unit).token])

    assert cast.signed_in(who).get(link).status_code == status


@pytest.mark.django_db
def test_whoever_opens_a_link_sees_their_own_area_only(cast: Cast) -> None:
    link = reverse("scenario", args=[saved(cast, "zhao", cast.region).token])
    other = Organisation.objects.get(pk=cast.other_unit).name

    own = cast.signed_in("qian").get(link).content.decode()
    response = cast.signed_in("qian").get(link, {"organisation": cast.other_unit})

    assert other not in own
    assert response.status_code == 404


@pytest.mark.django_db
def test_only_its_maker_deletes_a_scenario(cast: Cast) -> None:
    link = reverse("scenario", args=[saved(cast, "qian", cast.unit).token])

    cast.signed_in("zhao").post(link)
    assert SavedScenario.objects.count() == 1
    cast.signed_in("qian").post(link)

    assert SavedScenario.objects.count() == 0
    assert Event.objects.filter(relation="scenario", verb="withdraw").count() == 1


@pytest.mark.django_db
def test_scenarios_stand_side_by_side_and_another_branch_stays_out(cast: Cast) -> None:
    one, other = saved(cast, "zhao", cast.region), saved(cast, "zhou", cast.other_unit)
    link = reverse("scenario-comparison")

    page = cast.signed_in("zhao").get(link, {"with": [one.token, other.token]}).content.decode()
    refused = cast.signed_in("qian").get(link, {"with": [other.token]})

    assert page.count("降到三百") >= 2
    assert refused.status_code == 404


@pytest.mark.django_db
def test_a_scenario_that_no_longer_fits_says_why(cast: Cast) -> None:
    kept = saved(cast, "zhao", cast.region, PlanSwap(plan="gone-1999"))

    def page(client: Client) -> str:
        return client.get(reverse("scenario", args=[kept.token])).content.decode()

    assert "没有参与测算的方案 gone-1999" in page(cast.signed_in("zhao"))


@pytest.mark.django_db
def test_a_plan_takes_the_place_of_another_though_both_are_measured(cast: Cast) -> None:
    MeasuredSnapshot.objects.update(plan_ids=["bayannur-2023", PLAN])
    zhao, asked = cast.signed_in("zhao"), {"plan": PLAN, "swap": "bayannur-2023"}

    link = zhao.post(reverse("what-ifs"), {**asked, "name": "换一个"})["Location"]
    tokens = [link.split("/")[2], saved(cast, "zhao", cast.region).token]
    named = {f"{table}.name": "班主任年度学时" for table in ("items", "compared")}
    answers = [
        zhao.get(reverse("what-ifs"), {**asked, **named}),
        zhao.get(link, named),
        zhao.get(reverse("scenario-comparison"), {**named, "with": tokens}),
    ]

    for shown in (answer.content.decode() for answer in answers):
        assert "班主任年度学时（巴彦淖尔市 二(三)）" in shown
        assert "符合条件 1 行" in shown
    assert "换为" in answers[1].content.decode()
    whole = zhao.get(reverse("what-ifs"), asked).content.decode()
    assert "（巴彦淖尔市 " in whole.split("<tbody>")[1].split("</tr>")[0], "what comes stands first"
    assert "改动后　<strong>巴彦淖尔市" in whole


@pytest.mark.django_db
def test_a_whole_plan_is_swapped_for_another_and_kept(cast: Cast) -> None:
    client = cast.signed_in("sun")
    asked = {"plan": PLAN, "swap": "beijing-teacher-education-2018"}

    page = client.get(reverse("what-ifs"), asked).content.decode()
    response = client.post(reverse("what-ifs"), {**asked, "name": "换一个"})

    assert "不测算" in page
    swap = PlanSwap(plan=PLAN, to="beijing-teacher-education-2018")
    assert SavedScenario.objects.get().changes == [swap.model_dump(mode="json")]
    assert client.get(response["Location"]).status_code == 200
