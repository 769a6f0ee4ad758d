"""`qiangshi template PLAN --out FILE`: the workbook that a bureau fills in for a plan."""

from __future__ import annotations

from pathlib import Path

import click

from qiangshi.datacheck.needs import relations_needed
from qiangshi.datacheck.template import template_bytes
from qiangshi.errors import WorkbookError
from qiangshi.policy import load_plan, load_vocabulary

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("template")
@click.argument("plan_name", metavar="PLAN")
@click.option("--out", type=FILE, required=True, help="要写出的 .xlsx 文件")
@click.option("--overwrite", is_flag=True, help="文件已存在时覆盖它，其中填写的内容会丢失")
@click.option("--policy", type=FOLDER, help="另一 policy 目录")
def command(plan_name: str, out: Path, overwrite: bool, policy: Path | None) -> None:
    """写出方案的数据填写模板：Excel，带下拉列表、校验和填写说明。"""
    vocabulary = load_vocabulary(policy)
    plan = load_plan(plan_name, root=policy, vocabulary=vocabulary)
    _write(out, template_bytes(plan, vocabulary), may_replace=overwrite)
    sheets = "、".join(relation.label.zh for relation in relations_needed(plan, vocabulary))
    click.echo(f"已写出 {out}\n工作表：{sheets}")
    click.echo(f"填好后运行：qiangshi measure {plan_name} --data {out}")


def _write(out: Path, content: bytes, *, may_replace: bool) -> None:
    """A file that someone may have filled in is not written over unasked."""
    try:
        if out.exists() and not may_replace and out.read_bytes() != content:
            raise WorkbookError(
                f"{out} 已存在，里面可能已有填写的内容；请换一个文件名，或加 --overwrite 覆盖"
            )
        out.write_bytes(content)
    except OSError as error:
        raise WorkbookError(f"无法写入 {out}（{error.strerror}）") from error
