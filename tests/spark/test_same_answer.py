"""Spark carries out the same plan and comes to the same counts as DuckDB, to the last one."""

from __future__ import annotations

import gc
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pyspark.sql import SparkSession

from qiangshi.measure import evaluate, write_snapshot
from qiangshi.measure.backends.duckdb import DuckDBBackend
from qiangshi.measure.backends.spark import SparkBackend
from qiangshi.measure.backends.spark.dialect import for_spark
from qiangshi.measure.compiling import compile_plans
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.synthetic import RegionSpec, make_region
from tests.qiangshi.measure.conftest import LAST_DAY, TREE
from tests.qiangshi.measure.overlaps import ENTRIES, GENERAL, PEOPLE, trial
from tests.qiangshi.measure.regions import region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qiangshi.measure.counts import Counts

# The bridge to Java leaves its sockets to the garbage collector, which says so.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

# One machine, little data: no time is spent on compiling what runs once.
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    builder: Any = SparkSession.builder
    builder = builder.master("local[2]").appName("qiangshi")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    folder = tmp_path_factory.mktemp("warehouse")
    session: SparkSession = builder.config("spark.sql.warehouse.dir", str(folder)).getOrCreate()
    yield session
    session.stop()
    gc.collect()


def assert_same(found: Counts, expected: Counts) -> None:
    """Every count of both, to the last one."""
    assert found.organisations.ids == expected.organisations.ids
    for kind in ("tests", "sums"):
        mine, theirs = getattr(found, kind), getattr(expected, kind)
        assert set(mine) == set(theirs)
        for name, counts in theirs.items():
            for field in fields(counts):
                one, other = getattr(mine[name], field.name), getattr(counts, field.name)
                assert np.array_equal(one, other), (name, field.name)


def test_the_demonstration_region_comes_out_as_with_duckdb(
    spark: SparkSession, tmp_path: Path
) -> None:
    vocabulary, spec = load_vocabulary(), RegionSpec()
    tables = make_region(spec, vocabulary=vocabulary)
    snapshot = write_snapshot(tables, tmp_path / "s", on=spec.on, vocabulary=vocabulary)
    plans = [load_plan("jiyuan-2021", vocabulary=vocabulary)]
    plan = compile_plans(plans, vocabulary=vocabulary, on=spec.on)

    expected = DuckDBBackend().count(plan, snapshot, vocabulary)
    found = SparkBackend(spark, scratch=str(tmp_path)).count(plan, snapshot, vocabulary)

    assert_same(found, expected)
    assert any(counts.met.any() for counts in found.tests.values() if counts is not None)


def test_an_exclusive_entry_counts_once_on_spark_too(spark: SparkSession, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    rows = {"organisation": TREE, "person": PEOPLE, "training_entry": ENTRIES}
    tables = region(vocabulary, **rows)
    snapshot = write_snapshot(tables, tmp_path / "s", on=LAST_DAY, vocabulary=vocabulary)
    backend = SparkBackend(spark, scratch=str(tmp_path))
    counted = {}

    for policy in ("shared", "exclusive"):
        plan = compile_plans([trial(policy)], vocabulary=vocabulary, on=LAST_DAY)
        assert_same(
            backend.count(plan, snapshot, vocabulary),
            DuckDBBackend().count(plan, snapshot, vocabulary),
        )
        results = evaluate([trial(policy)], snapshot, vocabulary=vocabulary, backend=backend)
        (row,) = results.for_(organisation_id="R", item=GENERAL)
        counted[policy] = (row.numerator, row.not_met, row.unknown)

    assert counted == {"shared": (3, 0, 0), "exclusive": (1, 1, 1)}


@pytest.mark.parametrize(
    ("duckdb", "spark_sql"),
    [
        ('SELECT s."m0.known" / 3 AS x FROM t AS s', "CAST(s.`m0.known` AS DOUBLE) / CAST"),
        ("SELECT (DATE '2025-12-31' - d) AS x FROM t", "DATEDIFF("),
        ('SELECT * FROM "all person" AS r', "FROM `all_person` AS r"),
        ("SELECT sum(a) OVER (w ROWS UNBOUNDED PRECEDING) FROM t WINDOW w AS (ORDER BY b)",
         "OVER (ORDER BY b"),
    ],
)  # fmt: skip
def test_habits_of_duckdb_are_spelled_out(duckdb: str, spark_sql: str) -> None:
    assert spark_sql in for_spark(duckdb).query


def test_a_file_is_read_under_a_name_of_its_own() -> None:
    statement = for_spark(
        """CREATE VIEW "all person" AS SELECT * FROM read_parquet('/a/p.parquet') AS f"""
    )

    assert statement.makes == "all_person"
    assert statement.reads == {"file__a_p_parquet": "/a/p.parquet"}
