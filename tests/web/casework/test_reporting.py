"""The public's way in and out: reports, receipts, cases shown, and the half-yearly report."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from qiangshi.casework.grounds import Refused
from qiangshi.periods import Period
from qiangshi_web.casework.actions import open_case, tick
from qiangshi_web.casework.models import Case
from qiangshi_web.contexts.ethics.half_year import half_before, report_half_year
from qiangshi_web.contexts.ethics.models import ExposureItem, HalfYearReport, Receipt
from qiangshi_web.contexts.ethics.queries import published, state_of_report
from qiangshi_web.kernel.told import Said
from tests.web.casework.conduct import (
    FOUND,
    REPORT,
    REPORTER,
    accepted,
    begun,
    decided,
    name_of,
    reported,
    told,
)
from tests.web.casework.filed import AT, TODAY, move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cast import Cast

PUBLICATION = "ethics.case-publication"


@pytest.fixture(autouse=True)
def nobody_asked_yet(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def form(cast: Cast, **changes: Any) -> dict[str, str]:
    values = told(cast, **changes).items()
    return {f"payload-{name}": value or "" for name, value in values}


def test_anybody_reports_without_signing_in_and_asks_by_the_code(cast: Cast) -> None:
    answer = Client().post(reverse("ethics-report"), form(cast))

    code = answer.content.decode().partition('id="code">')[2].partition("<")[0]
    case = Case.objects.get(type_key=REPORT)
    assert (case.organisation_id, case.opened_by_id) == (cast.unit, None)
    asked = Client().post(reverse("ethics-receipt"), {"code": code.lower()}).content.decode()
    assert "已收到，正在研判" in asked
    wrong = Client().post(reverse("ethics-receipt"), {"code": "AAAA"}).content.decode()
    assert "没有这个回执码" in wrong


def test_who_is_signed_in_reports_unseen_too(cast: Cast) -> None:
    cast.signed_in("li").post(reverse("ethics-report"), form(cast))

    case = Case.objects.get(type_key=REPORT)
    assert case.opened_by_id is None
    assert Receipt.objects.get(case=case).contact is None
    assert cast.signed_in("li").get(reverse("case", args=[case.pk])).status_code == 404


def test_a_report_with_faults_keeps_what_was_written(cast: Cast) -> None:
    answer = Client().post(reverse("ethics-report"), form(cast, kind=""))

    assert answer.status_code == 422
    assert "“反映问题”未填写" in answer.content.decode()
    assert "我家孩子" in answer.content.decode()
    assert not Case.objects.filter(type_key=REPORT).exists()


def test_one_sender_reports_so_often_an_hour_and_others_go_on(cast: Cast) -> None:
    filled = form(cast)
    statuses = [Client().post(reverse("ethics-report"), filled).status_code for _ in range(6)]
    other = Client(REMOTE_ADDR="10.9.9.9").post(reverse("ethics-report"), filled)

    assert statuses == [200] * 5 + [429]
    assert other.status_code == 200


def test_the_reporter_learns_how_it_ended_and_no_more(cast: Cast) -> None:
    report, _ = reported(cast)
    states = [state_of_report(report)]
    case = accepted(cast, report)
    report.refresh_from_db()
    states.append(state_of_report(report))
    decided(cast, case)
    states.append(state_of_report(report))

    assert states == ["triage", "inquiry", "handled"]


def publication(cast: Cast, case: Case, **changes: Any) -> Case:
    payload = {
        "number": case.pk,
        "kind": FOUND["kind"],
        "text": "某小学一名教师假期有偿补课，受到处理。",
        "shown_until": "2026-03-31",
    } | changes
    return open_case(
        PUBLICATION, actor=cast.actor("jin"), on=TODAY, at=AT, payload=payload,
        organisation_id=cast.unit,
    )  # fmt: skip


def test_a_case_is_shown_without_a_name_after_a_second_person_signed(cast: Cast) -> None:
    case = begun(cast)
    decided(cast, case)
    shown = publication(cast, case)
    move(cast, shown, "jin", "submit")
    move(cast, shown, "zheng", "sign")

    page = Client().get(reverse("exposures")).content.decode()
    assert "假期有偿补课" in page
    assert name_of(cast.teacher) not in page
    item = ExposureItem.objects.get(pk=f"case-{case.pk}-{shown.pk}")
    assert item.is_deidentified is True

    tick(on=date(2026, 4, 1), at=AT)
    item.refresh_from_db()
    assert item.withdrawn_on == date(2026, 4, 1)
    assert all(one.pk != item.pk for one, _ in published(date(2026, 4, 2)))


def test_every_trace_of_a_person_stands_against_showing_it(cast: Cast) -> None:
    case = accepted(cast, reported(cast, contact=REPORTER)[0])
    shown = publication(cast, case, number=case.pk)
    with pytest.raises(Refused, match="没有该号的已备案处理"):
        move(cast, shown, "jin", "submit")
    decided(cast, case)
    text = f"{name_of(cast.teacher)}（{cast.teacher}），电话13800000000，由钱多多反映"

    with pytest.raises(Refused) as refused:
        move(cast, publication(cast, case, text=text, shown_until="2027-12-31"), "jin", "submit")

    grounds = "".join(ground.text for ground in refused.value.grounds)
    for trace in ("当事人姓名", "教师编号", "五位以上数字", "举报人", "最长6个月"):
        assert trace in grounds


def test_a_case_of_another_county_cannot_be_shown_here(cast: Cast) -> None:
    case = begun(cast)
    decided(cast, case)
    there = open_case(
        PUBLICATION, actor=cast.actor("tao"), on=TODAY, at=AT, organisation_id=cast.other_unit,
        payload={
            "number": case.pk, "kind": FOUND["kind"], "text": "某", "shown_until": "2026-01-31",
        },
    )  # fmt: skip

    with pytest.raises(Refused, match="没有该号"):
        move(cast, there, "tao", "submit")


def test_what_was_annulled_is_taken_down(cast: Cast) -> None:
    case = begun(cast)
    decided(cast, case)
    shown = publication(cast, case)
    move(cast, shown, "jin", "submit")
    move(cast, shown, "zheng", "sign")
    move(cast, case, "li", "appeal", verb="appeal", reason="不实")

    move(cast, case, "wei", "annul", reason="证据不足")

    assert ExposureItem.objects.get(pk=f"case-{case.pk}-{shown.pk}").withdrawn_on == TODAY


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2026, 1, 1), date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 6, 30), date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 7, 1), date(2026, 1, 1), date(2026, 6, 30)),
    ],
)
def test_a_half_year_is_reported_once_it_is_over(on: date, first: date, last: date) -> None:
    assert half_before(on) == Period(first, last)


def test_the_half_yearly_report_counts_kinds_and_organisations_and_names_nobody(
    cast: Cast,
) -> None:
    report, _ = reported(cast)
    decided(cast, accepted(cast, report))

    def progress(stage: str, done: int = 0, whole: int = 0) -> None:
        pass

    told_first = report_half_year.work(progress, on=str(TODAY + timedelta(days=1)))
    again = report_half_year.work(progress, on=str(TODAY + timedelta(days=2)))

    kept = HalfYearReport.objects.get(organisation_id=cast.unit)
    assert isinstance(told_first, Said)
    assert told_first.words == "{count} 个单位"
    assert again == ""
    rows = [row for row in kept.rows if row["kind"] == "paid_tutoring"]
    assert sum(row.get("received", 0) for row in rows) >= 1
    assert sum(row.get("sanction-warning", 0) for row in rows) >= 1
    assert name_of(cast.teacher) not in str(kept.rows)
    assert not HalfYearReport.objects.filter(organisation_id=cast.school).exists()


def test_the_report_is_a_sheet_too_and_counted_anew_as_a_job(cast: Cast) -> None:
    half = half_before(TODAY)
    rows = [{"organisation": "甲校", "kind": "gifts", "received": 2, "sanction-warning": 1}]
    HalfYearReport.objects.create(
        organisation_id=cast.unit, starts_on=half.first, ends_on=half.last, made_at=AT,
        made_by="系统", rows=rows,
    )  # fmt: skip
    jin = cast.signed_in("jin")
    page = jin.get(reverse("half-year"))
    sheet = jin.get(reverse("half-year"), {"half.format": "xlsx"})

    assert "收到线索 2 件" in page.content.decode()
    cells = [
        str(cell.value) for row in load_workbook(BytesIO(sheet.content)).active for cell in row
    ]
    assert "甲校" in cells
    assert "收受礼品礼金" in cells
    ordered = jin.post(reverse("half-year"))
    assert ordered.headers["Location"].startswith("/jobs/")
    assert cast.signed_in("tao").get(reverse("half-year")).context["report"] is None
