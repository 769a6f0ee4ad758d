"""`qiangshi audit verify`: whether the log is whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from qiangshi_web.kernel.starting import start

ANCHOR = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """操作日志：核验其完整。"""


@audit.command("verify")
@click.option("--anchor", type=ANCHOR, help="库外锚点文件；默认为运行目录中的一份 / anchor file")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / as JSON")
def verify_command(*, anchor: Path | None, as_json: bool) -> None:
    """逐条核验日志链及其所载办件记录：改动、删除、插入、换序、截尾。"""
    start(None)
    from qiangshi_web.kernel.chain.anchors import anchor_file, read_anchor
    from qiangshi_web.kernel.chain.verifying import verify

    found = verify(read_anchor(anchor or anchor_file()))
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        click.echo(f"核验操作记录 {found.events} 条，链止于第 {found.position} 位")
        click.echo(f"核验链上所载的办件记录 {found.rows} 条")
        for fault in found.faults:
            click.echo(f"  {fault.text_zh}", err=True)
        click.echo("日志完整" if not found.faults else f"发现 {len(found.faults)} 处异常")
    if found.faults:
        raise SystemExit(1)
