"""Five hundred random plans over random regions come out the same, whoever carries them out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure.backends.bitplane.standing import BitplaneBackend
from qiangshi.measure.backends.duckdb import DuckDBBackend, PlainDuckDB
from qiangshi.measure.backends.planes import blocks
from qiangshi.policy.methods import load_breakdowns
from tests.qiangshi.measure.differential.cases import (
    disagreements,
    drawn,
    mistakes,
    parted_differently,
    ready,
    told,
    unlike,
)
from tests.qiangshi.measure.differential.faults import FAULTS, Faulty

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.measure.counts import Backend, Counts
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.differential.cases import Case, Ready

REGIONS, PLANS = 26, 20  # 520 pairs; the plans of a region are measured together


def engines() -> dict[str, Backend]:
    """Three engines, none of which has seen any snapshot yet."""
    return {
        "bitplane": BitplaneBackend(),
        "premeasured": DuckDBBackend(),
        "plain": PlainDuckDB(),
    }


@pytest.mark.parametrize("seed", range(REGIONS))
def test_all_engines_find_what_walking_row_by_row_finds(
    seed: int, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 2:  # in blocks of about three organisations
        monkeypatch.setattr(blocks, "_MOST", 100)

    def wrong(case: Case) -> list[str]:
        return mistakes(case, engines())

    case = drawn(vocabulary, seed, plans=PLANS)

    assert not wrong(case), told(case, wrong)


@pytest.mark.parametrize("seed", [3, 11])
def test_an_owner_whose_facts_lie_in_several_slices_is_counted_once(
    seed: int, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiangshi.measure.snapshot.ROWS", 3)
    monkeypatch.setattr("qiangshi.measure.backends.premeasured_slices._SLICE", 5)
    case = drawn(vocabulary, seed, plans=PLANS)

    assert not disagreements(case, engines())


@pytest.mark.parametrize("breakdown", load_breakdowns())
@pytest.mark.parametrize("most", [100, 1 << 21], ids=["in blocks", "whole"])
def test_engines_part_figures_alike(
    most: int, breakdown: str, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_MOST", most)
    by = load_breakdowns()[breakdown]
    case = drawn(vocabulary, len(breakdown), plans=PLANS)

    assert not parted_differently(case, by, BitplaneBackend(), DuckDBBackend())


@pytest.fixture(scope="module")
def as_it_is(
    vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], tuple[Ready, Counts]]:
    """Seed → its case and what a sound engine counts, measured when it is first asked for."""

    @cache
    def measured(seed: int) -> tuple[Ready, Counts]:
        case = drawn(vocabulary, seed, plans=PLANS)
        made = ready(case, tmp_path_factory.mktemp("sound"))
        return made, made.counts(BitplaneBackend())

    return measured


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(
    fault: str, as_it_is: Callable[[int], tuple[Ready, Counts]]
) -> None:
    faulty = Faulty(BitplaneBackend(), **FAULTS[fault])

    cases = (as_it_is(seed) for seed in range(REGIONS))

    assert any(
        unlike(made, {"sound": sound, "faulty": made.counts(faulty)}) for made, sound in cases
    )
