"""What an engine gives back: for every organisation, the counts that figures are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.vocabulary import Vocabulary

    Integers = npt.NDArray[np.int64] | npt.NDArray[np.int32]
    Truths = npt.NDArray[np.bool_]

SCALE = 10_000
"""Sums of decimal columns are whole ten-thousandths: exact, whatever the order of adding."""


OUTCOMES = ("met", "not_met", "unknown", "maybe_met", "maybe_not", "maybe_unknown")
"""The counters of a test, in the order of `TestCounts`."""


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations of a snapshot in tree order; `top` marks those below none."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    tiers: tuple[str, ...]
    top: Truths


@dataclass(frozen=True, slots=True)
class TestCounts:
    """How many subjects of each organisation's subtree stand how: one number an organisation.

    The first three are subjects certainly in the population, the others those of whom a missing
    fact leaves it open. A test without requirement counts in `met` and `maybe_met` alone.
    """

    met: Integers
    not_met: Integers
    unknown: Integers
    maybe_met: Integers
    maybe_not: Integers
    maybe_unknown: Integers


@dataclass(frozen=True, slots=True)
class SumCounts:
    """A measure over each subtree, in units of 1/`scale`.

    It is at least `known` where `at_least`, and at most `known + extra` where `at_most`; `gap` is
    how many owners of rows leave it open. Where it is not `there`, a largest or smallest value is
    of no row at all, and unknown.
    """

    known: Integers
    extra: Integers
    gap: Integers
    at_least: Truths
    at_most: Truths
    there: Truths
    scale: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by the ids of the evaluation plan; None where nothing is known of the subject.

    `fallbacks` tells why a test or sum was left to the reference engine, by its id.
    """

    organisations: Organisations
    tests: Mapping[str, TestCounts | None]
    sums: Mapping[str, SumCounts]
    fallbacks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountsBy:
    """The counts of each value of a breakdown; of those whose value is unknown, under None.

    Tests and sums that the breakdown does not part are left out: of a test, when its subject
    leads to none of the columns; of a sum, when the column is not one of organisations.
    """

    breakdown: str
    values: tuple[str | None, ...]
    counts: tuple[Counts, ...]


class Backend(Protocol):
    """An engine."""

    def count(self, plan: EvaluationPlan, snapshot: Snapshot, vocabulary: Vocabulary) -> Counts:
        """Carry out `plan` on `snapshot`."""


class BreakdownBackend(Backend, Protocol):
    """An engine that can also part its counts."""

    def count_by(
        self,
        plan: EvaluationPlan,
        snapshot: Snapshot,
        vocabulary: Vocabulary,
        breakdown: Breakdown,
    ) -> CountsBy:
        """Carry out `plan` on `snapshot` for every value of `breakdown` apart."""
