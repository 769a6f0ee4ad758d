"""Single subjects under a test: whether it concerns them, the verdict, and every comparison."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qiangshi.measure.backends.duckdb_judging import judged_query
from qiangshi.measure.canonical import parsed
from qiangshi.measure.comparisons import (
    Compared,
    Comparison,
    Found,
    joined,
    leaves,
    sentence_en,
    sentence_zh,
)
from qiangshi.measure.turning import ways_of
from qiangshi.measure.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import expressions as exp

    from qiangshi.measure.backends.duckdb import MeasuredTables
    from qiangshi.measure.backends.duckdb_judging import Keep
    from qiangshi.measure.backends.duckdb_subjects import Layout
    from qiangshi.measure.evaluation_plan import EvaluationPlan, Test
    from qiangshi.measure.results import StatusWord
    from qiangshi.measure.ways import Way
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a test asks, with its comparisons in words: the same for all its subjects."""

    tree: exp.Expr
    parts: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A subject under a test. `applies` and `verdict` are None where a missing fact decides."""

    key: str
    name: str
    organisation_id: str
    organisation_name: str
    applies: bool | None
    verdict: bool | None
    comparisons: tuple[Comparison, ...]
    requirement: Requirement | None = field(default=None, compare=False, repr=False)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The smallest changes that would make the verdict `met`; none where it is, or none can."""
        asked = self.requirement
        if asked is None or self.verdict is True:
            return ()
        return ways_of(asked.tree, asked.parts, self.comparisons)

    @property
    def state(self) -> StatusWord:
        """`met`, `not_met`, `unknown`, or `not_applicable`: how the subject counts."""
        if self.applies is False:
            return "not_applicable"
        if self.applies is None or self.verdict is None:
            return "unknown"
        return "met" if self.verdict else "not_met"

    def sentence(self, cited: str) -> str:
        """What the subject has, needs and lacks, with its clause: 「…（济源 四(三)）」."""
        each = [sentence_zh(found) for found in self.comparisons]
        words = joined(list(self.comparisons), each, among="；或", after="；")
        return f"{words}（{cited}）"

    def sentence_en(self, cited: str) -> str:
        """The same in English."""
        each = [sentence_en(found) for found in self.comparisons]
        words = joined(list(self.comparisons), each, among="; or ", after="; ")
        return f"{words} ({cited})"


def wordings(plan: EvaluationPlan, vocabulary: Vocabulary) -> tuple[Wording, Wording]:
    """Words in Chinese and in English for the measures of an evaluation plan."""
    measures = {measure.id: measure for measure in plan.measures}
    return (
        Wording(vocabulary, measures, plan.on, "zh"),
        Wording(vocabulary, measures, plan.on, "en"),
    )


@lru_cache(maxsize=32)
def words_of(layout: Layout) -> tuple[Wording, Wording]:
    """The same for the plan of a layout, made once."""
    return wordings(layout.plan, layout.vocabulary)


@lru_cache(maxsize=256)
def _asked(layout: Layout, test: Test, keep: Keep) -> tuple[Requirement, str]:
    """What a test asks, and the statement that judges by it."""
    zh, en = words_of(layout)
    tree = parsed(layout.plan.condition(test.requires or test.population).text)
    asked = Requirement(tree, tuple(Compared(leaf, zh, en) for leaf in leaves(tree)))
    return asked, judged_query(test, layout, keep)


def judged(session: MeasuredTables, test: Test, keep: Keep) -> Iterator[Judged]:
    """The subjects that the session keeps to, in tree order."""
    if test.subject not in session.layout.present:
        return
    asked, query = _asked(session.layout, test, keep)
    table = session.rows(query)
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    organisations = session.organisations
    for at in range(table.num_rows):
        row: dict[str, Any] = {name: values[at] for name, values in columns.items()}
        compared = (part.comparison(_found(row, number)) for number, part in enumerate(asked.parts))
        yield Judged(
            key=row["key"],
            name=row["name"],
            organisation_id=organisations.ids[row["place"]],
            organisation_name=organisations.names[row["place"]],
            applies=row["applies"],
            verdict=row["verdict"],
            comparisons=tuple(compared),
            requirement=asked if test.requires is not None else None,
        )


def _found(row: dict[str, Any], number: int) -> Found:
    return Found(row[f"v{number}"], row[f"a{number}"], row[f"z{number}"], row[f"n{number}"])
