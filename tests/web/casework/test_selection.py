"""Backbones: nominated within the school's number, scored blind, ranked, made public, conferred."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi.casework.grounds import Refused
from qiangshi.casework.rounds import Calendar, Quota, Ranking
from qiangshi_web.casework.actions import act_on, announce_round, draw_panel, open_case, tick
from qiangshi_web.casework.models import Ask, Round
from qiangshi_web.casework.queries import standing_of
from qiangshi_web.contexts.people.models import Person
from qiangshi_web.contexts.programmes.models import Recognition, TalentTitle
from qiangshi_web.identity.queries import User
from qiangshi_web.kernel.actors import Actor, Area, Holding
from qiangshi_web.kernel.records import record
from tests.web.casework.filed import AT, TODAY, move
from tests.web.records.factories import TOLD

if TYPE_CHECKING:
    from qiangshi_web.casework.models import Case
    from tests.cast import Cast

PHRASE = "kq7m-32xd-mmpa-9vte"
SELECTION = "programmes.backbone-selection"
WORK = {
    "kind": "backbone",
    "level": "county",
    "teaching": "连续五年任教毕业年级",
    "results": "课题一项",
    "opinion": "同意推荐李老师",
}


def announced(cast: Cast, *, most: int = 1) -> Round:
    """A round of the bureau's with one place for Sun's school."""
    return announce_round(
        SELECTION,
        label="2026年骨干教师遴选",
        organisation_id=cast.region,
        calendar=Calendar(TODAY - timedelta(3), TODAY + timedelta(30)),
        seed="2026-backbone",
        actor=cast.actor("zhao"),
        at=AT,
        quotas=[Quota(most), Quota(1, region=cast.school)],
        rule=Ranking(ties=("中位分",)),
    )


def put_forward(cast: Cast, round_: Round, person: str) -> Case:
    return open_case(
        SELECTION,
        actor=cast.actor("sun"),
        on=TODAY,
        at=AT,
        payload=WORK,
        person_id=person,
        round=round_,
    )


@pytest.fixture
def own_judge(cast: Cast) -> str:
    """A colleague of Li's on the register of judges, with a title above the one judged."""
    from qiangshi_web.identity.actions import grant_role, open_account

    own = Person.objects.filter(organisation_id=cast.school).exclude(pk=cast.teacher)
    person = own.exclude(pk=cast.actor("ma").person_id).order_by("pk")[0].pk
    title = {"person_id": person, "valid_from": TODAY - timedelta(900)}
    record(TalentTitle, title | {"kind": "special_grade", "level": "province"}, **TOLD)
    account = open_account(username="own", name="评委", password=PHRASE, person_id=person)
    grant_role(user=account, role="expert", organisation_id=cast.region, valid_from=TODAY)
    return str(person)


def expert(person: str) -> Actor:
    """An expert behind an account, with no office."""
    own = Holding("teacher", "教师", "x", "x", "x/", frozenset({Area.PLANS, Area.OWN}))
    return Actor(user_id=None, name=f"专家{person}", person_id=person, holdings=(own,))


def judged(cast: Cast, case: Case, *, score: float) -> Case:
    """Admitted on a standard that the tests' region may lack, seated, scored and closed."""
    draw_panel(case.pk, actor=cast.actor("zhao"), on=TODAY, at=AT)
    case.refresh_from_db()
    for seat in standing_of(case).members:
        act_on(
            case.pk,
            verb="score",
            key=seat.expert,
            actor=expert(seat.expert),
            on=TODAY,
            at=AT,
            detail={"score": score},
        )
    return move(cast, case, "zhao", "close", reason="已达法定人数")


def admitted(cast: Cast, round_: Round, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Li lacks hours; here the record says that she has them."""
    case = put_forward(cast, round_, cast.teacher)
    move(cast, case, "sun", "submit")
    with monkeypatch.context() as patch:
        patch.setattr("qiangshi_web.casework.actions.acting.findings", lambda m, f, on: {
            file.number: () for file in f
        })  # fmt: skip
        return move(cast, case, "zhao", "admit", reason="经核")


def test_a_school_puts_forward_no_more_than_its_number(cast: Cast, colleague: str) -> None:
    round_ = announced(cast)
    move(cast, put_forward(cast, round_, colleague), "sun", "submit")

    with pytest.raises(Refused, match="本校已推荐1人，名额1人"):
        move(cast, put_forward(cast, round_, cast.teacher), "sun", "submit")


def test_who_lacks_hours_is_not_admitted_and_told_why(cast: Cast) -> None:
    case = put_forward(cast, announced(cast), cast.teacher)
    move(cast, case, "sun", "submit")

    with pytest.raises(Refused, match="360"):
        move(cast, case, "zhao", "admit", reason="经核")


def test_from_blind_scores_to_the_title(
    cast: Cast, own_judge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = announced(cast)
    case = judged(cast, admitted(cast, round_, monkeypatch), score=88)
    assert own_judge not in {seat.expert for seat in standing_of(case).members}
    with pytest.raises(Refused, match="尚未排名"):
        move(cast, case, "zhao", "select")

    ranked = cast.signed_in("zhao").post(
        reverse("round", args=[round_.pk]), {"verb": "rank"}, follow=True
    )
    assert "入围" in ranked.content.decode()
    move(cast, case, "zhao", "select")
    tick(on=TODAY + timedelta(20), at=AT)

    (title,) = TalentTitle.objects.filter(pk__startswith=f"case-{case.pk}-")
    assert (title.kind, title.level) == ("backbone", "county")
    assert Recognition.objects.filter(pk=title.pk).exists()

    move(cast, case, "zhao", "reopen", verb="reopen", on=TODAY + timedelta(21), reason="材料有误")
    assert not TalentTitle.objects.filter(person_id=cast.teacher).exists()
    assert not Recognition.objects.filter(pk=title.pk).exists()


def test_experts_do_not_learn_whom_they_judge_nor_the_school_who_judged(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = admitted(cast, announced(cast), monkeypatch)
    draw_panel(case.pk, actor=cast.actor("zhao"), on=TODAY, at=AT)
    case.refresh_from_db()
    seated = standing_of(case).members[0].expert
    account = User.objects.get(person_id=seated)

    shown = cast.signed_in(account.username).get(reverse("case", args=[case.pk])).content.decode()
    told = cast.signed_in("sun").get(reverse("case", args=[case.pk])).content.decode()

    assert case.person is not None
    assert WORK["teaching"] in shown
    assert case.person.name not in shown
    assert WORK["opinion"] not in shown
    assert not any(seat.expert in told for seat in standing_of(case).members)
    assert Ask.objects.filter(case=case, role="expert").count() == 5


def test_a_panel_drawn_again_from_its_seed_is_the_same(
    cast: Cast, own_judge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiangshi.casework.drawing import draw

    case = admitted(cast, announced(cast), monkeypatch)
    draw_panel(case.pk, actor=cast.actor("zhao"), on=TODAY, at=AT)

    event = case.events.get(verb="seat").body["detail"]
    again = draw(event["pool"], 5, seed=event["seed"], purpose=event["purpose"])
    assert list(again.taken) == event["experts"]
    assert event["excluded"][own_judge] == "同一学校"
    assert event["seed"] == "2026-backbone"


def test_who_steps_back_is_replaced_by_the_next_lot(
    cast: Cast, own_judge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiangshi.casework.drawing import draw

    case = admitted(cast, announced(cast), monkeypatch)
    draw_panel(case.pk, actor=cast.actor("zhao"), on=TODAY, at=AT)
    first = case.events.get(verb="seat").body["detail"]
    leaves, *stay = first["experts"]
    told = {"verb": "recuse", "key": leaves, "on": TODAY, "at": AT, "reason": "曾为同事"}
    act_on(case.pk, actor=expert(leaves), **told)

    page = reverse("case", args=[case.pk])
    form = {"verb": "replace", "key": leaves, "reason": "回避后补"}
    assert cast.signed_in("zhao").post(page, form).status_code == 302

    case.refresh_from_db()
    six = draw(first["pool"], 6, seed=first["seed"], purpose=first["purpose"]).taken
    assert [seat.expert for seat in standing_of(case).members] == [*stay, six[-1]]
    assert own_judge not in six


def test_an_office_announces_a_round_and_the_wrong_line_is_named(cast: Cast) -> None:
    form = {
        "kind": SELECTION,
        "payload-label": "春季遴选",
        "payload-opens_on": "2026-03-01",
        "payload-closes_on": "2026-03-31",
        "payload-seed": "s1",
        "payload-quotas": f"10\n{cast.school} 二",
    }

    wrong = cast.signed_in("zhao").post(reverse("rounds"), form)
    refused = cast.signed_in("li").post(reverse("rounds"), form | {"payload-quotas": "10"})
    quotas = "10\n骨干教师 县级 3"
    right = cast.signed_in("zhao").post(reverse("rounds"), form | {"payload-quotas": quotas})

    assert "应为“机构名称或编码 人数”" in wrong.content.decode()
    assert refused.status_code in {200, 422}
    assert right.status_code == 302
    assert "春季遴选" in wrong.content.decode()  # what was filled in is not lost
    made = Round.objects.get(label="春季遴选")
    assert [(one["kind"], one["level"], one["most"]) for one in made.quotas] == [
        ("*", "*", 10),
        ("backbone", "county", 3),
    ]
    shown = cast.signed_in("zhao").get(right.headers["Location"]).content.decode()
    assert "骨干教师·县级 3" in shown
    assert "为待评审的各件抽取专家" in shown
    assert "为到期人员发起" not in shown  # nobody is due for a selection
