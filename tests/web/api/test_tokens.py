"""A personal token opens what its owner chose of her own, for its days, and nothing after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from qiangshi_web.api.actions import (
    MOST,
    Wish,
    issue_personal_token,
    open_to_tokens,
    revoke_personal_token,
)
from qiangshi_web.api.queries import PersonalToken
from qiangshi_web.identity.models import User
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import APART
from qiangshi_web.kernel.events import Event

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.cast import Cast

ALL = ("figures", "people", "plans", "records")


def issued(cast: Cast, who: str = "zhao", **wish: Any) -> tuple[PersonalToken, str]:
    actor = cast.actor(who)
    assert actor.main is not None
    told = {"name": "报表", "areas": ALL, "path": actor.main.path,
            "valid_to": clock.today() + timedelta(days=30), **wish}  # fmt: skip
    return issue_personal_token(Wish(**told), actor=actor, on=clock.today(), at=clock.now())


def asked(shown: str, address: str, **data: Any) -> int:
    browser = Client(headers={"authorization": f"Bearer {shown}"})
    answer = browser.post(address, data) if data else browser.get(address)
    return answer.status_code


def test_a_token_opens_its_areas_in_its_part_of_the_tree(cast: Cast) -> None:
    _, shown = issued(cast, areas=("figures",), path=cast.actor("zhao").holdings[0].path)
    _, narrow = issued(cast, "qian")

    assert asked(shown, "/api/v1/figures") == 200
    assert asked(shown, "/api/v1/people") == 403
    assert asked(shown, f"/api/v1/organisations/{cast.other_unit}") == 200
    assert asked(narrow, f"/api/v1/organisations/{cast.other_unit}") == 404
    assert asked(narrow, f"/api/v1/organisations/{cast.unit}") == 200


def test_only_a_writing_token_hands_files_in(cast: Cast, settings: Settings, tmp_path: Any) -> None:
    settings.QIANGSHI_FOLDER = tmp_path
    from django.core.files.uploadedfile import SimpleUploadedFile

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("名单.csv", "教师编号,姓名\n1,甲\n".encode())

    _, reading = issued(cast, "sun")
    _, writing = issued(cast, "sun", may_write=True)

    assert asked(reading, "/api/v1/imports", file=file()) == 403
    assert asked(writing, "/api/v1/imports", file=file(), organisation=cast.other_unit) == 404
    assert asked(writing, "/api/v1/imports", file=file(), organisation=cast.school) == 202
    first = Client(headers={"authorization": f"Bearer {writing}"}).get("/api/v1/imports").json()
    assert [line["name"] for line in first["items"]] == ["名单.csv"]


def test_a_session_hands_nothing_in_without_the_forms_own_mark(cast: Cast) -> None:
    browser = cast.signed_in("sun")
    browser.handler.enforce_csrf_checks = True

    assert browser.post("/api/v1/imports", {"organisation": cast.school}).status_code == 403


def test_a_token_ends_with_its_days_its_owner_and_its_taking_back(
    cast: Cast, settings: Settings
) -> None:
    token, shown = issued(cast)
    today = clock.today()

    assert asked(shown, "/api/v1/me") == 200
    token.refresh_from_db()
    assert token.used_on == today
    for days, expected in ((30, 200), (31, 401)):
        settings.QIANGSHI_TODAY = today + timedelta(days=days)
        assert asked(shown, "/api/v1/me") == expected
    settings.QIANGSHI_TODAY = today

    User.objects.filter(username="zhao").update(is_active=False)
    assert asked(shown, "/api/v1/me") == 401
    User.objects.filter(username="zhao").update(is_active=True)
    revoke_personal_token(token, actor=cast.actor("zhao"), at=clock.now())
    assert asked(shown, "/api/v1/me") == 401
    verbs = Event.objects.filter(relation="personal-token").values_list("verb", flat=True)
    assert list(verbs) == ["issue-token", "revoke-token"]


@pytest.mark.parametrize("shown", ["", "qs_", "qs_nothing", "x" * 400, "qs_\u00e9"])
def test_whoever_shows_no_token_of_ours_is_not_known(db: None, shown: str) -> None:
    assert asked(shown, "/api/v1/me") == 401


def test_what_is_kept_apart_is_not_open_to_tokens(cast: Cast) -> None:
    assert not {*open_to_tokens(cast.actor("zhao"))} & APART

    with pytest.raises(ValidationError) as refused:
        issued(
            cast,
            name=" ",
            areas=("identity",),
            path="elsewhere/",
            valid_to=clock.today() + timedelta(days=366),
        )
    assert len(refused.value.messages) == 4
    assert PersonalToken.objects.count() == 0


def test_nobody_holds_more_tokens_than_she_can_look_after(cast: Cast) -> None:
    for number in range(MOST):
        issued(cast, name=f"{number}")

    with pytest.raises(ValidationError, match=f"至多{MOST}个"):
        issued(cast)


def test_a_token_is_shown_once_and_taken_back_by_its_owner_alone(cast: Cast) -> None:
    browser = cast.signed_in("qian")
    form = {"name": "夜间报表", "areas": ["figures"], "valid_to": "2026-03-01",
            "path": cast.actor("qian").holdings[0].path}  # fmt: skip

    made = browser.post("/tokens/", form)
    shown = made.content.decode().partition('value="qs_')[2].partition('"')[0]
    token = PersonalToken.objects.get()
    assert made["Cache-Control"] == "no-store"
    assert asked(f"qs_{shown}", "/api/v1/figures") == 200
    assert shown not in browser.get("/tokens/").content.decode()
    assert shown not in str(list(Event.objects.values_list("after", flat=True)))

    revoke = f"/tokens/{token.pk}/revoke/"
    assert cast.signed_in("zhou").post(revoke).status_code == 404
    assert browser.post(revoke).status_code == 302
    assert asked(f"qs_{shown}", "/api/v1/figures") == 401
    assert browser.post("/tokens/", {**form, "name": ""}).status_code == 422
