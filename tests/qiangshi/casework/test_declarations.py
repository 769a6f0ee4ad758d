"""Working days, numbers with their clause, payloads, variants, diagrams and guides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from qiangshi.casework.diagram import mermaid, svg
from qiangshi.casework.grounds import Refused
from qiangshi.casework.guide import guide
from qiangshi.casework.kinds import Move, Step
from qiangshi.casework.numbers import NoNumber, Norms, Number
from qiangshi.casework.payloads import for_experts, read
from qiangshi.casework.soundness import problems
from qiangshi.casework.variants import Between, Handled, Succession, Without, derive, difference
from qiangshi.casework.variants import succeed as follow
from qiangshi.casework.workdays import load_workdays
from qiangshi.errors import QiangshiError
from tests.qiangshi.casework.samples import (
    CHIEF,
    CLERK,
    GRANT,
    NORMS,
    ON,
    PLAN,
    RULES,
    WORLD,
    Wish,
    plan,
)
from tests.qiangshi.casework.walking import Walk

if TYPE_CHECKING:
    from pathlib import Path

DAYS = RULES.workdays


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # a Sunday that makes up for New Year
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # Saturday on duty, then Spring Festival
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 9), 1, date(2026, 10, 10)),
        (date(2025, 9, 26), 3, date(2025, 9, 30)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_working_days_follow_holidays_and_days_that_make_up(
    start: date, days: int, end: date
) -> None:
    assert DAYS.after(start, days) == end
    assert DAYS.between(start, end) == days


def test_a_year_without_announced_holidays_is_not_settled() -> None:
    assert DAYS.is_settled(date(2026, 12, 31))
    assert not DAYS.is_settled(date(2031, 1, 4))


def test_a_calendar_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text("year: 2028\n", encoding="utf-8")

    with pytest.raises(QiangshiError, match=r"2027\.yaml: expected year 2027, got 2028"):
        load_workdays(tmp_path)


def test_the_nearest_plans_number_comes_first_with_its_clause() -> None:
    norms = Norms([PLAN, plan("nearer", desk=("working_day", 7.0))])

    cited = norms.find(Number(NORMS, "desk"), ON)

    assert (cited.amount, cited.plan, cited.clause) == (7.0, "nearer", "三")


def test_a_number_that_no_plan_gives_is_not_made_up() -> None:
    with pytest.raises(NoNumber, match="grant-norms/none"):
        RULES.norms.find(Number(NORMS, "none"), ON)


def test_everything_wrong_with_a_form_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        read(Wish, {"title": "", "amount": "3.5", "until": "2026-13-01"}, codes={})

    assert [ground.field for ground in refused.value.grounds] == ["title", "amount", "until"]


def test_experts_are_not_told_whom_they_judge() -> None:
    assert for_experts(Wish, {"title": "样", "name": "李某"}) == {"title": "样"}


VARIANT = derive(
    GRANT,
    "sample",
    Between(
        Step("town", "乡镇审核", CHIEF),
        source="draft",
        target="desk",
        moves=(Move("pass", "通过", "town", "desk"),),
    ),
    Handled("review", CLERK),
)


def test_a_variant_is_derived_sound_and_its_difference_is_shown() -> None:
    assert problems(VARIANT, WORLD) == []
    assert difference(GRANT, VARIANT, roles={CLERK: "经办人", CHIEF: "负责人"}) == (
        "环节“复核”：办理人由“负责人”改为“经办人”",
        "增加环节“乡镇审核”",
        f"操作“提交”：转到由“{GRANT.places['desk'].label}”改为“乡镇审核”",
        "增加操作“通过”",
    )


def test_a_step_taken_out_leaves_a_sound_type() -> None:
    shorter = derive(GRANT, "sample", Without("signing", onward="judging"))

    assert problems(shorter, WORLD) == []
    assert "signing" not in mermaid(shorter)


def test_an_open_case_follows_a_declared_succession() -> None:
    walk = Walk.of(GRANT, RULES, lambda n: 0, ON)
    succession = Succession("demo.grant", 1, 2, (("draft", "desk"),))

    event = follow(walk.standing, succession, ON)

    assert (event.source, event.target) == ("draft", "desk")


def test_the_diagram_shows_every_place_and_way() -> None:
    drawn = svg(GRANT, roles={CLERK: "经办<人>"})

    words = "".join(ElementTree.fromstring(drawn).itertext())
    assert all(place.label in words for place in GRANT.places.values())
    assert all(move.label in words for move in GRANT.moves)
    assert mermaid(GRANT).count("-->") >= len(GRANT.moves)


def test_the_guide_cites_a_clause_for_every_limit() -> None:
    told = guide(GRANT, RULES.norms, on=ON, roles={CLERK: "经办人"}).markdown()

    assert "5个工作日内办结（样本规划 三）" in told
    assert "公示3个工作日（样本规划 三）" in told
    assert "可在10个工作日内申诉" in told
