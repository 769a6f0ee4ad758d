"""Cases of the cast, begun and handled as the application does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from qiangshi.casework.rounds import Calendar
from qiangshi_web.casework.actions import act_on, announce_round, hand_in, open_case
from qiangshi_web.casework.models import Decision
from qiangshi_web.kernel import clock

if TYPE_CHECKING:
    from qiangshi_web.casework.models import Case, Round
    from tests.cast import Cast

REGISTRATION = "qualification.periodic-registration"
SECONDMENT = "burden.secondment"
ENTRY = "burden.campus-entry"
AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
TODAY = date(2025, 12, 31)
REQUEST = {
    "borrower": "市重大项目专班",
    "task": "参加全国文明城市创建材料组",
    "document": "济政办函〔2026〕3号",
    "begins_on": "2026-01-05",
    "ends_on": "2026-06-30",
}


def registration(cast: Cast, *, round: Round | None = None) -> Case:
    """Li's registration, begun by herself."""
    return open_case(
        REGISTRATION,
        actor=cast.actor("li"),
        on=TODAY,
        at=AT,
        payload={"certificate": None, "registered_until": None, "statement": None},
        person_id=cast.teacher,
        round=round,
    )


def secondment(cast: Cast, **changes: Any) -> Case:
    """Li, asked for by the bureau; begun by her principal."""
    return open_case(
        SECONDMENT,
        actor=cast.actor("sun"),
        on=TODAY,
        at=AT,
        payload=REQUEST | changes,
        person_id=cast.teacher,
    )


def move(cast: Cast, case: Case, who: str, key: str, **more: Any) -> Case:
    """One move by a member of the cast, on the day of the tests unless told otherwise."""
    verb = more.pop("verb", "move")
    on = more.pop("on", TODAY)
    return act_on(case.pk, verb=verb, key=key, actor=cast.actor(who), on=on, at=AT, **more)


def to_county(cast: Cast, case: Case) -> Case:
    """A registration on the county's desk, through school and central school."""
    move(cast, case, "li", "submit")
    move(cast, case, "sun", "endorse")
    return move(cast, case, "qian", "endorse")


def unit_round(cast: Cast) -> Round:
    """A round of registration at the central school, open today."""
    return announce_round(
        REGISTRATION,
        label="2025年冬季定期注册",
        organisation_id=cast.unit,
        calendar=Calendar(TODAY - timedelta(days=10), TODAY + timedelta(days=30)),
        seed="2025-winter",
        actor=cast.actor("qian"),
        at=AT,
    )


def everything(cast: Cast) -> dict[str, Any]:
    """A case of Li's with a document, a decision and a round: what pages show."""
    round_ = unit_round(cast)
    case = registration(cast, round=round_)
    paper = hand_in(
        case, name="证书.pdf", content=b"%PDF-1.7", kind="证书", actor=cast.actor("li"), at=AT
    )
    decision = Decision.objects.create(
        case=case,
        number="2025-000001",
        code="ABCDEFGH23456789",
        issued_on=clock.today(),
        outcome="注册合格",
        body={"case": case.title, "kind": "教师资格定期注册", "basis": [], "findings": []},
        sha256="0" * 64,
    )
    return {
        "case": case.pk,
        "document": paper.pk,
        "decision": decision.number,
        "round": round_.pk,
    }
