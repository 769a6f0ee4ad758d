"""Worklist, case page, guide, decision and its check, as the cast sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiangshi_web.casework.models import Case, Decision
from qiangshi_web.casework.pages.worklist import rows_for
from qiangshi_web.casework.queries import standing_of
from qiangshi_web.desk.actions import deliver, wish
from qiangshi_web.desk.models import Notice
from tests.web.casework.filed import (
    AT,
    REGISTRATION,
    REQUEST,
    SECONDMENT,
    TODAY,
    move,
    registration,
    secondment,
    to_county,
)

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.cast import Cast


def posted(cast: Cast, who: str, case: Case, **fields: str) -> tuple[int, str]:
    """Status and words of the answer to an act posted from the case page."""
    saw = str(standing_of(Case.objects.get(pk=case.pk)).events)
    client = cast.signed_in(who)
    answer = client.post(reverse("case", args=[case.pk]), {"saw": saw, **fields}, follow=True)
    return answer.status_code, answer.content.decode()


def test_a_teacher_begins_her_registration_with_what_the_record_knows(cast: Cast) -> None:
    li = cast.signed_in("li")
    form = li.get(reverse("case-new", args=[REGISTRATION])).content.decode()
    # the region knows of no certificate of hers: nothing is said to have been filled in
    assert "已由台账带出" not in form
    assert form.count("台账中没有记载，请填写") == 2

    answer = li.post(reverse("case-new", args=[REGISTRATION]), {"payload-statement": ""})

    made = Case.objects.get(type_key=REGISTRATION, person_id=cast.teacher)
    assert answer.headers["Location"] == reverse("case", args=[made.pk])


def test_a_form_with_faults_keeps_what_was_filled_in(cast: Cast) -> None:
    filled = {f"payload-{name}": value for name, value in REQUEST.items()}
    wrong = filled | {"payload-ends_on": "明年", "payload-task": "", "person_id": cast.teacher}

    answer = cast.signed_in("sun").post(reverse("case-new", args=[SECONDMENT]), wrong)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "“借用事由”未填写" in shown
    assert "应为日期" in shown
    assert REQUEST["borrower"] in shown
    assert not Case.objects.filter(type_key=SECONDMENT).exists()


def test_a_refused_act_shows_every_ground_clause_and_cure(cast: Cast) -> None:
    case = to_county(cast, registration(cast))

    status, shown = posted(cast, "zhao", case, verb="move", key="pass", reason="通过")

    assert status == 422
    assert "没有办理，理由如下" in shown
    assert "济源 四(三)" in shown
    assert "再取得" in shown


def test_a_teacher_reads_in_her_own_case_why_it_was_deferred(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "defer", reason="学时不足")

    shown = cast.signed_in("li").get(reverse("case", args=[case.pk])).content.decode()

    assert "暂缓注册" in shown
    assert "应达 360 学时" in shown
    assert "如何补救" in shown
    assert "申诉" in shown


def test_the_worklist_tells_what_waits_for_whom(cast: Cast) -> None:
    case = registration(cast)
    move(cast, case, "li", "submit")

    states = {
        who: [row.state for row in rows_for(cast.actor(who), TODAY) if row.pk == case.pk]
        for who in ("li", "sun", "qian", "zhao", "zhou")
    }

    assert states == {
        "li": ["waiting"],
        "sun": ["todo"],
        "qian": ["waiting"],
        "zhao": ["waiting"],
        "zhou": [],
    }


def test_the_worklist_costs_the_same_queries_for_one_case_and_for_many(
    cast: Cast, colleague: str
) -> None:
    counted = []
    for person in (cast.teacher, colleague):
        secondment_of(cast, person)
        with CaptureQueriesContext(connection) as captured:
            cast.signed_in("sun").get(reverse("cases"))
        counted.append(len(captured))

    assert counted[0] == counted[1]


def secondment_of(cast: Cast, person: str) -> Case:
    """A request for somebody of Sun's school."""
    from qiangshi_web.casework.actions import open_case

    return open_case(
        SECONDMENT,
        actor=cast.actor("sun"),
        on=TODAY,
        at=AT,
        payload=REQUEST,
        person_id=person,
    )


def test_many_cases_are_decided_each_with_its_reason(cast: Cast, colleague: str) -> None:
    ready, wrong = secondment(cast), secondment_of(cast, colleague)
    move(cast, wrong, "sun", "correct", verb="correct", reason="改期",
         payload=REQUEST | {"ends_on": "2027-06-30"})  # fmt: skip
    group = f"{SECONDMENT}:draft"
    listed = cast.signed_in("sun").get(reverse("cases"), {"group": group}).content.decode()
    assert f'value="{ready.pk}"' in listed

    answer = cast.signed_in("sun").post(
        reverse("cases"),
        {
            "move": "submit",
            "case": [ready.pk, wrong.pk],
            f"reason-{ready.pk}": "来函齐全",
            f"saw-{ready.pk}": "1",
            f"saw-{wrong.pk}": "2",
        },
        follow=True,
    )

    shown = answer.content.decode()
    assert "已办理 1 件" in shown
    assert f"第 {wrong.pk} 件未办理" in shown
    assert Case.objects.get(pk=ready.pk).events.get(number=2).body["reason"] == "来函齐全"


def test_anybody_may_check_a_decision_and_learns_no_name(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "defer", reason="学时不足")
    paper = Decision.objects.get(case=case)

    shown = Client().get(reverse("verify"), {"code": paper.code.lower()}).content.decode()

    assert paper.number in shown
    assert "暂缓注册" in shown
    assert case.person is not None
    assert case.person.name not in shown
    assert "没有这个验证码" in Client().get(reverse("verify"), {"code": "X"}).content.decode()


def test_a_decision_that_was_appealed_no_longer_holds(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "defer", reason="学时不足")
    move(cast, case, "li", "appeal", verb="appeal", reason="已补录")
    paper = Decision.objects.get(case=case)

    assert "撤销" in Client().get(reverse("verify"), {"code": paper.code}).content.decode()


def test_the_guide_shows_steps_limits_and_what_differs_here(cast: Cast) -> None:
    shown = cast.signed_in("li").get(reverse("case-type", args=[REGISTRATION])).content.decode()

    assert "10个工作日内办结" in shown
    assert "本地与通用办法的差别" in shown
    assert "中心校复核" in shown


def test_the_guide_names_plans_in_force_by_title_and_no_step_by_its_key(cast: Cast) -> None:
    shown = cast.signed_in("li").get(reverse("case-type", args=[REGISTRATION])).content.decode()

    assert "国家底线与督导标准 教师〔2013〕9号" in shown
    assert "guangdong-city-2022" not in shown
    assert "操作“初审通过”：转到由“县级确认”改为“中心校复核”" in shown


def test_a_decision_cites_plans_by_title(cast: Cast) -> None:
    case = to_county(cast, registration(cast))
    move(cast, case, "zhao", "defer", reason="学时不足")

    basis = Decision.objects.get(case=case).body["basis"]

    assert basis == ["国家底线与督导标准 教师〔2013〕9号"]


def test_a_case_says_which_documents_it_lacks_until_they_are_there(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = reverse("case", args=[secondment(cast).pk])
    sun = cast.signed_in("sun")
    assert "尚缺" in sun.get(page).content.decode()

    letter = SimpleUploadedFile("来函.pdf", b"%PDF-1.7")
    form = {"verb": "document", "kind": "借用单位来函", "document": letter}
    shown = sun.post(page, form, follow=True).content.decode()

    assert "借用单位来函 ·" in shown
    assert "尚缺" not in shown


def test_an_infected_document_is_not_kept(cast: Cast, settings: Settings) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.QIANGSHI_VIRUS_SCAN = "tests.web.casework.test_pages.finds_a_virus"
    case = registration(cast)

    answer = cast.signed_in("li").post(
        reverse("case", args=[case.pk]),
        {"verb": "document", "document": SimpleUploadedFile("证书.pdf", b"X5O!")},
    )

    assert answer.status_code == 422
    assert "未通过病毒查杀" in answer.content.decode()
    assert not case.documents.exists()


def finds_a_virus(content: bytes) -> str:
    """A scanner that finds one in everything."""
    return "infected" if content else "clean"


def test_notices_go_out_by_mail_once_where_the_settings_say_so(
    cast: Cast, settings: Settings, mailoutbox: list[object]
) -> None:
    settings.QIANGSHI_NOTICE_MAIL = "edu.example"
    wish(mail="at_once", address="", actor=cast.actor("sun"))
    case = registration(cast)
    move(cast, case, "li", "submit")

    first, second = deliver(at=AT), deliver(at=AT)

    assert (first, second, len(mailoutbox)) == (1, 0, 1)


def test_a_notice_is_read_by_its_own_reader_only(cast: Cast) -> None:
    case = registration(cast)
    move(cast, case, "li", "submit")
    notice = Notice.objects.get(link=reverse("case", args=[case.pk]), user__username="sun")

    cast.signed_in("zhou").post(reverse("notices"), {"notice": notice.pk})
    notice.refresh_from_db()
    assert notice.read_at is None

    cast.signed_in("sun").post(reverse("notices"), {"notice": notice.pk})
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("who", ["zhou", "li"])
def test_who_may_not_act_leaves_the_case_as_it_was(cast: Cast, who: str) -> None:
    case = registration(cast)
    move(cast, case, "li", "submit")

    status, shown = posted(cast, who, case, verb="move", key="endorse")

    assert status == {"zhou": 404, "li": 422}[who]
    assert "principal" not in shown  # roles go by their names
    assert Case.objects.get(pk=case.pk).place == "school"
