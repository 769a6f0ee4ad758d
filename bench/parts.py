"""Parts, groups and publication of a plan's figures, beside measuring them without.

`--teachers N` (200,000 unless said). Each is begun anew from the snapshot, as a night's run does;
what is printed is its processor time and its multiple of measuring the plan alone, and the peak of
memory over all. The parts of a breakdown must add up to the whole. `--json` for machines.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import TYPE_CHECKING

from bench.measure_regions import made_apart, region
from qiangshi.measure import evaluate
from qiangshi.measure.cube import groups_kept, keep_groups, keep_parts, parts_at
from qiangshi.measure.groups import groups_on
from qiangshi.measure.publication import published
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.policy.methods import load_breakdowns, load_publication_method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.measure import Results, Snapshot

PLAN, HOURS = "jiyuan-2021", "standard:class-hours-five-years"


@contextmanager
def timed(spent: dict[str, float], name: str) -> Iterator[None]:
    """Seconds of processor of all threads that the block takes: others may be at work here."""
    start = process_time()
    yield
    spent[name] = process_time() - start


def measured(teachers: int, home: Path, scratch: Path) -> dict[str, object]:
    """Seconds of processor of each; raises AssertionError where parts do not add up."""
    vocabulary = load_vocabulary()
    plan, snapshot = load_plan(PLAN, vocabulary=vocabulary), region(teachers, home, vocabulary)
    spent: dict[str, float] = {}

    with timed(spent, "measuring"):
        whole = evaluate([plan], snapshot, vocabulary=vocabulary)
    for name, breakdown in load_breakdowns().items():
        file = scratch / f"{name}.parquet"
        with timed(spent, name):
            of_groups = file.with_suffix(".groups.parquet")
            keep_parts(file, plan, snapshot, breakdown, of_groups=of_groups, vocabulary=vocabulary)
        _add_up(whole, file)
    file = scratch / "groups.parquet"
    with timed(spent, "groups"):
        keep_groups(file, plan, snapshot, vocabulary=vocabulary)
    groups = groups_on(snapshot, snapshot.on, vocabulary)
    assert len(groups_kept(file, groups, item=HOURS)) == len(groups)
    with timed(spent, "publication"):
        withheld = _published(whole, snapshot)
    return {
        "teachers": teachers,
        "organisations": len(whole.organisations.ids),
        "groups": len(groups),
        "withheld": withheld,
        "peak_mib": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
        "seconds": {name: round(one, 2) for name, one in spent.items()},
        "ratios": {name: round(one / spent["measuring"], 2) for name, one in spent.items()},
    }


def _add_up(whole: Results, file: Path) -> None:
    """The parts of the region's hours make its own figure."""
    top = whole.organisations.ids[0]
    (row,) = whole.for_(organisation_id=top, item=HOURS)
    parts = [one.result for one in parts_at(file, top, None, item=HOURS)]
    found = sum(one.numerator or 0 for one in parts), sum(one.denominator or 0 for one in parts)
    assert found == (row.numerator, row.denominator), file.stem


def _published(whole: Results, snapshot: Snapshot) -> int:
    """How many shares of persons are withheld, of every item and organisation."""
    tree = snapshot.table("organisation").select(["organisation_id", "parent_id"]).to_pylist()
    parents = {row["organisation_id"]: row["parent_id"] for row in tree}
    method, count = load_publication_method(), 0
    for item in whole.evaluation_plan.items:
        if item.figure.kind == "share":
            rows = [row for row in whole.for_(item=item.item) if row.period == item.period]
            count += sum(row is None for row in published(rows, parents, method))
    return count


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teachers", type=int, default=200_000)
    parser.add_argument("--home", type=Path, default=Path("var/bench"))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    made_apart(asked.teachers, asked.home)
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as scratch:
        found = measured(asked.teachers, asked.home, Path(scratch))
    if asked.json:
        print(json.dumps(found))
        return
    for name in ("teachers", "organisations", "groups", "withheld", "peak_mib"):
        print(f"{name:>16}  {found[name]}")
    seconds, ratios = found["seconds"], found["ratios"]
    assert isinstance(seconds, dict)
    assert isinstance(ratios, dict)
    for name, one in seconds.items():
        print(f"{name:>16}  {one:8.2f} s  {ratios[name]:6.2f} ×")


if __name__ == "__main__":
    main()
