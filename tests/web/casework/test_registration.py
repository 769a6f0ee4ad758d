"""Periodic registration from the teacher's desk to the record, and back on appeal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.casework import jsonform
from qiangshi.casework.grounds import Refused
from qiangshi.casework.standing import rebuilt
from qiangshi_web.casework.actions import act_on_many, open_case, open_for, tick
from qiangshi_web.casework.models import Ask, Case, Decision
from qiangshi_web.casework.queries import asked_of, standing_of, visible_to
from qiangshi_web.contexts.qualification.models import Registration
from qiangshi_web.desk.models import Notice
from tests.web.casework.filed import (
    AT,
    REGISTRATION,
    TODAY,
    move,
    registration,
    to_county,
    unit_round,
)

if TYPE_CHECKING:
    from tests.cast import Cast


def test_who_lacks_hours_cannot_pass_and_is_told_every_ground_with_its_cure(cast: Cast) -> None:
    case = to_county(cast, registration(cast))

    with pytest.raises(Refused) as refused:
        move(cast, case, "zhao", "pass", reason="材料齐全")

    hours = next(ground for ground in refused.value.grounds if "学时" in ground.text)
    assert "360" in hours.text
    assert hours.clause == "济源 四(三)"
    assert hours.cure.startswith("再取得")


def test_a_deferral_rests_on_what_is_lacking_and_is_recorded(cast: Cast) -> None:
    case = to_county(cast, registration(cast))

    move(cast, case, "zhao", "defer", reason="学时不足")

    recorded = Registration.objects.get(person_id=cast.teacher, decided_on=TODAY)
    assert (recorded.conclusion, recorded.valid_to) == ("deferred", None)
    last = case.events.last()
    assert last is not None
    assert any(found["verdict"] is False for found in last.body["findings"])
    paper = Decision.objects.get(case=case)
    assert paper.outcome == "暂缓注册"
    assert len(paper.code) == 16


def test_nobody_fails_without_a_ground(cast: Cast) -> None:
    case = to_county(cast, registration(cast))

    with pytest.raises(Refused, match="没有可作"):
        move(cast, case, "zhao", "fail", reason="不合格")


def test_a_case_sent_back_returns_to_whoever_sent_it(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "return", reason="证书号码不符")

    move(cast, case, "sun", "endorse")

    case.refresh_from_db()
    assert case.place == "county"


def test_the_second_of_two_reviewers_is_told(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    seen = standing_of(case).events
    move(cast, case, "zhao", "defer", reason="学时不足", saw=seen)

    with pytest.raises(Refused, match="已由他人办理"):
        move(cast, case, "zhao", "return", reason="再核", saw=seen)

    assert Case.objects.get(pk=case.pk).place == "deferred"


def test_an_appeal_brings_the_case_before_a_reviewer_and_withdraws_the_paper(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "defer", reason="学时不足")

    move(cast, case, "li", "appeal", verb="appeal", reason="学时已于上月补录")

    case.refresh_from_db()
    assert case.place == "review"
    assert Decision.objects.get(case=case).withdrawn_on == TODAY


def test_an_appeal_after_its_days_is_refused_with_the_clause(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "defer", reason="学时不足")

    with pytest.raises(Refused) as refused:
        move(cast, case, "li", "appeal", verb="appeal", reason="迟", on=date(2026, 3, 2))

    assert "届满" in refused.value.grounds[0].text
    assert "办理规程" in refused.value.grounds[0].clause


def test_reopening_takes_the_record_back(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "defer", reason="学时不足")

    move(cast, case, "zhao", "reopen", verb="reopen", reason="误用旧台账")

    assert not Registration.objects.filter(person_id=cast.teacher, decided_on=TODAY).exists()


def test_the_other_unit_sees_and_does_nothing(cast: Cast) -> None:
    case = registration(cast)
    move(cast, case, "li", "submit")

    with pytest.raises(Refused):
        move(cast, case, "zhou", "endorse")

    assert not visible_to(cast.actor("zhou")).filter(pk=case.pk).exists()
    assert not asked_of(cast.actor("zhou")).filter(case=case).exists()


def test_a_late_case_is_told_once_however_often_the_day_passes(cast: Cast) -> None:
    case = registration(cast)
    move(cast, case, "li", "submit")
    late = TODAY + timedelta(days=40)

    first, second = tick(on=late, at=AT), tick(on=late, at=AT)

    assert (first["escalated"], second["escalated"]) == (1, 0)
    told = Notice.objects.filter(
        link=reverse("case", args=[case.pk]), text__contains="请督办"
    ).values_list("user__username")
    assert [*told] == [("qian",)]


def test_what_is_stored_is_what_the_events_tell(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "suspend", verb="suspend", reason="等待学时认定")
    move(cast, case, "zhao", "resume", verb="resume", reason="已认定", on=TODAY + timedelta(9))
    case.refresh_from_db()

    assert rebuilt(jsonform.event(one.body) for one in case.events.all()) == standing_of(case)


def test_a_teacher_has_one_open_registration(cast: Cast) -> None:
    registration(cast)

    with pytest.raises(Refused, match="已有在办"):
        registration(cast)


def test_a_round_begins_cases_for_those_who_are_due(cast: Cast, colleague: str) -> None:
    round_ = unit_round(cast)

    opened, refused = open_for(
        round_,
        {cast.teacher: {}, colleague: {}},
        actor=cast.actor("qian"),
        on=TODAY,
        at=AT,
    )

    assert (len(opened), refused) == (2, {})
    assert {case.round_id for case in opened} == {round_.pk}


def test_many_at_once_stand_or_fall_by_themselves(cast: Cast, colleague: str) -> None:
    round_ = unit_round(cast)
    qian = cast.actor("qian")
    opened, _ = open_for(round_, {cast.teacher: {}, colleague: {}}, actor=qian, on=TODAY, at=AT)
    ready, early = opened
    move(cast, ready, "li", "submit")

    results = act_on_many(
        {ready.pk: "齐全", early.pk: "齐全"},
        key="endorse",
        actor=cast.actor("sun"),
        on=TODAY,
        at=AT,
    )

    assert results[ready.pk] is None
    assert isinstance(results[early.pk], Refused)


def test_a_principal_cannot_begin_what_is_the_teachers(cast: Cast) -> None:
    with pytest.raises(Refused, match="申请人"):
        open_case(
            REGISTRATION,
            actor=cast.actor("sun"),
            on=TODAY,
            at=AT,
            payload={},
            person_id=cast.teacher,
        )


def test_a_case_asks_only_those_whose_turn_it_is(cast: Cast) -> None:
    case = registration(cast)
    move(cast, case, "li", "submit")

    assert [*Ask.objects.filter(case=case).values_list("role")] == [("principal",)]
    assert asked_of(cast.actor("sun")).filter(case=case).exists()
    assert not asked_of(cast.actor("qian")).filter(case=case).exists()


def test_whoever_organises_a_round_may_begin_cases_on_its_page(cast: Cast) -> None:
    page = reverse("round", args=[unit_round(cast).pk])

    assert "为到期人员发起" in cast.signed_in("qian").get(page).content.decode()
    assert "为到期人员发起" not in cast.signed_in("li").get(page).content.decode()
