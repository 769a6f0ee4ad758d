"""`qiangshi keys`: a file of keys, a newer key, and everything sealed anew with it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from qiangshi_web.kernel.starting import start
from qiangshi_web.settings import environment

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PURPOSES = ("field", "index", "log")


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


@keys.command("add")
@click.option("--file", "path", type=_FILE, required=True, help="密钥文件 / file")
@click.argument("purposes", nargs=-1, type=click.Choice(_PURPOSES), required=True)
def add(*, path: Path, purposes: tuple[str, ...]) -> None:
    """在密钥文件中为所列用途各加一把新密钥；旧密钥保留，用于读取旧内容。"""
    told = json.loads(path.read_text(encoding="utf-8"))
    for purpose in purposes:
        known = {one["id"] for one in told[purpose]}
        number = next(n for n in range(1, len(known) + 2) if f"{purpose}-{n}" not in known)
        told[purpose] += environment.new_keys(number)[purpose]
        click.echo(f"{purpose}：已加 {told[purpose][-1]['id']}")
    environment.write_keys(path, told)
    click.echo("请重启各进程，再运行 qiangshi keys rotate")


@keys.command("rotate")
def rotate_command() -> None:
    """以最新密钥重新加密各敏感列；可中断，再次运行即接着进行。"""
    start(None)
    from qiangshi_web.kernel.chain.actions import note_rotation
    from qiangshi_web.kernel.encryption.columns import sealed_columns
    from qiangshi_web.kernel.encryption.rotating import rotate

    done = rotate(sealed_columns(), _heard)
    for one in done:
        click.echo(f"{one.column}：重新加密 {one.renewed}，已是最新 {one.current}")
    note_rotation({one.column: one.renewed for one in done if one.renewed})
    click.echo("日志与历史记载只增不改，其中以旧密钥加密的内容仍须旧密钥读取，请勿删除旧密钥")


def _heard(column: str, seen: int) -> None:
    click.echo(f"{column}：{seen}", err=True)
