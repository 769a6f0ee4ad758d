"""Programs read what their owners see on pages, part by part, and nothing besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis import Phase as HypothesisPhase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qiangshi_web.wsgi import application
from tests.web.api.test_tokens import issued
from tests.web.casework.filed import everything

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

EXAMPLES = 25  # for each operation


def read(browser: Client, address: str) -> Any:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()


def whole(browser: Client, address: str, limit: int) -> list[dict[str, Any]]:
    """A list, part by part."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        joint = "&" if "?" in address else "?"
        part = read(browser, f"{address}{joint}limit={limit}{after}")
        assert len(part["items"]) <= limit
        found += part["items"]
        if part["next"] is None:
            return found
        after = f"&after={part['next']}"


def test_parts_make_up_the_whole_without_gap_or_repetition(cast: Cast) -> None:
    browser = cast.signed_in("qian")

    for name, key in (("organisations", "organisation_id"), ("people", "person_id")):
        parts = [line[key] for line in whole(browser, f"/api/v1/{name}", 7)]
        assert parts == [line[key] for line in whole(browser, f"/api/v1/{name}", 500)]
        assert len(parts) == len(set(parts)) > 7


def test_the_right_role_in_another_unit_reads_other_lines(cast: Cast) -> None:
    qian, zhou = cast.signed_in("qian"), cast.signed_in("zhou")

    for name, key in (("organisations", "organisation_id"), ("people", "person_id")):
        mine, theirs = (
            {line[key] for line in whole(browser, f"/api/v1/{name}", 500)}
            for browser in (qian, zhou)
        )
        assert mine
        assert theirs
        assert not mine & theirs
    assert zhou.get(f"/api/v1/people/{cast.teacher}").status_code == 404
    assert zhou.get(f"/api/v1/figures?organisation={cast.unit}").json()["items"] == []


def test_a_figure_is_found_by_its_clause_as_the_page_shows_it(cast: Cast) -> None:
    browser = cast.signed_in("qian")
    item = "standard:class-hours-five-years"
    (figure,) = read(
        browser, f"/api/v1/figures?plan=jiyuan-2021&item={item}&organisation={cast.unit}"
    )["items"]

    by_clause = read(browser, f"/api/v1/figures?plan=jiyuan-2021&clause={figure['clause']}")
    assert figure in by_clause["items"]
    assert figure["status"] in {"met", "not_met", "unknown"}
    assert figure["low"] <= figure["high"]


def test_a_plan_is_read_with_its_clauses(cast: Cast) -> None:
    browser = cast.signed_in("li")

    heads = {head["id"]: head for head in read(browser, "/api/v1/plans")}
    plan = read(browser, "/api/v1/plans/jiyuan-2021")
    assert len(plan["outline"]) == heads["jiyuan-2021"]["clauses"]
    assert sum(len(one["items"]) for one in plan["outline"]) == plan["items"]
    assert sum(len(one["demands"]) for one in plan["outline"]) == plan["provisions"]


def test_the_worklist_is_the_pages_own(cast: Cast) -> None:
    everything(cast)
    found = whole(cast.signed_in("qian"), "/api/v1/cases", 1)

    assert found
    assert {line["state"] for line in found} <= {"todo", "overdue", "waiting"}


@pytest.mark.parametrize("name", ["organisations", "people", "figures", "cases", "imports"])
def test_a_list_asks_the_database_as_often_for_many_as_for_one(
    cast: Cast, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = cast.signed_in("zhao")
    for limit in (1, 100):
        with django_assert_max_num_queries(9):
            read(browser, f"/api/v1/{name}?limit={limit}")


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(HypothesisPhase.explicit, HypothesisPhase.generate),
)
def test_whatever_is_asked_is_answered_as_described(
    case: schemathesis.Case[Any], bearer: dict[str, str]
) -> None:
    answer = case.call_and_validate(headers=bearer, checks=CHECKS)

    assert answer.status_code < 500


@pytest.fixture
def bearer(cast: Cast) -> Iterator[dict[str, str]]:
    """A writing token of the bureau's officer, for requests within the test's transaction."""
    _, shown = issued(cast, may_write=True)
    ends = request_started, request_finished
    for end in ends:
        end.disconnect(close_old_connections)
    yield {"Authorization": f"Bearer {shown}"}
    for end in ends:
        end.connect(close_old_connections)
