"""A borrowed sight: with a reason, for a while, for looking only, known to whose it is, logged."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from qiangshi_web.contexts.training.models import TrainingEntry
from qiangshi_web.desk.models import Draft, Notice
from qiangshi_web.identity.actions import grant_role, open_account
from qiangshi_web.identity.models import BorrowedSight, User
from qiangshi_web.identity.sight.actions import borrow_sight
from qiangshi_web.identity.sight.queries import sight_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import APART, Area, Level
from qiangshi_web.kernel.events import Event
from tests.web.rights.places import own_places
from tests.web.rights.test_matrix import outcome, routes

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client
    from pytest_django import Settings

    from tests.cast import Cast

NOW = datetime(2025, 12, 31, 9, tzinfo=UTC)
TODAY = NOW.date()
BEGUN = {"to": "qian", "reason": "答疑：名册不显示"}


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The instant, to be moved on."""
    now = [NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def xu(cast: Cast, moment: list[datetime]) -> Client:
    """The system administrator, who looks with Qian's sight."""
    client = cast.signed_in("xu")
    assert client.post(reverse("sights"), BEGUN)["Location"] == "/"
    return client


def log_of(verb: str) -> list[Event]:
    return list(Event.objects.filter(relation="sight", verb=verb))


def test_it_shows_what_the_other_sees_under_a_banner_and_logs_each_page(
    cast: Cast, xu: Client
) -> None:
    assert cast.signed_in("xu").get(reverse("roster")).status_code == 403

    page = xu.get(reverse("roster")).content.decode()

    assert "代看中：以钱主任的岗位视角查看" in page
    assert xu.get(reverse("person", args=[cast.teacher])).status_code == 200
    assert xu.get(reverse("organisation", args=[cast.other_unit])).status_code == 404
    begun, looks = log_of("borrow"), log_of("look")
    assert [(one.actor, one.reason) for one in begun] == [("许系统", BEGUN["reason"])]
    assert [one.after for one in looks][:1] == [{"page": reverse("roster")}]


def test_nothing_is_written_and_nothing_taken_away(cast: Cast, xu: Client) -> None:
    entries, drafts = TrainingEntry.objects.count(), Draft.objects.count()
    add = reverse("add-to-person", args=[cast.teacher, "training_entry"])

    answers = [
        xu.post(add, {"completed_on": "2025-01-01", "hours": "2", "is_recognised": "true"}),
        xu.get(reverse("roster"), {"people.format": "xlsx"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (TrainingEntry.objects.count(), Draft.objects.count()) == (entries, drafts)


def test_it_ends_by_itself(cast: Cast, xu: Client, moment: list[datetime]) -> None:
    minutes = timedelta(minutes=15)
    moment[0] = NOW + minutes - timedelta(seconds=1)
    assert xu.get(reverse("roster")).status_code == 200

    moment[0] = NOW + minutes

    assert xu.get(reverse("roster")).status_code == 403
    assert BorrowedSight.objects.get().ended_at == NOW + minutes
    assert len(log_of("return")) == 1


def test_whose_sight_it_is_is_told_and_may_end_it(cast: Cast, xu: Client) -> None:
    qian = cast.signed_in("qian")
    assert BEGUN["reason"] in Notice.objects.get(user__username="qian").said
    assert "许系统" in qian.get(reverse("account")).content.decode()
    sight = BorrowedSight.objects.get()
    assert cast.signed_in("sun").post(reverse("end-sight", args=[sight.pk])).status_code == 404

    qian.post(reverse("end-sight", args=[sight.pk]))

    assert xu.get(reverse("roster")).status_code == 403
    assert [(one.actor, one.reason) for one in log_of("return")] == [("钱主任", "被代看人终止")]


def test_who_borrowed_gives_it_back(cast: Cast, xu: Client) -> None:
    xu.post(reverse("return-sight"))

    assert xu.get(reverse("roster")).status_code == 403
    assert xu.get(reverse("sights")).status_code == 200
    assert log_of("return")[0].actor == "许系统"


@pytest.mark.parametrize(
    ("who", "ground"),
    [
        ("xu", "不能代看本人"),
        ("he", "不能代看系统、安全、审计管理员"),
        ("lv", "不能代看系统、安全、审计管理员"),
        ("wei", "经办敏感信息"),
        ("shen", "经办敏感信息"),
        ("zhu", "评审专家"),
        ("li", "没有可以代看的岗位"),
    ],
)
def test_some_sights_are_not_lent(cast: Cast, who: str, ground: str) -> None:
    seen = User.objects.get(username=who)

    with pytest.raises(ValidationError, match=ground):
        borrow_sight(seen, reason="答疑", actor=cast.actor("xu"), on=TODAY, at=NOW)


def test_there_is_none_without_a_reason_or_where_it_is_switched_off(
    cast: Cast, settings: Settings
) -> None:
    seen, xu = User.objects.get(username="qian"), cast.actor("xu")
    with pytest.raises(ValidationError, match="事由必填"):
        borrow_sight(seen, reason=" ", actor=xu, on=TODAY, at=NOW)

    settings.QIANGSHI_SIGHT_MINUTES = 0
    with pytest.raises(ValidationError, match="没有开放代看"):
        borrow_sight(seen, reason="答疑", actor=xu, on=TODAY, at=NOW)


def test_an_administrator_of_another_county_finds_no_such_account(cast: Cast) -> None:
    user = open_account(username="gu", name="顾系统", password="kq7m-32xd-mmpa-9vte")
    grant_role(user=user, role="system_administrator", organisation_id=cast.other_unit,
               valid_from=TODAY)  # fmt: skip
    client = cast.signed_in("gu")

    answers = [client.post(reverse("sights"), {**BEGUN, "to": who}) for who in ("qian", "zhou")]

    assert [answer.status_code for answer in answers] == [404, 302]
    assert cast.signed_in("zheng").post(reverse("sights"), BEGUN).status_code == 403


@pytest.mark.parametrize("who", ["zheng", "sun", "qian", "zhao"])
def test_what_is_kept_apart_is_never_lent(cast: Cast, who: str) -> None:
    sight = sight_of(cast.actor("xu"), User.objects.get(username=who), TODAY)

    assert sight.reach(Area.FIGURES) == cast.actor(who).reach(Area.FIGURES)
    assert not any(sight.may_see(area) for area in (*APART, Area.OWN, Area.ACCOUNTS))
    assert not any(sight.may(area, level) for area in Area for level in Level if level != "see")
    assert (sight.person_id, sight.name, sight.seen_as != "") == ("", "许系统", True)


def opens(client: Client, address: str) -> bool:
    """Whether a page answers with anything but a refusal."""
    response: HttpResponse = client.get(address)  # type: ignore[assignment] # is one
    return outcome(response) != "refused"


_AS_ONESELF = {"return-sight", "sign-out", "account_logout", "language"}


@pytest.mark.filterwarnings("ignore")
def test_on_no_route_does_it_open_more_than_its_owner_may_see(cast: Cast, xu: Client) -> None:
    places = own_places(cast)
    qian = cast.signed_in("qian")
    xu.raise_request_exception = qian.raise_request_exception = False
    found = []
    logging.disable(logging.CRITICAL)
    for route in routes():
        address = route.address(places)
        if route.name in _AS_ONESELF:
            continue
        if xu.post(address).status_code not in {403, 404, 405, 415}:
            found.append(f"post {address}")
        if opens(xu, address) and not opens(qian, address):
            found.append(f"get {address}")
    logging.disable(logging.NOTSET)

    assert found == []
    assert BorrowedSight.objects.get().ended_at is None
