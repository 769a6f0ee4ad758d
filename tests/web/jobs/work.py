"""Jobs that only the tests order."""

from __future__ import annotations

import threading
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from qiangshi.errors import QiangshiError
from qiangshi_web.jobs.declaring import job, scheduled
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress

MONDAY = frozenset({0})


@job("test-count", title="计数")
def count(progress: Progress, *, to: int) -> Said:
    """Counts, telling each step."""
    for number in range(to):
        progress("计数", number, to)
    return Said("清理 {count} 条", {"count": to})


@job("test-refuse", title="不成")
def refuse(progress: Progress) -> str:
    """Says why it cannot be done."""
    progress("查看")
    raise QiangshiError("文件是空的")


@job("test-break", title="出错", tries=2)
def break_down(progress: Progress) -> str:
    """Breaks down, with something in its message that nobody should read."""
    progress("查看")
    raise RuntimeError("412825199001011234")


@job("test-wait-once", title="等待")
def wait_once(progress: Progress, *, pipe: str) -> str:
    """Says that it has begun; the first time it then waits until the process is killed."""
    progress("等待", 1, 2)
    mark = Path(f"{pipe}.mark")
    is_first = not mark.exists()
    mark.touch()
    with Path(pipe).open("w", encoding="utf-8") as out:
        out.write("begun\n")
    if is_first:
        threading.Event().wait()
    return "完成"


@scheduled("test-weekly", title="每周一次", at=time(2, 0), weekdays=MONDAY)
def weekly(progress: Progress, *, on: str) -> str:
    """Every Monday."""
    progress("开始")
    return on
