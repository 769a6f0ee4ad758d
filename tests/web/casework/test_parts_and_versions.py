"""Cases below a case, cases that go on under a new version, and what holds up no other case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from qiangshi.casework.grounds import Refused
from qiangshi.casework.kinds import Move
from qiangshi.casework.variants import Succession
from qiangshi_web.casework.actions import open_case, tick
from qiangshi_web.casework.registry import _DECLARED, newest
from qiangshi_web.kernel.records import refuse
from tests.web.casework.filed import AT, ENTRY, TODAY, move

if TYPE_CHECKING:
    from qiangshi_web.casework.models import Case
    from qiangshi_web.casework.registry import Deed, File
    from tests.cast import Cast

PART = "burden.part-of-entry"


def entry(cast: Cast, content: str = "健康讲座") -> Case:
    """What from outside is to enter Sun's school."""
    payload: dict[str, Any] = {
        "initiator": "卫健局",
        "kind": "other",
        "content": content,
        "enters_on": "2026-03-02",
        "teacher_hours": "1",
    }
    return open_case(
        ENTRY,
        actor=cast.actor("sun"),
        on=TODAY,
        at=AT,
        payload=payload,
        organisation_id=cast.school,
    )


@pytest.fixture
def second_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The county waits for a part; open cases of the first version go over to it."""
    old = newest(ENTRY)
    draft, county = old.kind.steps
    split = Move("split", "分办", "draft", "county", opens=PART)
    kind = replace(
        old.kind,
        version=2,
        steps=(draft, replace(county, awaits=PART)),
        moves=(*old.kind.moves, split),
    )
    places = (("draft", "draft"), ("county", "county"))
    part = replace(old, kind=replace(old.kind, key=PART))
    monkeypatch.setitem(_DECLARED, (PART, 1), part)
    new = replace(old, kind=kind, follows=Succession(ENTRY, 1, 2, places))
    monkeypatch.setitem(_DECLARED, (ENTRY, 2), new)


def test_an_open_case_goes_over_to_the_version_that_follows_its_own(
    cast: Cast, request: pytest.FixtureRequest
) -> None:
    case = entry(cast)
    request.getfixturevalue("second_version")

    done = [tick(on=TODAY, at=AT)["succeeded"] for _ in range(2)]

    case.refresh_from_db()
    assert (case.type_version, done) == (2, [1, 0])
    assert case.events.latest("number").verb == "succeed"


@pytest.mark.usefixtures("second_version")
def test_a_case_waits_for_the_cases_below_it(cast: Cast) -> None:
    case = entry(cast)
    move(cast, case, "sun", "split")
    below = case.parts.get()
    assert (below.type_key, below.place) == (PART, "draft")

    with pytest.raises(Refused, match="尚有1件下级办件未办结"):
        move(cast, case, "zhao", "admit", reason="同意")
    move(cast, below, "sun", "withdraw", verb="withdraw")

    assert move(cast, case, "zhao", "admit", reason="同意").place == "admitted"


@pytest.fixture
def closed_ledger(monkeypatch: pytest.MonkeyPatch) -> str:
    """What the owner's action has against anything about this."""
    effects = dict(newest(ENTRY).effects)

    def effect(file: File, deed: Deed) -> None:
        if file.payload["content"] == "已关账":
            raise refuse("台账已关")
        effects["entry.admitted"](file, deed)

    monkeypatch.setitem(newest(ENTRY).effects, "entry.admitted", effect)
    return "已关账"


def test_in_bulk_what_the_ledger_refuses_is_told_beside_its_case(
    cast: Cast, closed_ledger: str
) -> None:
    cases = [entry(cast), entry(cast, closed_ledger)]
    for case in cases:
        move(cast, case, "sun", "submit")

    posted = {"move": "admit", "case": [case.pk for case in cases]}
    reasons = {f"reason-{case.pk}": "同意" for case in cases}
    shown = cast.signed_in("zhao").post(reverse("cases"), posted | reasons, follow=True)

    assert "已办理 1 件" in shown.content.decode()
    assert f"第 {cases[1].pk} 件未办理：台账已关" in shown.content.decode()


def test_a_case_that_the_ledger_refuses_holds_up_no_other(
    cast: Cast, closed_ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = newest(ENTRY)
    by_itself = Move("late", "逾期即入", "county", "admitted", auto="overdue")
    kind = replace(old.kind, version=2, moves=(*old.kind.moves, by_itself))
    monkeypatch.setitem(_DECLARED, (ENTRY, 2), replace(old, kind=kind))
    cases = [entry(cast, content) for content in ("讲座", closed_ledger, "体检")]
    for case in cases:
        move(cast, case, "sun", "submit")
        case.refresh_from_db()
    assert cases[0].due is not None

    done = tick(on=cases[0].due.replace(year=2026, month=3), at=AT)

    assert (done["moved"], done["refused"]) == (2, 1)
