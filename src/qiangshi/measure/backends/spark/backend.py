"""Spark carries out the fused plan: for those whose records already lie on a cluster."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.backends.spark.dialect import for_spark
from qiangshi.measure.counts import Counts

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from qiangshi.measure.counts import TestCounts
    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.vocabulary import Vocabulary


class SparkBackend:
    """Carries out evaluation plans on `spark`.

    `at` is the snapshot's folder as the cluster sees it (`hdfs://…/2025-12-31`), by default where
    it lies here; `scratch` a folder that the cluster reads too, for the organisation tree.
    """

    def __init__(
        self, spark: SparkSession, *, at: str | None = None, scratch: str | None = None
    ) -> None:
        self.spark = spark
        self.at = at
        self.scratch = scratch

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """Every count of `plan` for every organisation."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            connection = _Connection(self.spark, snapshot.folder, self.at, Path(folder))
            with _OnSpark(plan, snapshot, vocabulary, connection) as session:
                tests: dict[str, TestCounts | None] = {}
                for subject in dict.fromkeys(test.subject for test in plan.tests):
                    tests |= session.tests(subject)
                return Counts(session.organisations, tests, session.sums())


class _OnSpark(Session):
    """The same statements in the same order; only who carries them out is another."""

    def __init__(
        self,
        plan: EvaluationPlan,
        snapshot: Snapshot,
        vocabulary: Vocabulary,
        connection: Any,
    ) -> None:
        super().__init__(plan, snapshot, vocabulary)
        self.connection.close()
        self.connection = connection


class _Connection:
    """What a session asks of a connection, asked of Spark."""

    def __init__(self, spark: SparkSession, folder: Path, at: str | None, scratch: Path) -> None:
        self.spark = spark
        self.folder = folder
        self.at = at
        self.scratch = scratch
        self._kept: list[DataFrame] = []

    def register(self, name: str, table: pa.Table) -> None:
        """A small table under a name."""
        file = self.scratch / f"{name}.parquet"
        pq.write_table(table, file)
        self.spark.read.parquet(str(file)).createOrReplaceTempView(name)

    def execute(self, text: str) -> None:
        """Make a view; what DuckDB would store as a table is kept in memory or on disk."""
        statement = for_spark(text)
        found = self._found(text)
        if text.startswith("CREATE TABLE"):
            found = found.persist()
            self._kept.append(found)
        found.createOrReplaceTempView(statement.makes or "")

    def sql(self, text: str) -> _Answer:
        """The answer to a query."""
        return _Answer(self._found(text))

    def _found(self, text: str) -> DataFrame:
        statement = for_spark(text)
        for name, path in statement.reads.items():
            seen = path if self.at is None else path.replace(str(self.folder), self.at)
            self.spark.read.parquet(seen).createOrReplaceTempView(name)
        return self.spark.sql(statement.query)

    def close(self) -> None:
        """Forget what was kept."""
        for found in self._kept:
            found.unpersist()


class _Answer:
    """Rows on their way."""

    def __init__(self, found: DataFrame) -> None:
        self._found = found

    def to_arrow_table(self) -> pa.Table:
        """As an Arrow table."""
        return self._found.toArrow()
