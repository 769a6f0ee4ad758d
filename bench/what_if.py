"""A changed threshold over a whole region: the standing item beside measuring both ways.

`--teachers N` (200,000 unless said). Prints the median of a drag over the range, the time that
getting ready took, and the ratio to measuring in full; both answers are compared. `--json` for
machines.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from qiangshi.measure import what_if, write_snapshot
from qiangshi.measure.what_if_changes import ValueChange
from qiangshi.measure.what_if_standing import StandingItem
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.synthetic import RegionSpec, make_region

PLAN, ITEM, AT = "jiyuan-2021", "standard:class-hours-five-years", "values.required"
DRAG = range(240, 481, 6)
CHECKED = 3


def change(to: float) -> list[ValueChange]:
    """The slider at a number of hours."""
    return [ValueChange(plan=PLAN, item=ITEM, at=AT, to=to)]


def measured(teachers: int, folder: Path) -> dict[str, object]:
    """Every figure of the bench; raises AssertionError where two answers differ."""
    vocabulary = load_vocabulary()
    plan = load_plan(PLAN, vocabulary=vocabulary)
    spec = RegionSpec(teachers=teachers)
    tables = make_region(spec, vocabulary=vocabulary)
    snapshot = write_snapshot(tables, folder / "snapshot", on=spec.on, vocabulary=vocabulary)
    start = perf_counter()
    standing = StandingItem(plan, ITEM, snapshot, vocabulary=vocabulary)
    ready = perf_counter() - start
    top, quick = standing.organisations.ids[0], []
    standing.answer(change(DRAG[0]))
    for hours in DRAG:
        start = perf_counter()
        standing.answer(change(hours)).at(top)
        quick.append(perf_counter() - start)
    slow = []
    for hours in DRAG[:: len(DRAG) // CHECKED][:CHECKED]:
        start = perf_counter()
        found = what_if([plan], change(hours), snapshot, vocabulary=vocabulary)
        slow.append(perf_counter() - start)
        assert standing.answer(change(hours)).rows == found.rows, f"{hours} hours: answers differ"
    return {
        "teachers": teachers,
        "organisations": len(standing.organisations.ids),
        "subjects": len(standing.keys),
        "agree": True,
        "ready_ms": round(ready * 1000, 1),
        "median_ms": round(median(quick) * 1000, 1),
        "worst_ms": round(max(quick) * 1000, 1),
        "in_full_ms": round(median(slow) * 1000, 1),
        "ratio": round(median(slow) / median(quick), 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teachers", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        found = measured(asked.teachers, Path(folder))
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:>14}  {value}")


if __name__ == "__main__":
    main()
