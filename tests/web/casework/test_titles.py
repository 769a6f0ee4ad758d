"""Title review: blind, within the posts of the round, with a directed track that takes none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qiangshi.casework.grounds import Refused
from qiangshi.casework.rounds import Calendar, Quota, Ranking
from qiangshi_web.casework.actions import announce_round, draw_panel, open_case, rank_round, tick
from qiangshi_web.casework.queries import standing_of
from qiangshi_web.contexts.evaluation.models import TitleApplication
from qiangshi_web.contexts.people.models import Person, PersonState
from qiangshi_web.contexts.staffing.models import PostAppointment, PostQuota
from qiangshi_web.kernel.records import correct, record
from tests.web.casework.filed import AT, TODAY, move
from tests.web.casework.test_selection import expert
from tests.web.records.factories import TOLD

if TYPE_CHECKING:
    from qiangshi_web.casework.models import Case, Round
    from tests.cast import Cast

TITLES = "evaluation.title-review"


def announced(cast: Cast) -> Round:
    """A round of the bureau's without a single post."""
    return announce_round(
        TITLES,
        label="2026年职称评审",
        organisation_id=cast.region,
        calendar=Calendar(TODAY - timedelta(3), TODAY + timedelta(30)),
        seed="2026-title",
        actor=cast.actor("zhao"),
        at=AT,
        quotas=[Quota(0)],
        rule=Ranking(ties=("中位分",)),
    )


def applied(cast: Cast, round_: Round, *, directed: bool) -> Case:
    claim = {"rank": "first", "is_directed": directed, "teaching": "教学", "results": "成果"}
    case = open_case(
        TITLES,
        actor=cast.actor("li"),
        on=TODAY,
        at=AT,
        payload=claim | {"years": None},
        person_id=cast.teacher,
        round=round_,
    )
    move(cast, case, "li", "submit")
    return move(cast, case, "sun", "recommend")


def ranked(cast: Cast, monkeypatch: pytest.MonkeyPatch, *, directed: bool) -> Case:
    """Judged, closed and ranked; what Li lacks is on record here."""
    from qiangshi_web.casework.actions import act_on

    round_ = announced(cast)
    case = applied(cast, round_, directed=directed)
    with monkeypatch.context() as patch:
        patch.setattr(
            "qiangshi_web.casework.actions.acting.findings",
            lambda _move, files, _on: {file.number: () for file in files},
        )
        move(cast, case, "zhao", "admit", reason="经核")
    draw_panel(case.pk, actor=cast.actor("zhao"), on=TODAY, at=AT)
    case.refresh_from_db()
    schools = set(
        Person.objects.filter(pk__in=[seat.expert for seat in standing_of(case).members])
        .values_list("organisation_id", flat=True)
    )  # fmt: skip
    assert cast.school not in schools
    for seat in standing_of(case).members[:5]:
        act_on(
            case.pk,
            verb="score",
            key=seat.expert,
            actor=expert(seat.expert),
            on=TODAY,
            at=AT,
            detail={"score": 90.0},
        )
    move(cast, case, "zhao", "close", reason="已达法定人数")
    case.refresh_from_db()
    rank_round(round_.pk, actor=cast.actor("zhao"), at=AT)
    return case


def test_who_is_over_the_number_of_posts_does_not_pass(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ranked(cast, monkeypatch, directed=False)

    with pytest.raises(Refused, match="名额已满"):
        move(cast, case, "zhao", "select")
    move(cast, case, "zhao", "leave")

    result = TitleApplication.objects.get(pk__startswith=f"case-{case.pk}-")
    assert (result.outcome, result.rank) == ("failed", "first")


def test_the_directed_track_takes_no_post(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = ranked(cast, monkeypatch, directed=True)
    move(cast, case, "zhao", "select")
    tick(on=TODAY + timedelta(20), at=AT)

    result = TitleApplication.objects.get(pk__startswith=f"case-{case.pk}-")
    assert (result.outcome, result.is_directed) == ("passed", True)


def test_an_appointment_changes_title_and_post_and_a_reopened_case_gives_both_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {"post_appointment_id": "old", "person_id": cast.teacher, "level": "junior"}
    record(PostAppointment, held | {"valid_from": TODAY - timedelta(900)}, **TOLD)
    case = ranked(cast, monkeypatch, directed=True)
    move(cast, case, "zhao", "select")
    day = TODAY + timedelta(20)
    tick(on=day, at=AT)
    before = PersonState.objects.get(person=cast.teacher, valid_to__isnull=False).title_rank
    approved = {"post_quota_id": "q", "organisation_id": cast.school, "level": "intermediate"}
    record(PostQuota, approved | {"year": 2025, "approved": 0}, **TOLD)
    with pytest.raises(Refused, match="本校该等级岗位0个"):
        move(cast, case, "sun", "appoint", on=day)
    correct(PostQuota.objects.get(pk="q"), {"approved": 1}, actor=TOLD["actor"], at=AT, reason="核")

    move(cast, case, "sun", "appoint", on=day)

    posts = PostAppointment.objects.filter(person=cast.teacher).order_by("valid_from")
    assert [(post.level, post.valid_to) for post in posts] == [
        ("junior", day - timedelta(1)),
        ("intermediate", None),
    ]
    state = PersonState.objects.get(person=cast.teacher, valid_to=None)
    assert state.title_rank == "first"

    move(cast, case, "zhao", "reopen", verb="reopen", on=day, reason="名额核算有误")

    (post,) = PostAppointment.objects.filter(person=cast.teacher)
    assert (post.level, post.valid_to) == ("junior", None)
    assert PersonState.objects.get(person=cast.teacher).title_rank == before
    assert not TitleApplication.objects.filter(person=cast.teacher).exists()


def test_nobody_applies_while_no_round_takes_applications_in(cast: Cast) -> None:
    with pytest.raises(Refused, match="没有受理中的批次"):
        open_case(
            TITLES,
            actor=cast.actor("li"),
            on=TODAY,
            at=AT,
            payload={"rank": "first"},
            person_id=cast.teacher,
        )


def test_a_ranking_is_made_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = ranked(cast, monkeypatch, directed=False)

    with pytest.raises(Refused, match="教育局"):
        rank_round(case.round_id or 0, actor=cast.actor("sun"), at=AT)
    with pytest.raises(Refused, match="已排名"):
        rank_round(case.round_id or 0, actor=cast.actor("zhao"), at=AT)


def test_who_lacks_rotation_or_hours_is_told_all_of_it(cast: Cast) -> None:
    case = applied(cast, announced(cast), directed=False)

    with pytest.raises(Refused) as refused:
        move(cast, case, "zhao", "admit", reason="经核")

    assert all(ground.clause and ground.cure for ground in refused.value.grounds)
