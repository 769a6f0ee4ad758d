"""Loading and checking every plan, beside merely parsing the same YAML files.

Prints medians of seven runs and their ratio.
"""

from __future__ import annotations

import json
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import yaml

from qiangshi.policy import load_plans
from qiangshi.policy.files import policy_root

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 7


def parse_everything() -> None:
    """Parse each file that loading reads, with libyaml's safe loader."""
    for path in policy_root().rglob("*.yaml"):
        if "examples" not in path.parts:
            yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def seconds(work: Callable[[], object]) -> float:
    """Median of several runs, after one that warms up."""
    work()
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def main() -> None:
    """Measure both and print JSON."""
    parsed, loaded = seconds(parse_everything), seconds(load_plans)
    plans = load_plans()
    told = {
        "plans": len(plans),
        "provisions": sum(len(plan.provisions) for plan in plans.values()),
        "items": sum(len(plan.items) for plan in plans.values()),
        "seconds_parse": round(parsed, 3),
        "seconds_load_and_check": round(loaded, 3),
        "ratio": round(loaded / parsed, 2),
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
