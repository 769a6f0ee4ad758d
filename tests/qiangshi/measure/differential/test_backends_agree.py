"""Five hundred random plans over random regions come out the same, whoever carries them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qiangshi.measure.backends.duckdb import DuckDBBackend
from tests.qiangshi.measure.differential.cases import disagreements, drawn, misread, told
from tests.qiangshi.measure.differential.faults import FAULTS, Faulty

if TYPE_CHECKING:
    from qiangshi.measure.counts import Backend
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.differential.cases import Case

REGIONS, PLANS = 26, 20  # 520 pairs; the plans of a region are measured together


@pytest.mark.parametrize("seed", range(REGIONS))
def test_duckdb_finds_what_walking_row_by_row_finds(seed: int, vocabulary: Vocabulary) -> None:
    def wrong(case: Case) -> list[str]:
        return misread(case, DuckDBBackend())

    case = drawn(vocabulary, seed, plans=PLANS)
    assert not wrong(case), told(case, wrong)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, vocabulary: Vocabulary) -> None:
    engines: dict[str, Backend] = {
        "sound": DuckDBBackend(),
        "faulty": Faulty(DuckDBBackend(), **FAULTS[fault]),
    }

    cases = (drawn(vocabulary, seed, plans=PLANS) for seed in range(REGIONS))

    assert any(disagreements(case, engines) for case in cases)
