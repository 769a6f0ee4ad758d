"""Checking a made-up file of 200,000 rows × 60 columns, beside django-import-export.

Both read the same workbook and hold it to the same rules in the same run: ours in its child process
with a bound of memory, as the product does, the other in a process of its own (see
`other_importer`). `--rows N` and `--other-rows N` for less; where the other would take longer than
`--patience` seconds it gets fewer rows and its time is scaled, which the output says. `--json` for
machines.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.made_up_file import COLUMNS, profile, write_file
from qiangshi.datacheck.answering import write_result
from qiangshi.datacheck.importing import BAD, Bounds, Setting, check_in_child
from qiangshi.policy import load_vocabulary

ON = date(2025, 12, 31)
MOST_BYTES = 2 << 30
PROBE_ROWS = 2_000
_MEBIBYTE = 1 << 20
_KIBIBYTE = 1 << 10
_OTHER = Path(__file__).with_name("other_importer.py")


@dataclass(frozen=True, slots=True)
class Ours:
    """What our check took: seconds in all, of the processor, to give the file back; MiB."""

    rows: int
    seconds: float
    cpu_seconds: float
    answer_seconds: float
    answer_cpu_seconds: float
    peak_mebibytes: int
    good: int
    bad: int


def check(path: Path, folder: Path) -> tuple[Ours, set[int]]:
    """Our side, and the rows that it refused."""
    vocabulary = load_vocabulary()
    setting, bounds = Setting(on=ON), Bounds(memory_bytes=MOST_BYTES)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = perf_counter()
    checked = check_in_child(
        path, profile=profile(vocabulary), vocabulary=vocabulary, setting=setting, bounds=bounds
    )
    seconds = perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, cpu = perf_counter(), process_time()
    write_result(path, checked, folder / "answer.xlsx")
    answer_seconds, answer_cpu_seconds = perf_counter() - start, process_time() - cpu
    verdicts = checked.verdicts
    wrong = verdicts.column("verdict").to_numpy() == BAD
    bad = set(verdicts.column("row").to_numpy()[wrong].tolist())
    ours = Ours(
        rows=checked.rows_read,
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        answer_seconds=answer_seconds,
        answer_cpu_seconds=answer_cpu_seconds,
        peak_mebibytes=after.ru_maxrss * _KIBIBYTE // _MEBIBYTE,
        good=checked.rows_good,
        bad=len(bad),
    )
    return ours, bad


def check_with_other(path: Path, rows: int) -> dict[str, Any]:
    """The other side over the first `rows` rows: what it prints."""
    command = [sys.executable, str(_OTHER), str(path), str(rows)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(rows: int, other_rows: int, patience: float, folder: Path) -> dict[str, Any]:
    """Every figure of the bench."""
    path = folder / "all.xlsx"
    write_file(path, rows, load_vocabulary())
    ours, bad = check(path, folder)
    probe = check_with_other(path, min(PROBE_ROWS, rows))
    per_row = _in_rows(probe) / probe["rows"]
    bearable = int((patience - probe["open_seconds"]) / per_row)
    wanted = min(other_rows or rows, rows, max(PROBE_ROWS, bearable))
    other = check_with_other(path, wanted)
    # Opening reads all texts of the file, however many rows are taken: that is not scaled.
    whole = other["open_seconds"] + _in_rows(other) * rows / other["rows"]
    same = {row for row in bad if row <= other["rows"] + 1}
    return {
        "rows": rows,
        "columns": COLUMNS,
        "file_mebibytes": path.stat().st_size // _MEBIBYTE,
        "ours": asdict(ours),
        "rows_per_second": rows / ours.seconds,
        "other": other | {"bad": len(other["bad"])},
        "other_seconds": whole,
        "other_is_scaled": other["rows"] < rows,
        "ratio": whole / ours.seconds,
        "cpu_ratio": other["cpu_seconds"] * (whole / _taken(other)) / ours.cpu_seconds,
        "refused_by_one_only": sorted(same.symmetric_difference(other["bad"]))[:10],
    }


def _in_rows(other: dict[str, Any]) -> float:
    """Seconds that the other spent on rows, without opening the file."""
    return float(other["read_seconds"] + other["check_seconds"])


def _taken(other: dict[str, Any]) -> float:
    return float(other["open_seconds"]) + _in_rows(other)


def told(found: dict[str, Any]) -> str:
    """The figures for people."""
    ours, other = found["ours"], found["other"]
    scaled = f" (measured on {other['rows']:,} rows and scaled)" if found["other_is_scaled"] else ""
    agreed = found["refused_by_one_only"]
    return "\n".join(
        (
            f"{found['rows']:,} rows × {found['columns']} columns, {found['file_mebibytes']} MiB",
            f"qiangshi, in its child        {ours['seconds']:8.1f} s  "
            f"{found['rows_per_second']:9,.0f} rows/s  {ours['peak_mebibytes']} MiB  "
            f"({ours['cpu_seconds']:.1f} s of the processor)",
            f"  {ours['good']:,} good, {ours['bad']:,} refused; "
            f"given back with reasons in {ours['answer_seconds']:.1f} s "
            f"({ours['answer_cpu_seconds']:.1f} s of the processor)",
            f"django-import-export          {found['other_seconds']:8.1f} s  "
            f"{found['rows'] / found['other_seconds']:9,.0f} rows/s  "
            f"{other['peak_mebibytes']} MiB{scaled}",
            f"  opening {other['open_seconds']:.1f} s, reading {other['read_seconds']:.1f} s, "
            f"checking {other['check_seconds']:.1f} s "
            f"({other['cpu_seconds']:.1f} s of the processor)",
            f"  {other['bad']:,} of {other['rows']:,} refused",
            f"ratio {found['ratio']:.1f} ×; by time of the processor, which others on the machine "
            f"do not disturb, {found['cpu_ratio']:.1f} ×, and "
            f"{found['rows'] / ours['cpu_seconds']:,.0f} rows/s",
            "both refuse the same rows" if not agreed else f"refused by one only: {agreed}",
        )
    )


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--other-rows", type=int, default=0, help="0: as many as patience allows")
    parser.add_argument("--patience", type=float, default=600.0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(chosen.rows, chosen.other_rows, chosen.patience, Path(folder))
    print(json.dumps(found, indent=1) if chosen.json else told(found))


if __name__ == "__main__":
    main()
