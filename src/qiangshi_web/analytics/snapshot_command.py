"""`qiangshi snapshot --on DATE --out DIR`: the records of an installation as a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiangshi.errors import SnapshotError
from qiangshi.measure.storing import MANIFEST
from qiangshi_web.kernel.starting import settings_option, start

if TYPE_CHECKING:
    from datetime import datetime


@click.command("snapshot")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="数据截至日期")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="快照文件夹，已有的快照会被替换",
)
@click.option(
    "--known-at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="按当时已知的记录（本地时间），默认为现在",
)
@settings_option
def command(on: datetime, out: Path, known_at: datetime | None, settings: str | None) -> None:
    """将在库记录导出为快照：每个台账一个 Parquet 文件，可测算、可复核。"""
    _refuse_other_folders(out)
    start(settings)
    from django.utils import timezone

    from qiangshi_web.analytics.snapshots import take_snapshot

    instant = None if known_at is None else timezone.make_aware(known_at)
    taken = take_snapshot(out, on=on.date(), known_at=instant)
    rows = sum(taken.relations.values())
    click.echo(
        f"已写出 {out}：截至 {taken.on.isoformat()}，{len(taken.relations)} 个台账，{rows} 行"
    )
    click.echo(f"内容校验 {taken.sha256[:16]}")


def _refuse_other_folders(out: Path) -> None:
    """A snapshot replaces the folder whole: it must be one already, or empty, or not there."""
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise SnapshotError(f"{out} 不是快照文件夹，其中另有文件，未作改动；请换一个文件夹")
