"""Misconduct reviewed and appealed: by others than decided, and nobody hears of it besides."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.casework.grounds import Refused
from qiangshi_web.casework.actions import tick
from qiangshi_web.casework.queries import visible_to
from qiangshi_web.contexts.ethics.models import (
    EthicsDecision,
    EthicsReport,
    IntegrityEntry,
)
from qiangshi_web.desk.models import Notice
from qiangshi_web.identity.models import User
from qiangshi_web.kernel.language import in_language
from tests.web.casework.conduct import (
    accepted,
    begun,
    concluded,
    decided,
    name_of,
    reported,
)
from tests.web.casework.filed import AT, move

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_of_a_late_case_only_the_area_of_ethics_is_told_and_no_notice_names_anybody(
    cast: Cast,
) -> None:
    case = begun(cast)
    concluded(cast, case)
    move(cast, case, "li", "accept")
    move(cast, case, "jin", "to-bureau")
    case.refresh_from_db()
    assert case.due is not None

    tick(on=case.due + timedelta(days=1), at=AT)

    notices = Notice.objects.filter(link=reverse("case", args=[case.pk]))
    late = notices.filter(text__contains="请督办").values_list("user__username", flat=True)
    assert set(late) == {"wei", "zheng"}
    assert not any(name_of(cast.teacher) in one.said for one in notices)
    assert any("已逾期，请督办" in one.said for one in notices)
    with in_language("en"):
        told = [one.said for one in notices]
    assert any("is late. Please see to it." in one for one in told)
    assert not any(re.search("[\u4e00-\u9fff]", one) for one in told)


def test_nobody_handles_a_case_against_herself_in_office(cast: Cast) -> None:
    User.objects.filter(username="li").update(person_id="")
    User.objects.filter(username="jin").update(person_id=cast.teacher)
    case = begun(cast, who="wei")

    assert not visible_to(cast.actor("jin")).filter(pk=case.pk).exists()
    assert not Notice.objects.filter(
        link=reverse("case", args=[case.pk]), user__username="jin"
    ).exists()
    with pytest.raises(Refused, match="办理"):
        concluded(cast, case)


def test_review_and_appeal_are_heard_by_others_and_may_annul(cast: Cast) -> None:
    report, _ = reported(cast)
    case = accepted(cast, report)
    decided(cast, case, sanction="circular", barred_months=12)
    move(cast, case, "li", "appeal", verb="appeal", reason="次数不实")
    with pytest.raises(Refused, match="您办理过"):
        move(cast, case, "jin", "uphold", reason="维持")
    move(cast, case, "wei", "uphold", reason="证据充分")
    assert EthicsDecision.objects.get(pk=f"case-{case.pk}").is_appealed is True

    move(cast, case, "li", "appeal", verb="appeal", reason="仍不服")
    move(cast, case, "zheng", "annul", reason="程序有误")

    assert not EthicsDecision.objects.filter(pk=f"case-{case.pk}").exists()
    assert EthicsReport.objects.get(pk=f"case-{report.pk}").is_substantiated is False
    with pytest.raises(Refused, match="已申诉过2次"):
        move(cast, case, "li", "appeal", verb="appeal", reason="再申诉")


def test_who_decided_does_not_hear_the_appeal(cast: Cast) -> None:
    case = begun(cast)
    decided(cast, case)
    move(cast, case, "li", "appeal", verb="appeal", reason="不服")
    move(cast, case, "wei", "uphold", reason="维持")
    move(cast, case, "li", "appeal", verb="appeal", reason="不服")

    with pytest.raises(Refused, match="您办理过“教育局决定”"):
        move(cast, case, "zheng", "uphold", reason="维持")


def test_a_decision_done_anew_leaves_the_record_meanwhile(cast: Cast) -> None:
    case = begun(cast)
    decided(cast, case, is_serious=True)
    move(cast, case, "li", "appeal", verb="appeal", reason="定性不当")

    move(cast, case, "wei", "redo", reason="定性不当")

    case.refresh_from_db()
    assert case.place == "proposal"
    assert not EthicsDecision.objects.filter(pk=f"case-{case.pk}").exists()
    assert not IntegrityEntry.objects.filter(pk=f"case-{case.pk}").exists()
