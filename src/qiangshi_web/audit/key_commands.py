"""`qiangshi keys`: a new file of keys."""

from __future__ import annotations

from pathlib import Path

import click

from qiangshi_web.settings import environment


@click.group()
def keys() -> None:
    """密钥。"""


@keys.command("new")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="密钥文件 / file")
def new(*, out: Path) -> None:
    """生成一份新的密钥文件（已有的不覆盖）。"""
    if out.exists():
        raise click.ClickException(f"{out} 已存在，不予覆盖")
    environment.write_keys(out, environment.new_keys())
    click.echo(f"已生成 {out}，请另行妥善备份：丢失后已加密的内容无法恢复")
