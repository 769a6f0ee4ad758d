"""`qiangshi serve`, `backup`, `restore`, `upgrade`, `doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiangshi_web.kernel.starting import settings_option, start

if TYPE_CHECKING:
    from datetime import datetime

_PORT = 8000
_MARKS = {"good": "●", "warning": "◐", "bad": "○"}
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=_PORT, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
@click.option(
    "--job-workers",
    type=click.IntRange(0, 16),
    default=1,
    show_default=True,
    help="一并运行的任务进程；单独运行时为 0 / job workers beside it",
)
@settings_option
def serve_command(
    *, host: str, port: int, workers: int, threads: int, job_workers: int, settings: str | None
) -> None:
    """运行网页服务与任务进程；死掉的进程自动补上。"""
    start(settings)
    from qiangshi_web.operation.serving import Plan, serve

    serve(Plan(host, port, workers=workers, threads=threads, job_workers=job_workers))


@click.command("backup")
@click.option("--out", type=FILE, required=True, help="备份文件，如 强师.tar.gz / file")
@settings_option
def backup_command(*, out: Path, settings: str | None) -> None:
    """备份数据库、材料与日志链，可在运行中进行；密钥不在其中。"""
    start(settings)
    from qiangshi_web.operation.actions import backup

    made = backup(out, at=_now())
    size = sum(member.size for member in made.members)
    click.echo(f"已备份到 {out}：文件 {len(made.members)} 个，{size / 1e6:.1f} MB")
    click.echo(f"日志链第 {made.position} 位；密钥文件请另行保管，没有它备份无法恢复")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keep", type=FILE, help="现有数据先备份到这里；默认在运行目录的 backups 中")
@click.option("--discard", is_flag=True, help="现有数据不留备份（已损坏时用）/ keep nothing")
@settings_option
def restore_command(*, file: Path, keep: Path | None, discard: bool, settings: str | None) -> None:
    """以备份恢复整个系统，并核验日志链；须先停止服务。"""
    start(settings)
    from qiangshi_web.operation.actions import restore

    at = _now()
    kept = None if discard else keep or _named("before-restore", at)
    found = restore(file, at=at, keep=kept)
    click.echo(f"已恢复到 {found.manifest.made_at} 的备份（{found.manifest.version} 版）")
    click.echo(f"日志完整：操作记录 {found.verification.events} 条")
    if found.kept:
        click.echo(f"恢复前的数据在 {found.kept}")
    _tell_pending()


@click.command("upgrade")
@click.option("--keep", type=FILE, help="升级前的备份；默认在运行目录的 backups 中 / backup")
@settings_option
def upgrade_command(*, keep: Path | None, settings: str | None) -> None:
    """换上新版本后执行：先备份，再更新表结构与静态文件；须先停止服务。"""
    start(settings)
    from qiangshi_web.operation.upgrading import upgrade

    at = _now()
    done = upgrade(keep=keep or _named("before-upgrade", at), at=at)
    click.echo(f"表结构更新 {len(done.migrations)} 项")
    if done.backup:
        click.echo(f"升级前的备份在 {done.backup}；回退：装回原版本，再 qiangshi restore 它")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / as JSON")
@settings_option
def doctor(*, as_json: bool, settings: str | None) -> None:
    """体检：数据库、表结构、时钟、磁盘、密钥、日志链、字体、任务进程。"""
    start(settings)
    from qiangshi_web.operation.examining import examine

    found = examine(at=_now())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            cure = f" —— {one.cure}" if one.cure else ""
            click.echo(f"{_MARKS[one.state]} {one.about:<11}{one.text}{cure}")
    if any(one.state == "bad" for one in found):
        raise SystemExit(1)


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _named(what: str, at: datetime) -> Path:
    from django.conf import settings

    from qiangshi_web.operation.archive import BACKUPS

    return Path(settings.QIANGSHI_FOLDER) / BACKUPS / f"{what}-{at:%Y%m%dT%H%M%S}.tar.gz"


def _tell_pending() -> None:
    from qiangshi_web.operation.health import pending

    if pending():
        click.echo("备份来自较早的版本：请执行 qiangshi upgrade，或装回该版本")
