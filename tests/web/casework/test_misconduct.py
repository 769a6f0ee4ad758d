"""Misconduct from an anonymous report to the record, and back on review and appeal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.urls import reverse

from qiangshi.casework import jsonform
from qiangshi.casework.checks import Gates
from qiangshi.casework.grounds import Refused
from qiangshi.casework.standing import rebuilt
from qiangshi_web.casework.actions import hand_in, tick
from qiangshi_web.casework.judging import findings
from qiangshi_web.casework.models import Case, CaseEvent
from qiangshi_web.casework.queries import file_of, standing_of, visible_to
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.ethics.models import (
    EthicsDecision,
    EthicsReport,
    IntegrityEntry,
    Receipt,
)
from qiangshi_web.contexts.ethics.queries import reporter_of
from qiangshi_web.contexts.ethics.sanctions import last_day, threshold
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.models import Person, PersonState
from qiangshi_web.desk.models import Notice
from qiangshi_web.identity.models import User
from qiangshi_web.kernel.models import Event
from tests.web.casework.conduct import (
    FOUND,
    MISCONDUCT,
    REPORTER,
    accepted,
    begun,
    concluded,
    decided,
    reported,
    told,
)
from tests.web.casework.filed import AT, REGISTRATION, TODAY, move, registration

if TYPE_CHECKING:
    from tests.cast import Cast

OFFICES = ("jin", "wei", "sun", "zheng", "tao", "zhou", "zhao", "qian", "li")


def seen_by(cast: Cast, case: Case) -> set[str]:
    return {who for who in OFFICES if visible_to(cast.actor(who)).filter(pk=case.pk).exists()}


def test_a_report_is_read_above_the_school_only_and_by_the_area_of_ethics(cast: Cast) -> None:
    case, _ = reported(cast)

    assert seen_by(cast, case) == {"jin", "wei", "zheng"}
    assert case.organisation_id == cast.unit


def test_nothing_kept_of_an_anonymous_report_leads_to_anybody(cast: Cast) -> None:
    case, code = reported(cast)

    receipt = Receipt.objects.get(case=case)
    assert (case.opened_by_id, receipt.contact) == (None, None)
    assert set(case.events.values_list("user_id", flat=True)) == {None}
    assert code not in f"{receipt.digest}{case.standing}"
    assert Event.objects.filter(relation="ethics_report", actor_id=None).count() >= 1


def test_a_named_reporter_is_sealed_and_opened_to_whoever_weighs_the_report(cast: Cast) -> None:
    case, _ = reported(cast, contact=REPORTER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM ethics_receipt WHERE case_id = %s", [case.pk])
        assert "钱多多" not in cursor.fetchone()[0]
    assert reporter_of(case.pk) == REPORTER


def test_a_report_leads_to_a_case_only_of_somebody_of_the_place(cast: Cast) -> None:
    case, _ = reported(cast)
    elsewhere = Person.objects.filter(organisation__path__startswith=_path(cast.other_unit)).first()
    assert elsewhere is not None

    with pytest.raises(Refused, match="被反映人未核定"):
        accepted(cast, case, person=elsewhere.pk)

    assert not Case.objects.filter(type_key=MISCONDUCT).exists()


def _path(organisation: str) -> str:
    return str(Organisation.objects.get(pk=organisation).path)


def test_a_second_report_of_the_same_is_joined(cast: Cast) -> None:
    accepted(cast, reported(cast)[0])
    second, _ = reported(cast)

    with pytest.raises(Refused, match="该人已有在办的查处"):
        accepted(cast, second)
    move(cast, second, "jin", "join", reason="同一事项", payload=told(cast, person=cast.teacher))

    assert Case.objects.get(pk=second.pk).place == "joined"
    assert EthicsReport.objects.get(pk=f"case-{second.pk}").closed_on == TODAY


def test_the_case_holds_nothing_of_what_the_reporter_wrote(cast: Cast) -> None:
    case = accepted(cast, reported(cast, contact=REPORTER)[0])

    bodies = str(list(CaseEvent.objects.filter(case=case).values_list("body", flat=True)))
    assert "我家孩子" not in bodies
    assert "钱多多" not in bodies


def test_the_accused_sees_nothing_before_she_is_told_and_all_that_counts_then(cast: Cast) -> None:
    case = accepted(cast, reported(cast, contact=REPORTER)[0])
    hand_in(case, name="证人.pdf", content=b"%PDF", kind="", actor=cast.actor("jin"), at=AT)
    assert seen_by(cast, case) == {"jin", "wei", "sun", "zheng"}
    assert cast.signed_in("li").get(reverse("case", args=[case.pk])).status_code == 404
    own = Notice.objects.filter(link=reverse("case", args=[case.pk]), user__username="li")
    assert not own.exists()

    concluded(cast, case)

    shown = cast.signed_in("li").get(reverse("case", args=[case.pk])).content.decode()
    for ground in (FOUND["facts"], FOUND["evidence"], "警告", "陈述申辩"):
        assert ground in shown
    for hidden in ("钱多多", "我家孩子", "证人.pdf", "线索", "有转账记录"):
        assert hidden not in shown
    assert own.exists()


def test_what_she_reads_must_not_name_the_reporter(cast: Cast) -> None:
    case = accepted(cast, reported(cast, contact=REPORTER)[0])

    with pytest.raises(Refused, match="举报人"):
        concluded(cast, case, evidence="钱多多的说明")


def test_an_inquiry_ends_only_with_facts_evidence_and_a_proposal(cast: Cast) -> None:
    case = begun(cast)

    with pytest.raises(Refused, match="认定事实、证据摘要、拟作处理、是否情节严重尚未填写"):
        move(cast, case, "jin", "conclude", payload=dict.fromkeys(FOUND) | {"kind": "gifts"})


def test_a_bar_from_awards_is_no_shorter_than_the_sanction_itself(cast: Cast) -> None:
    case = begun(cast)

    with pytest.raises(Refused) as refused:
        concluded(cast, case, sanction="demerit", barred_months=11)
    assert "短于处分期12个月" in refused.value.grounds[0].text
    assert "29条" in refused.value.grounds[0].clause

    assert concluded(cast, case, sanction="demerit", barred_months=12).pk == case.pk


def test_a_hearing_is_owed_from_the_sanction_that_the_norm_names(cast: Cast) -> None:
    light, grave = begun(cast), None
    concluded(cast, light)
    with pytest.raises(Refused) as refused:
        move(cast, light, "li", "ask-hearing", reason="要求听证")
    assert "降低岗位等级" in refused.value.grounds[0].text
    assert "师德查处" in refused.value.grounds[0].clause
    move(cast, light, "li", "accept")
    move(cast, light, "jin", "drop", reason="证据不足")

    grave = begun(cast)
    concluded(cast, grave, sanction="demotion")
    move(cast, grave, "li", "ask-hearing", reason="要求听证")
    with pytest.raises(Refused, match="您办理过“调查核实”"):
        move(cast, grave, "jin", "close-hearing", reason="双方已陈述")
    move(cast, grave, "wei", "close-hearing", reason="双方已陈述")

    grave.refresh_from_db()
    assert grave.place == "proposal"


@pytest.mark.parametrize(
    ("sanction", "decides"), [("circular", "sun"), ("warning", "zheng"), ("demotion", "zheng")]
)
def test_the_level_that_may_decides(cast: Cast, sanction: str, decides: str) -> None:
    case = begun(cast)
    concluded(cast, case, sanction=sanction)
    move(cast, case, "li", "accept")

    if decides == "zheng":
        with pytest.raises(Refused, match="超出学校权限"):
            move(cast, case, "jin", "to-school")
        move(cast, case, "jin", "to-bureau")
    else:
        move(cast, case, "jin", "to-school")
    move(cast, case, decides, "decide", reason="集体研究")

    assert EthicsDecision.objects.get(pk=f"case-{case.pk}").sanction == sanction
    assert threshold("school_most", TODAY).sanction == "circular"


def test_what_was_changed_after_she_was_told_is_told_again(cast: Cast) -> None:
    case = begun(cast)
    concluded(cast, case)
    move(cast, case, "li", "state", reason="只有两次")
    graver = FOUND | {"sanction": "demerit"}
    move(cast, case, "jin", "correct", verb="correct", reason="加重", payload=graver)

    with pytest.raises(Refused, match="告知后有改动"):
        move(cast, case, "jin", "to-bureau")
    move(cast, case, "jin", "tell-again", reason="处理有变")
    move(cast, case, "li", "accept")
    move(cast, case, "jin", "to-bureau")

    case.refresh_from_db()
    assert case.place == "bureau"


def test_silence_of_the_accused_does_not_stop_the_case(cast: Cast) -> None:
    case = begun(cast)
    concluded(cast, case)
    case.refresh_from_db()
    assert case.due is not None

    tick(on=case.due + timedelta(days=1), at=AT)

    case.refresh_from_db()
    assert case.place == "proposal"
    assert rebuilt(jsonform.event(one.body) for one in case.events.all()) == standing_of(case)


def test_a_sanction_runs_for_its_term_from_the_decision_and_is_filed(cast: Cast) -> None:
    report, _ = reported(cast)
    case = accepted(cast, report)

    decided(cast, case, is_serious=True)

    row = EthicsDecision.objects.get(pk=f"case-{case.pk}")
    assert (row.valid_from, row.valid_to) == (date(2025, 12, 31), date(2026, 6, 29))
    assert row.reported_on == TODAY
    assert IntegrityEntry.objects.get(pk=row.pk).valid_to == row.valid_to
    assert EthicsReport.objects.get(pk=f"case-{report.pk}").is_substantiated is True
    written = Event.objects.filter(key=row.pk, relation="ethics_decision", verb="record").get()
    assert written.actor == "郑局长"


@pytest.mark.parametrize(
    ("sanction", "barred", "last"),
    [
        ("warning", None, date(2026, 7, 14)),
        ("demerit", None, date(2027, 1, 14)),
        ("demotion", None, date(2028, 1, 14)),
        ("warning", 24, date(2028, 1, 14)),
        ("demotion", 6, date(2028, 1, 14)),
        ("criticism", None, date(2026, 1, 15)),
        ("criticism", 1, date(2026, 2, 14)),
        ("dismissal", None, None),
        ("qualification_revoked", 24, None),
    ],
)
def test_a_sanction_lapses_by_its_term_or_the_longer_bar(
    sanction: str, barred: int | None, last: date | None
) -> None:
    assert last_day(sanction, barred, date(2026, 1, 15)) == last


GATED = {
    "qualification.periodic-registration": "national-floors/gate:ethics-first-in-registration",
    "evaluation.title-review": "national-floors/gate:ethics-first-in-titles",
    "programmes.backbone-selection": "national-floors/gate:ethics-in-selection",
}


def gates_on(case: Case, on: date) -> dict[str, Any]:
    """How the gates of ethics of each type come out for the person of a case on a day."""
    found: dict[str, Any] = {}
    for key, gate in GATED.items():
        declared = newest(key)
        as_if = Case(
            pk=case.pk, type_key=key, type_version=1, person=case.person, opened_on=on,
            organisation=case.organisation, standing=case.standing,
        )  # fmt: skip
        for move_ in declared.kind.moves:
            gates = tuple(one for one in move_.checks if isinstance(one, Gates))
            for one in findings(replace(move_, checks=gates), [file_of(as_if)], on)[case.pk]:
                if one.check == gate:
                    found[key] = one.verdict
    return found


def test_while_it_runs_a_sanction_stops_titles_selection_and_registration(cast: Cast) -> None:
    case = begun(cast)
    concluded(cast, case)
    before = gates_on(registration(cast), TODAY)
    move(cast, case, "li", "accept")
    move(cast, case, "jin", "to-bureau")
    move(cast, case, "zheng", "decide", reason="集体研究")
    mine = Case.objects.get(type_key=REGISTRATION, person_id=cast.teacher)

    assert set(before) == set(GATED)
    assert set(gates_on(mine, date(2026, 6, 29)).values()) == {False}
    assert gates_on(mine, date(2026, 6, 30)) == before


def make_head(person: str, school: str) -> None:
    """The person leads the school: on record, not by an account."""
    PersonState.objects.filter(person_id=person).update(
        staff_class="principal", organisation_id=school
    )
    Person.objects.filter(pk=person).update(organisation_id=school)


def test_a_leader_who_missed_a_duty_has_a_case_of_her_own(cast: Cast, colleague: str) -> None:
    case = begun(cast)
    PersonState.objects.filter(person_id=colleague).update(staff_class="teacher")
    duty = {"leader": colleague, "leader_duty": "接到家长反映后未处置"}
    with pytest.raises(Refused, match="不是当事人所在学校现任校"):
        concluded(cast, case, **duty)
    make_head(colleague, cast.school)

    decided(cast, case, **duty)

    hers = Case.objects.get(type_key=MISCONDUCT, person_id=colleague)
    assert (hers.parent_id, hers.place) == (case.pk, "inquiry")
    assert hers.organisation_id == cast.unit


def test_a_principal_sees_the_cases_of_her_school_but_not_one_about_herself(
    cast: Cast, colleague: str
) -> None:
    make_head(colleague, cast.school)
    User.objects.filter(username="sun").update(person_id=colleague)
    of_staff, of_herself = begun(cast), begun(cast, colleague, who="wei")
    assert of_herself.organisation_id == cast.unit

    own = set(visible_to(cast.actor("sun")).values_list("pk", flat=True))
    assert of_staff.pk in own
    assert of_herself.pk not in own

    move(cast, of_herself, "wei", "conclude", payload=FOUND)
    move(cast, of_herself, "sun", "accept")
    with pytest.raises(Refused, match="本校不能决定"):
        move(cast, of_herself, "wei", "to-school")


def test_the_right_role_in_another_county_can_do_nothing(cast: Cast) -> None:
    case = begun(cast)

    assert cast.signed_in("tao").get(reverse("case", args=[case.pk])).status_code == 404
    with pytest.raises(Refused):
        move(cast, case, "tao", "conclude", payload=FOUND)
