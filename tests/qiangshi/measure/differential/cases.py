"""Cases: a random region and random plans over it, measured by several engines and compared.

`disagreements` compares engines counter by counter; `mistakes` compares the first with the
interpreter that walks row by row, too. What disagrees is shrunk to one item and the fewest rows
before it is told.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from qiangshi.measure import write_snapshot
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.evaluating import results_of
from tests.qiangshi.measure.differential.random_plans import RandomPlans
from tests.qiangshi.measure.interpreter_items import interpreted
from tests.qiangshi.measure.random_regions import RandomRegion, as_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from fractions import Fraction

    from qiangshi.measure.counts import Backend, BreakdownBackend, Counts
    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.results import Result, Results
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary
    from tests.qiangshi.measure.interpreter_items import Outcome
    from tests.qiangshi.measure.random_regions import Rows

ON = date(2024, 11, 20)
ALWAYS = ("organisation", "ledger_confirmation", "organisation_membership")
LEDGERS = (
    "training_entry", "certificate", "post_holding", "homeroom_service", "teaching_assignment",
    "honour", "studio", "studio_membership", "finance_year", "school_year_figures",
    "supervision_result", "student_teacher", "student_contract", "land_record",
    "training_project", "cohort_membership", "performance_pay_share", "hire",
)  # fmt: skip


class SmallRegion(RandomRegion):
    """A region with some ledgers only: some empty, some organisations without anybody."""

    def some(self, ledgers: list[str]) -> Rows:
        """Rows of persons, of every relation that always is there, and of `ledgers`."""
        self._fill("person", self.draw.choice([0, 3, 8, 14]))
        names = [name for name in ALWAYS if name != "organisation"] + ledgers
        for name in sorted(names, key=self._depth):
            self._fill(name, self.draw.choice([0, 2, 6, 18]))
        return self.rows


@dataclass(frozen=True)
class Case:
    """Plans over a region. `lost`: columns that the snapshot does not have."""

    vocabulary: Vocabulary
    rows: Rows
    plans: tuple[Plan, ...]
    lost: tuple[tuple[str, str], ...] = ()

    def snapshot(self, folder: Path) -> Snapshot:
        """The region as a snapshot, without the lost columns."""
        tables = as_tables(self.rows, self.vocabulary)
        made = write_snapshot(tables, folder / "s", on=ON, vocabulary=self.vocabulary)
        for relation, column in self.lost:
            if relation in made.relations:
                file = made.path(relation)
                pq.write_table(pq.read_table(file).drop_columns([column]), file)
        return made

    def known_rows(self) -> Rows:
        """The rows with the lost columns empty: what an engine has to make of the snapshot."""
        gone = set(self.lost)
        return {
            name: [
                {column: None if (name, column) in gone else value for column, value in row.items()}
                for row in rows
            ]
            for name, rows in self.rows.items()
        }


def drawn(vocabulary: Vocabulary, seed: int, *, plans: int) -> Case:
    """The case of a seed."""
    draw = random.Random(seed)
    ledgers = draw.sample(LEDGERS, 6)
    absent = set(draw.sample(ledgers, draw.choice([0, 0, 1, 2])))
    if draw.random() < 0.08:
        absent.add("person")
    rows = SmallRegion(vocabulary, seed, on=ON).some(ledgers)
    if draw.random() < 0.1:
        absent.add("ledger_confirmation")
    rows = {name: given for name, given in rows.items() if name not in absent}
    makes = RandomPlans(vocabulary, draw, ["organisation", "person", *ledgers])
    made = tuple(makes.plan(f"plan-{n}", items=draw.randint(1, 4)) for n in range(plans))
    return Case(vocabulary, rows, made, tuple(_lost(draw, vocabulary, rows)))


def _lost(draw: random.Random, vocabulary: Vocabulary, rows: Rows) -> Iterator[tuple[str, str]]:
    for name in rows:
        columns = [one.id for one in vocabulary.relations[name].columns if not one.required]
        columns = [column for column in columns if not column.startswith(("valid_", "parent_"))]
        if columns and draw.random() < 0.15:
            yield name, draw.choice(columns)


@dataclass(frozen=True)
class Ready:
    """A case to be measured: the plan to be carried out, and the region as a snapshot."""

    case: Case
    plan: EvaluationPlan
    snapshot: Snapshot

    def counts(self, backend: Backend) -> Counts:
        """What an engine counts."""
        return backend.count(self.plan, self.snapshot, self.case.vocabulary)

    def results(self, counts: Counts) -> Results:
        """What the counts come to."""
        return results_of(
            self.plan, counts, snapshot=self.snapshot, vocabulary=self.case.vocabulary
        )


def ready(case: Case, folder: Path) -> Ready:
    """The case with its snapshot in a folder."""
    plan = compile_plans(case.plans, vocabulary=case.vocabulary, on=ON)
    return Ready(case, plan, case.snapshot(folder))


def disagreements(case: Case, backends: Mapping[str, Backend]) -> list[str]:
    """Where any backend differs from the first: counters, and every column of the results."""
    with tempfile.TemporaryDirectory() as folder:
        made = ready(case, Path(folder))
        return unlike(made, {name: made.counts(backend) for name, backend in backends.items()})


def mistakes(case: Case, backends: Mapping[str, Backend]) -> list[str]:
    """Where any backend differs from the first, or the first from the interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        made = ready(case, Path(folder))
        counted = {name: made.counts(backend) for name, backend in backends.items()}
        return unlike(made, counted) or misread(made, next(iter(counted.values())))


def unlike(made: Ready, counted: Mapping[str, Counts]) -> list[str]:
    """Where any counts of a case differ from the first, or come to other results."""
    reference, *others = counted
    found = []
    for other in others:
        found += [f"{other}: {told}" for told in _differing(counted[reference], counted[other])]
    if not found:
        expected = made.results(counted[reference]).table()
        found += [
            f"{other}: results differ"
            for other in others
            if not made.results(counted[other]).table().equals(expected)
        ]
    return found


def parted_differently(
    case: Case, breakdown: Breakdown, one: BreakdownBackend, other: BreakdownBackend
) -> list[str]:
    """Where two backends part the counts of a case differently."""
    with tempfile.TemporaryDirectory() as folder:
        made = ready(case, Path(folder))
        mine, theirs = (
            backend.count_by(made.plan, made.snapshot, case.vocabulary, breakdown)
            for backend in (one, other)
        )
    if mine.values != theirs.values:
        return [f"{mine.values} against {theirs.values}"]
    pairs = zip(mine.values, mine.counts, theirs.counts, strict=True)
    return [f"{value}: {told}" for value, *parts in pairs for told in _differing(*parts)]


def _differing(one: Counts, other: Counts) -> Iterator[str]:
    assert list(one.organisations.ids) == list(other.organisations.ids)
    for kind in ("tests", "sums"):
        mine, theirs = getattr(one, kind), getattr(other, kind)
        if set(mine) != set(theirs):
            yield f"{kind}: {sorted(mine)} against {sorted(theirs)}"
            continue
        for name, given in mine.items():
            if (given is None) != (theirs[name] is None):
                yield f"{name}: {given} against {theirs[name]}"
            elif given is not None:
                yield from _different_fields(name, given, theirs[name])


def _different_fields(name: str, one: object, other: object) -> Iterator[str]:
    for field in fields(one):  # type: ignore[arg-type]
        left, right = getattr(one, field.name), getattr(other, field.name)
        if not np.array_equal(left, right):
            yield f"{name}.{field.name}: {left} against {right}"


def misread(made: Ready, counts: Counts) -> list[str]:
    """Where the counts come to other results than the interpreter that walks row by row."""
    case = made.case
    rows = case.known_rows()
    expected = {
        (one.id, *key): outcome
        for one in case.plans
        for key, outcome in interpreted(one, rows, case.vocabulary, ON)
    }
    found = []
    for row in made.results(counts).rows:
        where = (row.plan, row.item, row.organisation_id)
        outcome = expected.get((*where, row.period)) or expected[*where, ""]
        if not _same(row, outcome):
            found.append(f"{where} {row.period}\n  interpreted {outcome}\n  measured    {row}")
    return found


def _same(row: Result, outcome: Outcome) -> bool:
    pairs = [
        (row.numerator, outcome.numerator),
        (row.denominator, outcome.denominator),
        (row.low, outcome.low),
        (row.high, outcome.high),
    ]
    return (row.unknown, row.status) == (outcome.unknown, outcome.status) and all(
        _near(found, exact) for found, exact in pairs
    )


def _near(found: float | None, exact: float | Fraction | None) -> bool:
    if found is None or exact is None:
        return found is None and exact is None
    return abs(found - float(exact)) <= 1e-12 * max(1, abs(found))


def shrunk(case: Case, wrong: Callable[[Case], object]) -> Case:
    """A smaller case that is still wrong: one item if it can be, and as few rows as may be."""
    for plan in case.plans:
        for reference, item in plan.items.items():
            alone = plan.model_copy(update={"items": {reference: item}})
            one = replace(case, plans=(alone,))
            if _still(one, wrong):
                return _fewest_rows(one, wrong)
    return _fewest_rows(case, wrong)


def _fewest_rows(case: Case, wrong: Callable[[Case], object]) -> Case:
    """Take away halves, quarters … of every table while what is left is wrong."""
    for name in sorted(case.rows, key=lambda name: name in ALWAYS):
        size = max(len(case.rows[name]) // 2, 1)
        while size:
            at = 0
            while at < len(case.rows[name]):
                kept = case.rows[name][:at] + case.rows[name][at + size :]
                fewer = replace(case, rows={**case.rows, name: kept})
                if _still(fewer, wrong):
                    case = fewer
                else:
                    at += size
            size //= 2
    return case


def _still(case: Case, wrong: Callable[[Case], object]) -> bool:
    try:
        return bool(wrong(case))
    except Exception:  # what cannot be measured any more is another case
        return False


def told(case: Case, wrong: Callable[[Case], list[str]]) -> str:
    """What is wrong with a case, shrunk: the plan to be carried out, the rows, the difference."""
    small = shrunk(case, wrong)
    plan = compile_plans(small.plans, vocabulary=small.vocabulary, on=ON)
    rows = [
        f"{name}: { {key: value for key, value in row.items() if value is not None} }"
        for name, given in small.rows.items()
        for row in given
    ]
    parts = [*map(str, plan.measures), *map(str, plan.conditions), *map(str, plan.tests)]
    parts += [*map(str, plan.sums), f"lost {small.lost}", f"tables {list(small.rows)}"]
    return "\n".join([*wrong(small)[:4], *parts, *rows])
