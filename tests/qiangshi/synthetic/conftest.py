"""Regions of three sizes, each made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from qiangshi.policy import load_vocabulary
from qiangshi.synthetic import RegionSpec, make_region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from qiangshi.policy.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def jiyuan(vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """A region of Jiyuan's size."""
    return make_region(RegionSpec(), vocabulary=vocabulary)


@pytest.fixture(scope="session")
def two_towns(vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """A region of 300 teachers."""
    return make_region(RegionSpec(teachers=300), vocabulary=vocabulary)


@pytest.fixture(scope="session")
def one_school(vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """A region of one school with ten teachers."""
    return make_region(RegionSpec(teachers=10), vocabulary=vocabulary)


@pytest.fixture(scope="session")
def ask(jiyuan: dict[str, pa.Table]) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Rows of a query over the region of Jiyuan's size, its relations by name."""
    connection = duckdb.connect()
    for name, table in jiyuan.items():
        connection.register(name, table)

    def answer(query: str) -> list[tuple[Any, ...]]:
        return connection.sql(query).fetchall()

    yield answer
    connection.close()
