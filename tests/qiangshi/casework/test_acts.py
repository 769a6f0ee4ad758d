"""What may be done to a case, by whom, when, and what stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.casework.deciding import decide
from qiangshi.casework.grounds import Finding, Refused
from qiangshi.casework.kinds import APPLICANT, EXPERT, TIME
from qiangshi.casework.options import asked
from qiangshi.casework.standing import Standing, after
from qiangshi.casework.stepping import Act, begin
from qiangshi.casework.ticking import passed, wakes_on
from tests.qiangshi.casework.samples import CHIEF, CLERK, GRANT, HR, ON, RULES

if TYPE_CHECKING:
    from qiangshi.casework.standing import Event

MET = (Finding("a", "条件甲", True, "甲符合", "某规划 三"),)
UNMET = (
    Finding("a", "条件甲", False, "甲差3", "某规划 三", "再取得甲3"),
    Finding("b", "条件乙", False, "乙差5", "某规划 四", "再取得乙5"),
)
UNKNOWN = (Finding("a", "条件甲", None, "甲不明", "某规划 三"),)


class File:
    """A case of the sample on its way."""

    def __init__(self) -> None:
        who = frozenset({APPLICANT})
        payload = {"title": "样", "amount": 1}
        self.events: list[Event] = [
            begin(GRANT, Act("begin", "begin", "P1", who, ON, payload=payload), RULES)
        ]
        self.now = after(None, self.events[0])

    def act(self, verb: str, key: str, role: str, **more: Any) -> Standing:
        """Do it, or raise Refused."""
        by = more.pop("by", f"by-{role}")
        on = more.pop("on", ON)
        act = Act(verb, key, by, frozenset({role}), on, **more)
        event = decide(GRANT, self.now, act, RULES)
        self.events.append(event)
        self.now = after(self.now, event)
        return self.now

    def move(self, key: str, role: str, **more: Any) -> Standing:
        return self.act("move", key, role, **more)

    def pass_to(self, on: date) -> list[Event]:
        found = passed(GRANT, self.now, on, RULES)
        for event in found:
            self.now = after(self.now, event)
        return found


@pytest.fixture
def at_desk() -> File:
    file = File()
    file.move("submit", APPLICANT)
    return file


@pytest.fixture
def at_panel(at_desk: File) -> File:
    at_desk.move("accept", CLERK, findings=MET)
    at_desk.act("answer", "people", HR, detail={"answer": "agree"})
    at_desk.act("answer", "money", "finance", detail={"answer": "agree"})
    at_desk.act("seat", "seat", CLERK, detail={"experts": ["E1", "E2", "E3"]})
    return at_desk


def test_all_grounds_are_told_at_once_with_clause_and_cure(at_desk: File) -> None:
    with pytest.raises(Refused) as refused:
        at_desk.move("accept", CLERK, findings=UNMET)

    told = [(ground.text, ground.clause, ground.cure) for ground in refused.value.grounds]
    assert told == [("甲差3", "某规划 三", "再取得甲3"), ("乙差5", "某规划 四", "再取得乙5")]


def test_another_role_is_refused(at_desk: File) -> None:
    with pytest.raises(Refused, match="clerk"):
        at_desk.move("accept", HR, findings=MET)


def test_who_saw_an_older_state_is_told(at_desk: File) -> None:
    with pytest.raises(Refused, match="已由他人办理"):
        at_desk.move("accept", CLERK, findings=MET, saw=at_desk.now.events - 1)


def test_what_was_seen_is_kept_with_the_event(at_desk: File) -> None:
    at_desk.move("accept", CLERK, findings=MET)

    assert at_desk.events[-1].findings == MET


def test_a_returned_case_goes_on_at_the_step_that_returned_it(at_panel: File) -> None:
    at_panel.move("return", CLERK, reason="材料不全")
    at_panel.move("return", CLERK, reason="补正")
    assert at_panel.now.place == "draft"

    at_panel.move("submit", APPLICANT)
    assert at_panel.now.place == "desk"
    at_panel.move("accept", CLERK, findings=MET)

    assert at_panel.now.place == "judging"
    assert len(at_panel.now.members) == 3


def test_a_second_judging_has_a_panel_of_its_own(at_panel: File) -> None:
    for expert in ("E1", "E2"):
        at_panel.act("score", expert, EXPERT, by=expert, detail={"score": 30.0})
    at_panel.move("reject", CLERK, findings=UNMET)
    at_panel.act("appeal", "appeal", APPLICANT, reason="不服")

    at_panel.move("again", CHIEF, reason="程序有误")

    assert at_panel.now.members == ()


def test_a_decision_over_something_unknown_needs_its_reason(at_panel: File) -> None:
    for expert in ("E1", "E2"):
        at_panel.act("score", expert, EXPERT, by=expert, detail={"score": 80.0})

    with pytest.raises(Refused, match="须写明理由"):
        at_panel.move("rank", CLERK, findings=UNKNOWN)

    assert at_panel.move("rank", CLERK, findings=UNKNOWN, reason="经核").place == "publicity"


def test_publicity_lasts_its_days_and_holidays_do_not_count(at_panel: File) -> None:
    for expert in ("E1", "E2"):
        at_panel.act("score", expert, EXPERT, by=expert, detail={"score": 80.0})
    at_panel.move("rank", CLERK, on=date(2026, 4, 2))  # Thursday before Qingming

    assert at_panel.now.opens == date(2026, 4, 9)
    assert at_panel.pass_to(date(2026, 4, 8)) == []
    assert at_panel.pass_to(date(2026, 4, 9))[-1].effect == "grant"


def test_an_objection_need_not_wait_for_the_end_of_publicity(at_panel: File) -> None:
    for expert in ("E1", "E2"):
        at_panel.act("score", expert, EXPERT, by=expert, detail={"score": 80.0})
    at_panel.move("rank", CLERK)

    with pytest.raises(Refused, match="公示期未满"):
        at_panel.move("object", CLERK, reason="有异议")

    found = at_panel.move("object", CLERK, reason="有异议", detail={"objection": True})
    assert found.place == "judging"


def test_a_suspended_case_keeps_the_days_it_had_left(at_desk: File) -> None:
    assert at_desk.now.due == date(2026, 3, 9)
    at_desk.act("suspend", "suspend", CLERK, reason="待鉴定", on=date(2026, 3, 4))
    assert asked(GRANT, at_desk.now) == frozenset()
    assert wakes_on(GRANT, at_desk.now) is None

    at_desk.act("resume", "resume", CLERK, on=date(2026, 3, 18))

    assert at_desk.now.due == date(2026, 3, 23)


def test_nothing_is_decided_while_suspended(at_desk: File) -> None:
    at_desk.act("suspend", "suspend", CLERK, reason="待鉴定")

    with pytest.raises(Refused, match="中止"):
        at_desk.move("accept", CLERK, findings=MET)


def test_a_limit_is_put_off_once(at_desk: File) -> None:
    at_desk.act("extend", "extend", CHIEF, reason="情况复杂")
    assert at_desk.now.due == date(2026, 3, 13)

    with pytest.raises(Refused, match="已延期一次"):
        at_desk.act("extend", "extend", CHIEF, reason="再延")


def test_a_correction_keeps_what_stood_before(at_desk: File) -> None:
    at_desk.act(
        "correct", "correct", APPLICANT, reason="写错", payload={"title": "样", "amount": 2}
    )

    assert at_desk.now.payload["amount"] == 2
    assert at_desk.events[-1].detail["before"] == {"amount": 1}


def test_a_refusal_may_be_appealed_once_and_in_time(at_panel: File) -> None:
    for expert in ("E1", "E2"):
        at_panel.act("score", expert, EXPERT, by=expert, detail={"score": 30.0})
    at_panel.move("reject", CLERK, findings=UNMET)
    last = date(2026, 3, 16)
    late = replace(at_panel.now)

    assert at_panel.act("appeal", "appeal", APPLICANT, reason="不服", on=last).place == "review"
    at_panel.now = late
    with pytest.raises(Refused, match="届满"):
        at_panel.act("appeal", "appeal", APPLICANT, reason="不服", on=date(2026, 3, 17))


def test_whoever_acted_at_a_step_does_not_act_at_one_kept_apart_from_it(at_desk: File) -> None:
    steps = (replace(s, apart_from=("draft",)) if s.key == "desk" else s for s in GRANT.steps)
    kind = replace(GRANT, steps=tuple(steps))
    act = Act("move", "accept", "by-clerk", frozenset({CLERK}), ON, findings=MET)

    with pytest.raises(Refused, match="您办理过"):
        decide(kind, at_desk.now, replace(act, acted_at=frozenset({"draft"})), RULES)

    assert decide(kind, at_desk.now, act, RULES).source == "desk"


def test_silence_agrees_once_the_days_are_over(at_desk: File) -> None:
    at_desk.move("accept", CLERK, findings=MET)
    at_desk.act("answer", "people", HR, detail={"answer": "agree"})

    found = at_desk.pass_to(date(2026, 3, 10))

    assert at_desk.now.place == "judging"
    assert (found[-1].role, found[-1].detail["silent"]) == (TIME, True)


def test_one_department_against_it_is_enough(at_desk: File) -> None:
    at_desk.move("accept", CLERK, findings=MET)
    at_desk.act("answer", "people", HR, detail={"answer": "refuse"}, reason="超编")

    assert at_desk.act("answer", "money", "finance", detail={"answer": "agree"}).place == "refused"


def test_a_panel_waits_for_its_quorum(at_panel: File) -> None:
    at_panel.act("score", "E1", EXPERT, by="E1", detail={"score": 80.0})

    with pytest.raises(Refused, match="未满2人"):
        at_panel.move("rank", CLERK)


def test_an_expert_scores_once_within_the_scale_and_only_if_seated(at_panel: File) -> None:
    with pytest.raises(Refused, match="0至100"):
        at_panel.act("score", "E1", EXPERT, by="E1", detail={"score": 101.0})
    with pytest.raises(Refused, match="不是本件"):
        at_panel.act("score", "E9", EXPERT, by="E9", detail={"score": 80.0})
    at_panel.act("score", "E1", EXPERT, by="E1", detail={"score": 80.0})
    with pytest.raises(Refused, match="不能更改"):
        at_panel.act("score", "E1", EXPERT, by="E1", detail={"score": 90.0})


def test_who_steps_back_is_replaced_by_somebody_new(at_panel: File) -> None:
    at_panel.act("recuse", "E2", EXPERT, by="E2", reason="曾为同事")

    with pytest.raises(Refused, match="曾在本评审组"):
        at_panel.act("replace", "E2", CLERK, reason="补", detail={"expert": "E1"})
    at_panel.act("replace", "E2", CLERK, reason="补", detail={"expert": "E4"})

    assert [seat.expert for seat in at_panel.now.members] == ["E1", "E3", "E4"]


def test_an_ended_case_takes_no_move(at_desk: File) -> None:
    at_desk.act("withdraw", "withdraw", APPLICANT)

    with pytest.raises(Refused, match="已办结"):
        at_desk.move("accept", CLERK, findings=MET)


def test_a_late_case_is_told_to_the_next_in_line_once(at_desk: File) -> None:
    found = at_desk.pass_to(date(2026, 6, 1))

    assert [(event.verb, event.key, event.on) for event in found] == [
        ("escalate", CHIEF, date(2026, 3, 10))
    ]
    assert at_desk.pass_to(date(2026, 12, 1)) == []
