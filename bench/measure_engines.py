"""All five plans on a region of any size: our engines beside every other way, in one run.

`--teachers N` (100,000 unless said; beyond a million a multiple of it) makes the region once, in a
process of its own, and keeps it under `--home`. `cold` is from the exported snapshot, person
measures built on the way. `warm` has in memory what is premeasured of a snapshot: the columns and
windowed measures of every person, and the windowed measures of every organisation with what they
come to over its subtree. It keeps no comparison, no condition, no test and no count: all are made
anew in each run. `asked again` keeps those too.

Our engines and the plain one carry out everything; the others count the tests over persons that
all of them can write, and are compared with ours on the same tests. All answers are verified.
`one query an indicator and level` runs `--sample` of the tests and is scaled to all of them.
OpenFisca works out the same rules to the same end: how many of every school, town, county and the
region meet it, do not, or are unknown. `who meets it` is what it takes for persons alone, with no
organisation and no unknown; no side of ours does so little.

`--only ours` leaves the others out. Of a nation of several copies of a region it then checks every
counter of every copy against the region alone, as DuckDB counts it, after memory was looked at.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.measure_openfisca import Rules
from bench.measure_regions import LARGEST, made_apart, region
from bench.measure_rivals import PlainQueries, comparable, narrowed, polars_counts
from qiangshi.measure.backends.bitplane.standing import Standing
from qiangshi.measure.backends.duckdb import DuckDBBackend, PlainDuckDB
from qiangshi.measure.backends.premeasuring import Premeasuring
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.counts import OUTCOMES
from qiangshi.policy import load_plans, load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.measure.counts import Counts
    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.measure.premeasured import Premeasured


def timed(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Median seconds of `runs`, and the last answer."""
    times, answer = [], None
    for _ in range(runs):
        answer = None  # its room is free for the next
        start = perf_counter()
        answer = work()
        times.append(perf_counter() - start)
    return median(times), answer


def same_counts(one: Counts, other: Counts) -> bool:
    """Whether two engines say the same of everything."""
    pairs: list[tuple[Any, Any]] = [(one.tests[name], found) for name, found in other.tests.items()]
    pairs += [(one.sums[name], found) for name, found in other.sums.items()]
    return all(_same(left, right) for left, right in pairs)


def _same(left: Any, right: Any) -> bool:
    names = getattr(left, "__slots__", ())
    return type(left) is type(right) and all(
        np.array_equal(getattr(left, name), getattr(right, name)) for name in names
    )


def read_bytes(premeasured: Premeasured) -> int:
    """Touch every byte that conditions over subjects rest on."""
    total = 0
    for table in premeasured.tables.values():
        arrays: list[Any] = [table.places]
        arrays += [getattr(one, "codes", getattr(one, "values", None)) for one in
                   table.columns.values()]  # fmt: skip
        for one in table.measures.values():
            arrays += [one.known.values, one.extra, one.open]
        total += sum(int(array.max(initial=0)) for array in arrays if array.strides != (0,))
    return total


class Bench:
    """One region, all plans, and the seconds of each way."""

    def __init__(self, teachers: int, home: Path, runs: int, sample: int) -> None:
        self.vocabulary = load_vocabulary()
        self.snapshot = region(teachers, home, self.vocabulary)
        plans = list(load_plans().values())
        self.plan = compile_plans(plans, vocabulary=self.vocabulary, on=self.snapshot.on)
        self.runs, self.sample = runs, sample
        self.seconds: dict[str, float] = {}
        self.agree: dict[str, bool] = {}
        self.ratios: dict[str, float] = {}
        self.names: list[str] = []

    def stand(self) -> Standing:
        """The bit planes, with person measures in memory and nothing remembered of any answer."""
        on, given = self.plan.on, self.premeasuring
        return Standing(self.snapshot, self.vocabulary, on=on, premeasuring=given)

    def quickly(self, plan: EvaluationPlan) -> Counts:
        """Carry out a plan with bit planes made anew."""
        return self.stand().count(plan)

    def ours(self) -> Counts:
        """Everything by bit planes; cold, then warm. Memory is looked at afterwards."""
        on, snapshot, vocabulary = self.plan.on, self.snapshot, self.vocabulary
        start = perf_counter()
        self.premeasuring = Premeasuring(snapshot, vocabulary, on=on)
        self.premeasured = self.premeasuring.of(self.plan)
        self.seconds["premeasure"] = perf_counter() - start
        self.peak_premeasuring = _peak_gib()
        first = timed(lambda: self.quickly(self.plan), 1)[0]
        self.seconds["bitplane cold"] = self.seconds["premeasure"] + first
        self.seconds["bitplane, asked again"] = self._asked_again()
        warm, quick = timed(lambda: self.quickly(self.plan), self.runs)
        self.seconds["bitplane warm"] = warm
        self.seconds["bytes"], _ = timed(lambda: read_bytes(self.premeasured), self.runs)
        self.ratios["bytes"] = warm / self.seconds["bytes"]
        self.peak = _peak_gib()
        counted: Counts = quick
        return counted

    def _asked_again(self) -> float:
        """Seconds where the answer is remembered; in a method, so that it is forgotten here."""
        standing = self.stand()
        standing.count(self.plan)
        return timed(lambda: standing.count(self.plan), self.runs)[0]

    def reference(self, quick: Counts) -> Counts:
        """Everything by DuckDB over what was premeasured."""
        self.backend = DuckDBBackend()
        self.backend.adopt(self.premeasuring)
        warm, found = timed(
            lambda: self.backend.count(self.plan, self.snapshot, self.vocabulary), self.runs
        )
        self.seconds["duckdb premeasured warm"] = warm
        self.ratios["duckdb_premeasured"] = warm / self.seconds["bitplane warm"]
        self.agree["bitplane"] = same_counts(quick, found)
        counted: Counts = found
        return counted

    def copies(self, quick: Counts, home: Path) -> None:
        """Each copy of a nation against the region alone."""
        one = region(LARGEST, home, self.vocabulary)
        alone = DuckDBBackend().count(self.plan, one, self.vocabulary)
        self.agree["every copy"] = all(
            _is_repeated(getattr(found, name), getattr(quick.tests[test], name))
            for test, found in alone.tests.items()
            if found is not None
            for name in OUTCOMES
        ) and all(
            _is_repeated(getattr(found, name), getattr(quick.sums[each], name))
            for each, found in alone.sums.items()
            for name in ("known", "extra", "gap", "at_least", "at_most", "there")
        )

    def plain(self, reference: Counts) -> None:
        """Everything from the files, nothing premeasured."""
        seconds, found = timed(
            lambda: PlainDuckDB().count(self.plan, self.snapshot, self.vocabulary), 1
        )
        self.seconds["plain duckdb, everything"] = seconds
        self.ratios["duckdb_everything"] = seconds / self.seconds["bitplane warm"]
        self.ratios["duckdb_everything_cold"] = seconds / self.seconds["bitplane cold"]
        self.agree["plain duckdb, everything"] = same_counts(found, reference)

    def rivals(self, reference: Counts) -> None:
        """The tests over persons that all ways can write."""
        self.names = comparable(self.plan, self.vocabulary, frozenset(self.snapshot.relations))
        plan = narrowed(self.plan, set(self.names))
        met = {name: getattr(reference.tests[name], "met") for name in self.names}  # noqa: B009
        warm, found = timed(lambda: self.quickly(plan), self.runs)
        self.seconds["bitplane, the same tests"] = warm
        self.seconds["bitplane cold, the same tests"], cold = timed(
            lambda: Standing(self.snapshot, self.vocabulary, on=plan.on).count(plan), 1
        )
        self.agree["bitplane cold, the same tests"] = same_counts(cold, found)
        self.agree["bitplane, the same tests"] = all(
            _same(found.tests[name], reference.tests[name]) for name in self.names
        )
        plain = PlainQueries(plan, self.snapshot, self.premeasured, self.vocabulary)
        self.seconds["one fused duckdb query"], answer = timed(plain.fused, min(self.runs, 3))
        self.agree["one fused duckdb query"] = all(
            np.array_equal(answer[f"{name}.{outcome}"], getattr(reference.tests[name], outcome))
            for name in self.names
            for outcome in OUTCOMES
            if f"{name}.{outcome}" in answer
        )
        self._one_by_one(plain, met)
        self.seconds["polars"], told = timed(
            lambda: polars_counts(plan, self.names, self.snapshot, self.premeasured,
                                  self.vocabulary), min(self.runs, 3)
        )  # fmt: skip
        self.agree["polars"] = all(np.array_equal(told[name], met[name]) for name in self.names)
        self._openfisca(reference)
        self._compare()

    def _compare(self) -> None:
        """How many times ours on the same tests each takes; as many rules on either side."""
        seconds = self.seconds
        ours = seconds["bitplane, the same tests"]
        fused = seconds["one fused duckdb query"]
        self.ratios |= {
            "duckdb_fused": fused / ours,
            "duckdb_fused_cold": fused / seconds["bitplane cold, the same tests"],
            "one_query_an_indicator": seconds["one query an indicator and level"] / ours,
            "polars": seconds["polars"] / ours,
            "openfisca_per_rule": seconds["openfisca"] / ours,
            "openfisca_persons_alone_per_rule": seconds["openfisca, who meets it"] / ours,
        }

    def _openfisca(self, reference: Counts) -> None:
        rules = Rules(self.plan, self.names, self.premeasured, self.vocabulary)
        self.seconds["openfisca"], found = timed(rules.counts, min(self.runs, 3))
        self.agree["openfisca"] = all(
            np.array_equal(counted, getattr(reference.tests[name], outcome))
            for name in self.names
            for outcome, counted in found[name].items()
        )
        self.seconds["openfisca, who meets it"], met = timed(rules.met_of_all, min(self.runs, 3))
        top = self.premeasured.tree.organisations.top
        self.agree["openfisca, who meets it"] = all(
            met[name] == getattr(reference.tests[name], "met")[top].sum()  # noqa: B009
            for name in self.names
        )

    def _one_by_one(self, plain: PlainQueries, met: dict[str, Any]) -> None:
        some = self.names[:: max(1, len(self.names) // self.sample)][: self.sample]
        seconds, answers = timed(lambda: list(plain.one_by_one(some)), 1)
        self.seconds["one query an indicator and level"] = seconds * len(self.names) / len(some)
        self.agree["one query an indicator and level"] = all(
            np.array_equal(
                sum(answer[f"{name}.met"] for answer in answers[at : at + plain.levels]), met[name]
            )
            for name, at in zip(some, range(0, len(answers), plain.levels), strict=True)
        )

    def told(self) -> dict[str, Any]:
        """What to print."""
        return {
            "agree": all(self.agree.values()),
            "ratios": {name: round(ratio, 2) for name, ratio in self.ratios.items()},
            "seconds": {name: round(each, 4) for name, each in self.seconds.items()},
            "agreement": self.agree,
            "rows": dict(self.snapshot.relations),
            "items": len(self.plan.items),
            "tests_compared": len(self.names),
            "premeasured_mb": round(self.premeasured.bytes / 1e6, 1),
            "peak_gib": round(self.peak, 2),
            "peak_gib_premeasuring": round(self.peak_premeasuring, 2),
        }


def _peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _is_repeated(alone: Any, repeated: Any) -> bool:
    """Whether all below the nation's own row is the same figures again and again."""
    return bool((repeated[1:].reshape(-1, len(alone)) == alone).all())


def main() -> None:
    """Measure, print a table or JSON; exit 1 where two ways differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teachers", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sample", type=int, default=6)
    parser.add_argument("--home", type=Path, default=Path("var/bench"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=("ours",))
    asked = parser.parse_args()
    made_apart(asked.teachers, asked.home)
    bench = Bench(asked.teachers, asked.home, asked.runs, asked.sample)
    quick = bench.ours()
    if asked.only is None:
        reference = bench.reference(quick)
        bench.rivals(reference)
        bench.plain(reference)
    elif asked.teachers > LARGEST:
        bench.copies(quick, asked.home)
    else:
        bench.reference(quick)
    told = bench.told()
    if asked.json:
        print(json.dumps(told, indent=1))
    else:
        for name, seconds in told["seconds"].items():
            print(f"{name:36} {seconds:10.4f} s")
        for name, ratio in told["ratios"].items():
            print(f"{name:36} {ratio:10.2f} x")
        print(f"{'peak while premeasuring':36} {told['peak_gib_premeasuring']:10.2f} GiB")
        print(f"{'peak of the process':36} {told['peak_gib']:10.2f} GiB")
        print("all agree" if told["agree"] else f"DIFFERENT: {told['agreement']}")
    sys.exit(not told["agree"])


if __name__ == "__main__":
    main()
