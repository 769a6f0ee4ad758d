"""Who reaches which page: the cast against every page.

The right role opens it; the wrong role is refused (403); the right role in another unit finds
nothing (404); without signing in one is sent to the door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import URLPattern, reverse

from qiangshi_web.kernel.rights import REQUIRED, right_of
from qiangshi_web.urls import urlpatterns
from tests.web.casework.filed import REGISTRATION, SECONDMENT, everything

if TYPE_CHECKING:
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"
OPEN, DOOR, REFUSED, NOTHING, ELSEWHERE, SENT_ONLY = 200, 302, 403, 404, 302, 405

# Page, its place, and what zhao, qian, sun, li, zhou and nobody get there.
MATRIX = [
    ("home", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("plans", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("plan", (PLAN,), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("boards", (), (ELSEWHERE, ELSEWHERE, ELSEWHERE, REFUSED, ELSEWHERE, DOOR)),
    ("board", ("region",), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("board", ("unit",), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("board", ("other_unit",), (OPEN, NOTHING, NOTHING, REFUSED, OPEN, DOOR)),
    ("board", ("school",), (ELSEWHERE, ELSEWHERE, ELSEWHERE, REFUSED, NOTHING, DOOR)),
    ("group-board", ("region",), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("group-board", ("unit",), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("group", ("group",), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("group-item", (PLAN, HOURS, "group"), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("organisations", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("organisation", ("region",), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("organisation", ("unit",), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("organisation", ("school",), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("item", (PLAN, HOURS, "region"), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("item", (PLAN, HOURS, "unit"), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("item", (PLAN, HOURS, "school"), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("distribution", (PLAN, HOURS, "region"), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("comparisons", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("organisation-comparison", ("unit",), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("balances", (), (ELSEWHERE, ELSEWHERE, ELSEWHERE, REFUSED, ELSEWHERE, DOOR)),
    ("balance", ("region",), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("balance", ("unit",), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("what-ifs", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("what-if", (PLAN, HOURS, "region"), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("what-if", (PLAN, HOURS, "unit"), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("what-if", (PLAN, HOURS, "school"), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("scenarios", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("scenario", ("no-such-link",), (NOTHING, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("scenario-comparison", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("policies", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("policy", (PLAN,), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("policy-item", (PLAN, HOURS), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("policy-comparison", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("imports", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("exports", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("export", ("honour", "csv"), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("exported", ("none",), (NOTHING, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("import", ("file",), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("import-act", ("file",), (SENT_ONLY, SENT_ONLY, SENT_ONLY, REFUSED, SENT_ONLY, DOOR)),
    ("import-result", ("file",), (NOTHING, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("identity-question", ("file", "0"), (NOTHING, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("qualities", (), (ELSEWHERE, ELSEWHERE, ELSEWHERE, REFUSED, ELSEWHERE, DOOR)),
    ("quality", ("region",), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("quality", ("unit",), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("quality", ("school",), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("quality-problems", ("region",), (OPEN, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("quality-problems", ("school",), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("jobs", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("job", ("job",), (OPEN, OPEN, NOTHING, NOTHING, NOTHING, DOOR)),
    ("job-cancel", ("job",), (SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, DOOR)),
    ("job-run-again", ("job",), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("job-run-now", (), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("cases", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("case-types", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("case-type", (REGISTRATION,), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("case-flow", (REGISTRATION,), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("case-new", (REGISTRATION,), (NOTHING, NOTHING, NOTHING, OPEN, NOTHING, DOOR)),
    ("case-new", (SECONDMENT,), (NOTHING, NOTHING, OPEN, NOTHING, NOTHING, DOOR)),
    ("case", ("case",), (OPEN, OPEN, OPEN, OPEN, NOTHING, DOOR)),
    ("case-decision", ("case", "decision"), (OPEN, OPEN, OPEN, OPEN, NOTHING, DOOR)),
    ("case-document", ("case", "document"), (OPEN, OPEN, OPEN, OPEN, NOTHING, DOOR)),
    ("rounds", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("round", ("round",), (OPEN, OPEN, OPEN, OPEN, NOTHING, DOOR)),
    ("half-year", (), (REFUSED, REFUSED, OPEN, REFUSED, REFUSED, DOOR)),
    ("log", (), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("opened", (), (REFUSED, REFUSED, REFUSED, OPEN, REFUSED, DOOR)),
    ("person", ("teacher",), (OPEN, OPEN, OPEN, OPEN, NOTHING, DOOR)),
    ("numbers", ("teacher",), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("fact", ("person", "teacher"), (OPEN, OPEN, OPEN, OPEN, NOTHING, DOOR)),
    ("edit-fact", ("correct", "person", "teacher"), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("add-to-person", ("teacher", "honour"), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("add-to-organisation", ("school", "mechanism"), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("check-field", ("training_entry", "hours"), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("suggest", ("organisation", "organisation_id"), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("ask-correction", ("person", "teacher"), (REFUSED, REFUSED, REFUSED, OPEN, REFUSED, DOOR)),
    ("organisation-file", ("unit",), (OPEN, OPEN, NOTHING, REFUSED, NOTHING, DOOR)),
    ("organisation-file", ("school",), (OPEN, OPEN, OPEN, REFUSED, NOTHING, DOOR)),
    ("kept-file", ("person", "teacher"), (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, DOOR)),
    ("roster", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("duplicates", (), (OPEN, OPEN, OPEN, REFUSED, OPEN, DOOR)),
    ("duplicate", ("1",), (NOTHING, NOTHING, NOTHING, REFUSED, NOTHING, DOOR)),
    ("corrections", (), (OPEN, OPEN, OPEN, OPEN, OPEN, DOOR)),
    ("correction", ("1",), (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, DOOR)),
    ("evidence", ("1", "1"), (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, DOOR)),
    ("own-information", (), (REFUSED, REFUSED, REFUSED, OPEN, REFUSED, DOOR)),
    ("own-copy", (), (SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, DOOR)),
    ("own-copied", ("none", "xlsx"), (REFUSED, REFUSED, REFUSED, NOTHING, REFUSED, DOOR)),
    ("end-consent", ("none",), (SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, DOOR)),
    ("publication", (PLAN, "region"), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("measure-again", (), (SENT_ONLY, SENT_ONLY, SENT_ONLY, REFUSED, SENT_ONLY, DOOR)),
    ("grants", (), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("new-grant", (), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("grant-choices", ("role",), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("grant", ("1",), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("end-grant", ("1",), (SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, SENT_ONLY, DOOR)),
    ("sights", (), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
    ("locks", (), (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOOR)),
]
FILED = {"case", "decision", "document", "round"}  # made for the test that names one
WHO = ("zhao", "qian", "sun", "li", "zhou", "nobody")
CASES = [
    (page, place, who, status)
    for page, place, statuses in MATRIX
    for who, status in zip(WHO, statuses, strict=True)
]


@pytest.mark.parametrize(
    ("page", "place", "who", "status"), CASES, ids=lambda part: str(part).replace(" ", "")
)
def test_a_page_opens_to_the_right_role_in_its_own_unit_only(
    cast: Cast, page: str, place: tuple[str, ...], who: str, status: int
) -> None:
    filed = everything(cast) if FILED & {*place} else {}
    address = reverse(page, args=[filed.get(part, getattr(cast, part, part)) for part in place])

    response = cast.signed_in(who).get(address)

    assert response.status_code == status
    if who == "nobody":
        assert response["Location"].startswith(reverse("sign-in"))


def test_no_page_is_missing_from_the_matrix() -> None:
    guarded = {name.rpartition(".")[2] for name in REQUIRED}
    walked = {page for page, _, _ in MATRIX}
    open_to_all = {"sign-in", "sign-out", "language", "enter-demo", "verify"}
    open_to_all |= {"ethics-report", "ethics-receipt", "exposures"}
    own = {
        p.name
        for p in urlpatterns
        if isinstance(p, URLPattern) and (right := right_of(p.callback)) and not right.areas
    }

    assert {p.name for p in urlpatterns if isinstance(p, URLPattern)} | {
        "sign-in"
    } == walked | open_to_all | own
    assert len(REQUIRED) == len(walked), sorted(guarded)


@pytest.mark.parametrize("who", ["zhao", "qian", "sun", "li", "zhou"])
def test_what_is_not_there_answers_as_what_one_may_not_see(cast: Cast, who: str) -> None:
    client = cast.signed_in(who)

    missing = [
        reverse("person", args=["P9999999"]),
        reverse("plan", args=["no-such-plan"]),
        "/no/such/page/",
    ]

    assert {client.get(address).status_code for address in missing} == {404}


def test_a_teacher_sees_no_colleague(cast: Cast, colleague: str) -> None:
    response = cast.signed_in("li").get(reverse("person", args=[colleague]))

    assert response.status_code == 404


def test_a_choice_of_another_unit_in_the_address_finds_nothing(cast: Cast) -> None:
    address = reverse("plan", args=[PLAN])

    response = cast.signed_in("qian").get(address, {"organisation": cast.other_unit})

    assert response.status_code == 404


def test_a_search_for_an_organisation_stays_within_the_scope(cast: Cast) -> None:
    address = reverse("organisations")

    own = cast.signed_in("qian").get(address, {"name": "中心校"}).content.decode()
    everything = cast.signed_in("zhao").get(address, {"name": "中心校"}).content.decode()

    assert reverse("organisation", args=[cast.unit]) in own
    assert reverse("organisation", args=[cast.other_unit]) not in own
    assert reverse("organisation", args=[cast.other_unit]) in everything


def test_an_exported_board_holds_the_scope_only(cast: Cast) -> None:
    address = reverse("board", args=[cast.region])

    response = cast.signed_in("qian").get(address, {"board.format": "xlsx"})

    assert response.status_code == 404


def test_figures_without_the_right_to_people_name_nobody(cast: Cast, colleague: str) -> None:
    feng = cast.signed_in("feng")  # a teaching researcher: figures of the region, no people
    item = reverse("item", args=[PLAN, HOURS, cast.school])
    pages = [item, f"{item}?by=people", reverse("organisation", args=[cast.school])]

    answers = [feng.get(address) for address in pages]
    answers.append(feng.get(item, {"people.format": "xlsx"}))

    assert {answer.status_code for answer in answers} == {200}
    assert "名单须有查看教职工档案的权限" in answers[0].content.decode()
    shown = b"".join(answer.content for answer in answers).decode()
    assert not any(reverse("person", args=[one]) in shown for one in (cast.teacher, colleague))
