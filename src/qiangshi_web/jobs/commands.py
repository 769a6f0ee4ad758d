"""`qiangshi jobs work`: a worker, until it is stopped."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from qiangshi_web.kernel.starting import settings_option, start

if TYPE_CHECKING:
    from types import FrameType

    from qiangshi_web.jobs.working import Worker


@click.group("jobs")
def jobs() -> None:
    """后台任务：导入、测算、定时任务。"""


@jobs.command("work")
@settings_option
@click.option("--batch", is_flag=True, help="做完现有任务即结束 / end when nothing is ready")
@click.option("--with-parent", is_flag=True, help="标准输入关闭时结束 / end with the input")
def work(*, settings: str | None, batch: bool, with_parent: bool) -> None:
    """运行一个任务进程；可同时运行多个。"""
    start(settings)
    from qiangshi_web.jobs.working import Worker, work_off
    from qiangshi_web.kernel.presence import here

    if batch:
        click.echo(f"完成任务 {work_off()} 个")
        return
    worker = Worker()
    _stop_on_signals(worker)
    if with_parent:
        threading.Thread(target=_stop_with_input, args=(worker,), daemon=True).start()
    with here():
        worker.run()


def _stop_on_signals(worker: Worker) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _stop_with_input(worker: Worker) -> None:
    sys.stdin.read()
    worker.stop()
