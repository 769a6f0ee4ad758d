"""A backbone's duties are checked every year; the title says what the check came to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qiangshi.casework.grounds import Refused
from qiangshi_web.casework.actions import tick
from qiangshi_web.casework.models import Case
from qiangshi_web.contexts.evaluation.models import DemonstrationLesson
from qiangshi_web.contexts.programmes.models import TalentTitle
from qiangshi_web.kernel.records import record
from tests.web.casework.filed import AT, TODAY, move
from tests.web.records.factories import TOLD

if TYPE_CHECKING:
    from datetime import date

    from tests.cast import Cast

CHECK = "programmes.cohort-assessment"


def at_the_county(cast: Cast, on: date) -> Case:
    """The check that time began for Li, up to where the county concludes."""
    case = Case.objects.get(type_key=CHECK, person=cast.teacher, ended_on=None)
    statement = {"work": "示范课一次", "next_year": None}
    move(cast, case, "li", "submit", on=on, payload=statement)
    move(cast, case, "sun", "endorse", on=on, reason="属实")
    return case


@pytest.fixture
def title(cast: Cast) -> TalentTitle:
    """Li became a backbone more than a year ago."""
    told = {"person_id": cast.teacher, "valid_from": TODAY - timedelta(400)}
    return record(TalentTitle, told | {"kind": "backbone", "level": "county"}, **TOLD)


def test_time_begins_the_check_once_a_year_and_the_title_tells_its_result(
    cast: Cast, title: TalentTitle
) -> None:
    assert (tick(on=TODAY, at=AT)["begun"], tick(on=TODAY, at=AT)["begun"]) == (1, 0)
    case = at_the_county(cast, TODAY)

    with pytest.raises(Refused, match="须写明理由"):  # no ledger of demonstrations: unknown
        move(cast, case, "zhao", "pass")
    move(cast, case, "zhao", "pass", reason="经核")

    title.refresh_from_db()
    assert (title.duty_result, title.valid_to) == ("qualified", None)
    assert tick(on=TODAY + timedelta(300), at=AT)["begun"] == 0
    assert tick(on=TODAY + timedelta(370), at=AT)["begun"] == 1


def test_who_gave_too_few_demonstrations_loses_the_title_until_an_appeal_is_heard(
    cast: Cast, title: TalentTitle
) -> None:
    lesson = {"person_id": cast.teacher, "held_on": TODAY - timedelta(30), "kind": "open_lesson"}
    record(DemonstrationLesson, lesson, **TOLD)
    tick(on=TODAY, at=AT)
    case = at_the_county(cast, TODAY)

    with pytest.raises(Refused, match="示范活动次数 1 次，应达 2 次") as refused:
        move(cast, case, "zhao", "pass", reason="经核")
    assert all(ground.clause and ground.cure for ground in refused.value.grounds)
    move(cast, case, "zhao", "fail")
    title.refresh_from_db()
    assert (title.duty_result, title.valid_to) == ("failed", TODAY)

    move(cast, case, "li", "appeal", verb="appeal", reason="漏记一次")
    record(DemonstrationLesson, lesson | {"held_on": TODAY - timedelta(9)}, **TOLD)
    move(cast, case, "zhao", "pass", reason="补录后核对")

    title.refresh_from_db()
    assert (title.duty_result, title.valid_to) == ("qualified", None)
