"""The directory of accounts, as platforms see and keep it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.test.client import ClientHandler
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from qiangshi_web.identity.actions import change_account, grant_role, open_account
from qiangshi_web.identity.models import User
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.events import Event
from qiangshi_web.signon.actions import follow_accounts, issue_token

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2025, 12, 31, 9, tzinfo=UTC)
DAY = date(2025, 12, 31)
PHRASE = "kq7m-32xd-mmpa-9vte"


class Platform:
    """What a platform with a token gets."""

    def __init__(self, organisation: str, power: str = "read", name: str = "研修平台") -> None:
        _, self.token = issue_token(
            name=name, power=power, organisation_id=organisation, actor=NOBODY, at=AT
        )

    def get(self, path: str, **asked: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return Client().get(f"/scim/v2/{path}", asked, headers=headers)

    def send(self, method: str, path: str, content: object) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return Client().generic(
            method,
            f"/scim/v2/{path}",
            json.dumps(content),
            "application/scim+json",
            headers=headers,
        )


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The application inside this test's transaction."""
    response: Any = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


def names(answer: Any) -> set[str]:
    return {found.get("userName") or found["displayName"] for found in answer.json()["Resources"]}


def test_the_whole_protocol_is_spoken(cast: Cast) -> None:
    follow_accounts(on=DAY, at=AT)
    keeper = Platform(cast.region, "keep")
    client = WSGISCIMClient(
        application,
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {keeper.token}"},
    )

    results = check_server(client)

    wrong = [f"{r.title}: {r.reason}" for r in results if r.status is not Status.SUCCESS]
    assert wrong == []
    assert len(results) > 100


def test_a_reader_of_one_county_sees_its_accounts_only(cast: Cast) -> None:
    follow_accounts(on=DAY, at=AT)

    own = names(Platform(cast.unit).get("Users"))
    everything = names(Platform(cast.region, name="全区").get("Users"))

    assert "qian" in own
    assert "zhou" not in own
    assert {"qian", "zhou"} <= everything


def test_an_entry_of_another_county_is_not_there(cast: Cast) -> None:
    follow_accounts(on=DAY, at=AT)
    everything = Platform(cast.region, name="全区").get("Users", filter='userName eq "zhou"')
    zhou = everything.json()["Resources"][0]["id"]

    assert Platform(cast.unit).get(f"Users/{zhou}").status_code == 404


def test_a_reading_token_changes_nothing(cast: Cast) -> None:
    answer = Platform(cast.region).send("POST", "Users", {"userName": "new"})

    assert answer.status_code == 403
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_a_token_there_is_no_directory(token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    assert Client().get("/scim/v2/Users", headers=headers).status_code == 401


def test_joiners_and_leavers_show_and_following_twice_changes_nothing(cast: Cast) -> None:
    platform = Platform(cast.region)
    follow_accounts(on=DAY, at=AT)
    wu = open_account(username="wu", name="吴校长", password=PHRASE)
    grant_role(user=wu, role="principal", organisation_id=cast.school, valid_from=DAY)

    changed = follow_accounts(on=DAY, at=AT)
    again = follow_accounts(on=DAY, at=AT)
    joined = platform.get("Users", filter='userName eq "wu"').json()["Resources"][0]
    change_account(wu, username="wu", name="吴校长", is_active=False)
    left = platform.get("Users", filter='userName eq "wu"').json()["Resources"][0]

    assert (changed, again) == (2, 0)  # her entry, and the group of principals of her school
    assert (joined["active"], left["active"]) == (True, False)


def test_a_group_holds_who_has_the_role_at_the_place(cast: Cast) -> None:
    follow_accounts(on=DAY, at=AT)

    groups = Platform(cast.unit).get("Groups").json()["Resources"]

    officers = [g for g in groups if any(m["display"] == "qian" for m in g["members"])]
    assert len(officers) == 1
    assert "zhou" not in {m["display"] for g in groups for m in g["members"]}


def test_a_personnel_system_opens_an_account_that_may_do_nothing(cast: Cast) -> None:
    keeper = Platform(cast.region, "keep")

    made = keeper.send("POST", "Users", {"userName": "new", "displayName": "新同事"})

    user = User.objects.get(username="new")
    assert made.status_code == 201
    assert not user.grants.exists()
    assert not user.has_usable_password()
    assert Event.objects.filter(relation="directory-entry", verb="keep-entry").count() == 1


def test_a_personnel_system_that_deletes_an_account_closes_it(cast: Cast) -> None:
    keeper = Platform(cast.region, "keep")
    made = keeper.send("POST", "Users", {"userName": "new"}).json()

    gone = keeper.send("DELETE", f"Users/{made['id']}", {})

    assert gone.status_code == 204
    closed = User.objects.filter(username__startswith="new~")
    assert [user.is_active for user in closed] == [False]


def test_paging_asks_a_constant_number_of_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    follow_accounts(on=DAY, at=AT)
    platform = Platform(cast.region)

    with django_assert_max_num_queries(6):
        answer = platform.get("Users", count="3")

    assert len(answer.json()["Resources"]) == 3
