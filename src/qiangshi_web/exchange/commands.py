"""`qiangshi register export` and `qiangshi register import`: the whole register as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiangshi_web.kernel.starting import settings_option, start

if TYPE_CHECKING:
    from datetime import datetime


@click.group("register")
@settings_option
def register(settings: str | None) -> None:
    """整个台账的导出包：用于互不相通的网络。"""
    start(settings)


@register.command("export")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="数据截至日期")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export_command(on: datetime, out: Path) -> None:
    """导出全部台账，附清单与校验值。"""
    from qiangshi_web.exchange.packages import export_register

    sha256 = export_register(out, on=on.date())
    click.echo(f"已写出 {out}；清单校验值 {sha256}")


@register.command("import")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(package: Path) -> None:
    """导入数据包：整包核对校验值，全部写入或全不写入；重复导入不产生变化。"""
    from qiangshi_web.exchange.packages import import_register
    from qiangshi_web.jobs.working import SYSTEM
    from qiangshi_web.kernel import clock

    found = import_register(package, actor=SYSTEM, at=clock.now())
    counted = [
        sum(getattr(one, name) for one in found.values())
        for name in ("recorded", "corrected", "unchanged")
    ]
    click.echo("新增 {} 条，更正 {} 条，未变 {} 条".format(*counted))
