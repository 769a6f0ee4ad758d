"""Draws, panels and rankings that anybody can repeat."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiangshi.casework.drawing import draw
from qiangshi.casework.grounds import Refused
from qiangshi.casework.panels import (
    Conflicts,
    Spell,
    Tie,
    same_school,
    seat_panel,
    served_together,
    spread,
)
from qiangshi.casework.rounds import Entry, Quota, Ranking, allot, rank

if TYPE_CHECKING:
    from qiangshi.casework.rounds import Ranked

POOL = [f"E{number:03}" for number in range(30)]


def test_a_draw_from_the_published_seed_gives_the_same_experts_in_any_order() -> None:
    first = draw(POOL, 5, seed="2026-03-02", purpose="T1")

    again = draw(reversed(POOL), 5, seed="2026-03-02", purpose="T1")

    assert again == first


def test_a_lot_can_be_worked_out_by_hand() -> None:
    lots = sorted((hashlib.sha256(f"s\np\n{one}".encode()).hexdigest(), one) for one in POOL)

    assert draw(POOL, 3, seed="s", purpose="p").taken == tuple(one for _, one in lots[:3])


def test_a_draw_from_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 31 candidates"):
        draw(POOL, 31, seed="s", purpose="p")


@given(st.sets(st.sampled_from(POOL), min_size=6), st.text(min_size=1, max_size=8))
def test_who_leaves_the_pool_moves_nobody_else(pool: set[str], seed: str) -> None:
    taken = draw(pool, 5, seed=seed, purpose="p").taken
    outside = sorted(pool - {*taken})[0]

    assert draw(pool - {outside}, 5, seed=seed, purpose="p").taken == taken


def test_nobody_with_a_tie_sits_and_the_report_says_why() -> None:
    schools = {"E000": "S1", "E001": "S2", "P": "S1"}
    ties = [
        *same_school(schools, POOL),
        Tie("E002", "P", "declared"),
        Tie("P", "E003", "mentor"),
        Tie("E004", "P", "studio"),
    ]

    seating = seat_panel(POOL, 5, applicant="P", conflicts=Conflicts(ties), seed="s", purpose="1")

    assert dict(seating.excluded) == {
        "E000": "同一学校",
        "E002": "申请人申报的亲属或合作者",
        "E003": "师徒关系",
        "E004": "同一工作室",
    }
    assert not {*seating.experts} & {*seating.excluded}


def test_who_once_worked_side_by_side_may_not_judge_each_other() -> None:
    spells = [
        Spell("P", "S1", date(2010, 9, 1), date(2015, 8, 31)),
        Spell("E000", "S1", date(2015, 8, 31), None),
        Spell("E001", "S1", date(2015, 9, 1), None),
        Spell("E002", "S2", date(2010, 9, 1), date(2015, 8, 31)),
    ]

    found = {frozenset({tie.one, tie.other}) for tie in served_together(spells, POOL)}

    assert found == {frozenset({"P", "E000"}), frozenset({"E000", "E001"})}


def test_an_expert_never_judges_herself() -> None:
    seating = seat_panel(
        POOL[:6], 5, applicant="E003", conflicts=Conflicts([]), seed="s", purpose="1"
    )

    assert "E003" not in seating.experts


def test_a_pool_that_ties_have_emptied_is_told() -> None:
    ties = [Tie("P", one, "declared") for one in POOL[:28]]

    with pytest.raises(Refused, match="可用专家2人，应抽3人"):
        seat_panel(POOL, 3, applicant="P", conflicts=Conflicts(ties), seed="s", purpose="1")


def test_the_spread_names_whose_score_lies_far_from_the_middle() -> None:
    found = spread({"E1": 80, "E2": 82, "E3": 84, "E4": 50}, outlier=15)

    assert found is not None
    assert (found.middle, found.width, found.outliers) == (81, 34, ("E4",))


ENTRIES = [
    Entry("1", 90, ("S1",), ties=(5,)),
    Entry("2", 85, ("S1",), ties=(9,)),
    Entry("3", 85, ("S2",), ties=(7,)),
    Entry("4", 85, ("S2",), ties=(7,)),
    Entry("5", 60, ("S2",), ties=(1,)),
    Entry("6", 99, ("S1",), ties=(0,), track="directed"),
]
RULE = Ranking(ties=("教龄",), least=70, seed="2026")


def results(ranked: Ranked) -> dict[str, str]:
    return {one.entry.case: one.result for one in ranked.placed}


def test_a_round_ranks_within_its_quotas_by_the_stated_rule() -> None:
    ranked = allot(ENTRIES, [Quota(3), Quota(1, region="S1")], RULE)

    assert results(ranked) == {
        "6": "directed",
        "1": "within",
        "2": "outside",
        "3": "within",
        "4": "within",
        "5": "below",
    }
    assert ranked.by_lot in {(("3", "4"),), (("4", "3"),)}


def test_the_order_of_entry_never_decides() -> None:
    orders = {tuple(one.case for one in rank(order, RULE)) for order in permutations(ENTRIES[:4])}

    assert len(orders) == 1


def test_another_seed_may_turn_equal_ones_and_nobody_else() -> None:
    found = {
        tuple(one.case for one in rank(ENTRIES, Ranking(("教龄",), None, str(seed))))
        for seed in range(20)
    }

    assert found == {("6", "1", "2", "3", "4", "5"), ("6", "1", "2", "4", "3", "5")}


@given(st.lists(st.integers(0, 100), min_size=1, max_size=25), st.integers(0, 10))
def test_more_places_never_put_anybody_out(scores: list[int], most: int) -> None:
    entries = [Entry(str(n), score, ties=()) for n, score in enumerate(scores)]
    rule = Ranking(seed="x")

    fewer, more = (allot(entries, [Quota(n)], rule).passed for n in (most, most + 1))

    assert set(fewer) <= set(more)
    assert len(more) == min(len(scores), most + 1)


def test_entries_without_a_quota_or_a_tie_value_are_all_told() -> None:
    entries = [Entry("1", 80, ("S9",), ties=(1,)), Entry("2", 80, ("S1",))]

    with pytest.raises(Refused) as refused:
        allot(entries, [Quota(1, region="S1")], RULE)

    assert [ground.text for ground in refused.value.grounds] == [
        "1不在任何名额之内",
        "2缺少同分比较的数据",
    ]
