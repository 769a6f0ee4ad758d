from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qiangshi.datacheck.reading import Reading, read_records
from qiangshi.policy import load_plan, load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

ROOT = Path(__file__).parent / "small"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary(ROOT)


@pytest.fixture(scope="session")
def plan(vocabulary: Vocabulary) -> Plan:
    return load_plan("xiaocheng-2024", root=ROOT, vocabulary=vocabulary)


@pytest.fixture(scope="session")
def read(vocabulary: Vocabulary, plan: Plan) -> Callable[[Path], Reading]:
    def read(path: Path) -> Reading:
        return read_records(path, vocabulary=vocabulary, plan=plan)

    return read
