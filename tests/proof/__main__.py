"""`bin/test`: run the stages, tell each as it ends, say everything that failed, count."""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from tests.proof.commands import ROOT, processor, stop_all
from tests.proof.stages import FAST, LONGER, STAGES
from tests.proof.verdict import Stage, Verdict, judged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LOGS = ROOT / ".test-env" / "logs"
_TAIL_LINES = 120


def main() -> int:
    """Exit code: 0 when every stage held."""
    asked = _arguments()
    _LOGS.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _interrupted)
    began = time.monotonic()
    verdicts = [Verdict(passed=1, failed=0)]
    _tell("setup", Verdict(passed=1, failed=0), asked.setup_seconds)
    try:
        failures = _run(_chosen(asked), verdicts, jobs=asked.jobs)
    except KeyboardInterrupt:
        stop_all()
        return 130
    for stage, verdict in failures:
        _tell_failure(stage, verdict)
    return _close(verdicts, seconds=asked.setup_seconds + time.monotonic() - began)


def _arguments() -> argparse.Namespace:
    names = [stage.name for stage in (*STAGES, *LONGER)]
    parser = argparse.ArgumentParser(prog="bin/test", description="Prove everything.")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--only", action="append", choices=names, help="one stage (repeatable)")
    chosen.add_argument("--fast", action="store_true", help=f"only {', '.join(FAST)}")
    parser.add_argument("--jobs", type=int, default=2, help="stages at a time (2)")
    parser.add_argument("--setup-seconds", type=float, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _chosen(asked: argparse.Namespace) -> list[Stage]:
    if asked.only:
        return [stage for stage in (*STAGES, *LONGER) if stage.name in asked.only]
    return [stage for stage in STAGES if not asked.fast or stage.name in FAST]


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _run(
    stages: Sequence[Stage], verdicts: list[Verdict], *, jobs: int
) -> list[tuple[Stage, Verdict]]:
    """Carry the stages out, adding to `verdicts`; those that failed."""
    failures = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting = {pool.submit(_timed, stage): stage for stage in stages}
        try:
            for done in as_completed(waiting):
                verdict, seconds = done.result()
                stage = waiting[done]
                _tell(stage.says, verdict, seconds, processor[_log(stage)])
                verdicts.append(verdict)
                if verdict.failed:
                    failures.append((stage, verdict))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise
    return failures


def _log(stage: Stage) -> Path:
    return _LOGS / f"{stage.name}.log"


def _timed(stage: Stage) -> tuple[Verdict, float]:
    began = time.monotonic()
    _log(stage).write_bytes(b"")
    return judged(stage, _log(stage)), time.monotonic() - began


def _tell(says: str, verdict: Verdict, seconds: float, taken: float = 0) -> None:
    """One line: seconds that went by, and seconds of processor that the stage's commands took."""
    word = "FAILED" if verdict.failed else "ok"
    found = verdict.reason or f"{verdict.passed} passed"
    print(f"{word:>6} {seconds:7.1f} s {taken:7.1f} s  {says}: {found}", flush=True)


def _tell_failure(stage: Stage, verdict: Verdict) -> None:
    lines = _log(stage).read_text(encoding="utf-8", errors="replace").splitlines()
    print(f"\n--- {stage.says}: {verdict.reason} (again: bin/test --only {stage.name})")
    if len(lines) > _TAIL_LINES:
        print(f"... the whole log: {_log(stage).relative_to(ROOT)}")
    print("\n".join(lines[-_TAIL_LINES:]))


def _close(verdicts: Sequence[Verdict], *, seconds: float) -> int:
    passed = sum(verdict.passed for verdict in verdicts)
    failed = sum(verdict.failed for verdict in verdicts)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = used.ru_utime + used.ru_stime
    print(f"\n{len(verdicts)} stages in {seconds:.0f} s, {taken:.0f} s of processor")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
