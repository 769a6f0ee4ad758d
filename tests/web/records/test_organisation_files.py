"""An organisation's file: its periods, its mergers, and every ledger about it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from qiangshi_web.contexts.ethics.models import EthicsReport
from qiangshi_web.contexts.organisations.actions import (
    change_organisation,
    join_group,
    merge_organisations,
)
from qiangshi_web.contexts.organisations.models import Mechanism, Organisation
from qiangshi_web.contexts.pay.models import FinanceYear
from qiangshi_web.filing.ledgers import ledgers
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.records import record
from qiangshi_web.kernel.registry import vocabulary
from tests.web.records.factories import CLERK

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

AT = datetime(2025, 12, 31, 6, tzinfo=UTC)
BY: Any = {"actor": CLERK, "at": AT, "reason": "区划调整"}
TOLD: Any = {"actor": CLERK, "at": AT, "source": "测试"}
ON = date(2025, 12, 31)


def parts(cast: Cast, who: str, organisation: str) -> dict[str, Any]:
    page = cast.signed_in(who).get(reverse("organisation-file", args=[organisation]))
    return {panel.ledger: panel for part in page.context["parts"] for panel in part.panels}


def test_a_renamed_school_shows_both_its_names(cast: Cast) -> None:
    before = Organisation.objects.get(pk=cast.school).name
    change_organisation(cast.school, {"name": "实验小学"}, on=ON, **BY)
    join_group(cast.school, group_name="第一学区", group_kind="school_district", on=ON, **BY)
    found = parts(cast, "sun", cast.school)
    names = [text for row in found["organisation_state"].rows for text in row.texts]
    assert "实验小学" in names or before in names
    assert "第一学区" in found["organisation_membership"].rows[0].texts


def test_a_merged_school_leads_to_its_successor(cast: Cast) -> None:
    unit = Organisation.objects.get(pk=cast.unit)
    others = Organisation.objects.filter(parent=unit).exclude(pk=cast.school)
    gone = others.order_by("place").first()
    assert gone is not None
    merge_organisations([gone.pk], cast.school, on=date(2026, 1, 10), **BY)
    client = cast.signed_in("zhao")
    page = client.get(reverse("organisation-file", args=[cast.school]))
    told = [(one.words, one.organisation.pk) for one in page.context["successions"]]
    assert told == [("并入本单位", gone.pk)]


def test_ethics_reports_and_funds_stay_with_who_may_see_them(cast: Cast) -> None:
    report = {"organisation_id": cast.school, "received_on": ON, "source": "parent"}
    record(EthicsReport, report, **TOLD)
    record(FinanceYear, {"organisation_id": cast.school, "year": 1999}, **TOLD)
    found = parts(cast, "zhao", cast.school)
    assert "ethics_report" not in found
    assert "finance_year" in found
    assert {ledgers()[name].area for name in ("ethics_report", "ethics_appraisal")} == {Area.ETHICS}


def test_a_file_takes_as_many_queries_however_full_it_is(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.signed_in("sun")
    url = reverse("organisation-file", args=[cast.school])
    known = ledgers()["mechanism"].shape.columns
    row = {"organisation_id": cast.school}
    for name in ("kind", "topic"):
        row[name] = vocabulary().codes[known[name].codes or ""].tokens[0]
    record(Mechanism, {**row, "valid_from": ON}, **TOLD)
    client.get(url)
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for day in range(1, 20):
        record(Mechanism, {**row, "valid_from": date(2024, 1, day)}, **TOLD)
    with django_assert_max_num_queries(len(few)):
        page = client.get(url)
    panel = next(p for part in page.context["parts"] for p in part.panels if p.total == 20)
    assert len(panel.rows) == 12
