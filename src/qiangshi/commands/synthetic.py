"""`qiangshi synthetic --teachers N --out DIR`: a fictional region as a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiangshi.errors import SnapshotError
from qiangshi.measure.snapshot import write_snapshot
from qiangshi.measure.storing import MANIFEST
from qiangshi.policy import load_vocabulary
from qiangshi.synthetic import FEWEST_TEACHERS, RegionSpec, make_region

if TYPE_CHECKING:
    from datetime import datetime

FOLDER = click.Path(file_okay=False, path_type=Path)
_USUAL = RegionSpec()


@click.command("synthetic")
@click.option(
    "--teachers",
    type=click.IntRange(min=FEWEST_TEACHERS),
    default=_USUAL.teachers,
    show_default=True,
    help="专任教师人数",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=_USUAL.seed, show_default=True, help="随机种子"
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=_USUAL.on.isoformat(),
    show_default=True,
    help="数据截至日期",
)
@click.option("--out", type=FOLDER, required=True, help="快照文件夹，已有的快照会被替换")
@click.option("--policy", type=FOLDER, help="另一 policy 目录")
def command(teachers: int, seed: int, on: datetime, out: Path, policy: Path | None) -> None:
    """生成一个虚构地区的快照：规模任选，同一种子结果相同，人名、校名均为虚构。"""
    _refuse_other_folders(out)
    vocabulary = load_vocabulary(policy)
    spec = RegionSpec(teachers=teachers, seed=seed, on=on.date())
    snapshot = write_snapshot(
        make_region(spec, vocabulary=vocabulary), out, on=spec.on, vocabulary=vocabulary
    )
    click.echo(f"已写出 {snapshot.folder}（截至 {snapshot.on.isoformat()}）")
    for name, rows in snapshot.relations.items():
        click.echo(f"  {vocabulary.relations[name].label.zh}（{name}）：{rows} 行")
    click.echo(f"内容校验 {snapshot.sha256[:16]}")


def _refuse_other_folders(out: Path) -> None:
    """A snapshot replaces the folder whole: it must be one already, or empty, or not there."""
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise SnapshotError(f"{out} 不是快照文件夹，其中另有文件，未作改动；请换一个文件夹")
