from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qiangshi.policy import load_plan, load_vocabulary

if TYPE_CHECKING:
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def jiyuan(vocabulary: Vocabulary) -> Plan:
    return load_plan("jiyuan-2021", vocabulary=vocabulary)
