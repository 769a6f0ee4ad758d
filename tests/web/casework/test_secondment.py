"""Secondment and campus entry: judged before they begin, counted, and ended early."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qiangshi.casework.grounds import Refused
from qiangshi_web.casework.actions import open_case, tick
from qiangshi_web.contexts.burden.models import CampusEntry, SecondmentStay
from tests.web.casework.filed import AT, ENTRY, TODAY, move, secondment

if TYPE_CHECKING:
    from qiangshi_web.casework.models import Case
    from tests.cast import Cast


def lent(cast: Cast, case: Case) -> Case:
    """Through opinions, consent, approval and filing."""
    move(cast, case, "sun", "submit")
    move(cast, case, "li", "teacher", verb="answer", detail={"answer": "agree"})
    move(cast, case, "qian", "unit", verb="answer", detail={"answer": "agree"})
    move(cast, case, "zhao", "consent")
    move(cast, case, "zhao", "approve", reason="党委会议纪要〔2025〕12号")
    return move(cast, case, "zhao", "file")


def test_a_secondment_over_half_a_year_is_refused_before_it_begins(cast: Cast) -> None:
    case = secondment(cast, ends_on="2026-12-31")

    with pytest.raises(Refused) as refused:
        move(cast, case, "sun", "submit")

    assert any("6" in ground.text and ground.clause for ground in refused.value.grounds)


def test_all_grounds_against_a_request_are_told_at_once(cast: Cast) -> None:
    for stay in range(2):
        SecondmentStay.objects.create(
            secondment_stay_id=f"S{stay}",
            person_id=cast.teacher,
            valid_from=date(2025, 9, 1),
            known_from=AT,
        )
    case = secondment(cast, begins_on="2026-06-30", ends_on="2026-01-05")

    with pytest.raises(Refused) as refused:
        move(cast, case, "sun", "submit")

    told = " ".join(ground.text for ground in refused.value.grounds)
    assert "早于" in told
    assert "已借出2人" in told


def test_one_opinion_against_it_ends_it(cast: Cast) -> None:
    case = secondment(cast)
    move(cast, case, "sun", "submit")
    move(cast, case, "li", "teacher", verb="answer", detail={"answer": "agree"})

    move(cast, case, "qian", "unit", verb="answer", detail={"answer": "refuse"}, reason="学科缺人")

    case.refresh_from_db()
    assert case.place == "refused"


def test_a_filed_secondment_is_on_record_and_ends_when_she_comes_back(cast: Cast) -> None:
    case = lent(cast, secondment(cast))
    stay = SecondmentStay.objects.get(pk=f"case-{case.pk}")
    assert (stay.consented_on, stay.filed_on) == (TODAY, TODAY)

    move(cast, case, "sun", "come-back", reason="任务提前结束", on=date(2026, 3, 2))

    stay.refresh_from_db()
    assert stay.valid_to == date(2026, 3, 2)


def test_a_secondment_that_runs_out_ends_by_itself(cast: Cast) -> None:
    case = lent(cast, secondment(cast))

    tick(on=date(2026, 7, 1), at=AT)

    case.refresh_from_db()
    assert case.place == "completed"
    assert SecondmentStay.objects.get(pk=f"case-{case.pk}").valid_to == date(2026, 6, 30)


def test_street_duty_does_not_enter_a_school(cast: Cast) -> None:
    case = open_case(
        ENTRY,
        actor=cast.actor("sun"),
        on=TODAY,
        at=AT,
        payload={
            "initiator": "街道办",
            "kind": "street_duty",
            "content": "路口执勤",
            "enters_on": "2026-03-02",
            "teacher_hours": "4",
        },
        organisation_id=cast.school,
    )
    move(cast, case, "sun", "submit")

    with pytest.raises(Refused) as refused:
        move(cast, case, "zhao", "admit")

    assert len(refused.value.grounds) == 1
    assert not CampusEntry.objects.filter(pk=f"case-{case.pk}").exists()
