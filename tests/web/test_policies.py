"""The plan library: every plan can be read, laid open and compared by whoever may see plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.policy import load_plans
from qiangshi.policy.item_parts import values_of
from qiangshi_web.analytics.policies import name_of_value

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

PLANS = load_plans()
HOURS = "standard:class-hours-five-years"


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("plan_id", sorted(PLANS))
def test_every_demand_of_a_plan_is_read_with_what_carries_it(cast: Cast, plan_id: str) -> None:
    page = text(cast.signed_in("zhao"), reverse("policy", args=[plan_id]))
    assert all(f'id="{provision}"' in page for provision in PLANS[plan_id].provisions)


@pytest.mark.django_db
def test_an_item_shows_its_value_with_its_clause_and_its_examples(cast: Cast) -> None:
    page = text(cast.signed_in("li"), reverse("policy-item", args=["jiyuan-2021", HOURS]))
    assert "360 学时" in page
    assert "四(三)" in page
    assert "只有 359 学时，未达标" in page


@pytest.mark.django_db
def test_what_is_written_for_programs_is_folded_away(cast: Cast) -> None:
    page = text(cast.signed_in("li"), reverse("policy-item", args=["jiyuan-2021", HOURS]))
    read = re.sub(r"<details.*?</details>", "", page[page.index("<main") :], flags=re.DOTALL)
    assert "<code>" in page
    assert "<code>" not in read
    assert "继续教育学时 ≥ 360" in read


@pytest.mark.parametrize("plan_id", sorted(PLANS))
def test_every_value_is_called_by_a_word(plan_id: str) -> None:
    unnamed = [
        (reference, below)
        for reference, item in PLANS[plan_id].items.items()
        for below, value in values_of(item)
        if name_of_value(below, value) is None
    ]
    assert unnamed == []


@pytest.mark.django_db
def test_hours_are_compared_across_plans(cast: Cast) -> None:
    page = text(cast.signed_in("zhao"), reverse("policy-comparison") + "?matter=学时")
    assert "360 学时" in page
    assert "450 学时" in page


@pytest.mark.django_db
def test_the_library_counts_what_runs(cast: Cast) -> None:
    page = text(cast.signed_in("zhao"), reverse("policies"))
    assert all(plan.head.title.zh in page for plan in PLANS.values())
    assert page.count("可测算或办理") == len(PLANS)
    assert "承载" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/policies/nowhere/", "/policies/jiyuan-2021/standard:none/"])
def test_what_no_plan_holds_is_not_found(cast: Cast, address: str) -> None:
    assert cast.signed_in("zhao").get(address).status_code == 404


@pytest.mark.django_db
def test_nobody_reads_plans_without_signing_in(client: Client) -> None:
    response = client.get(reverse("policies"))
    assert response.status_code == 302
    assert "/sign-in/" in response["Location"]
