"""`qiangshi casework`: are the case types sound, how do they run, and let days pass."""

from __future__ import annotations

import ast
import importlib.util
import io
import sys
import tokenize
from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from qiangshi.casework.diagram import mermaid, svg
from qiangshi.casework.guide import guide as guide_of
from qiangshi.casework.soundness import problems
from qiangshi.commands.tables import print_table
from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from datetime import date as day

    from qiangshi.casework.kinds import CaseType

ENTRY_POINTS = "qiangshi.casework"
ENGINE = ("qiangshi.casework", "qiangshi_web.casework")
TESTS = Path("tests/web/casework")  # below the folder of a checkout


def _desk() -> Any:
    """The application's desk. Raises QiangshiError where only the library is installed."""
    try:
        return next(iter(entry_points(group=ENTRY_POINTS))).load()()
    except (StopIteration, ModuleNotFoundError) as error:
        missing = getattr(error, "name", None)
        if missing is not None and str(missing).startswith("qiangshi"):
            raise
        raise QiangshiError("需安装 qiangshi[web] / needs qiangshi[web]") from error


@click.group("casework")
def command() -> None:
    """办件：事项类型的检查、流程图、办事指南与每日处理。"""


_ON = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: datetime.now(UTC).strftime("%Y-%m-%d"),
    help="日期 / day",
)


def _kind(desk: Any, key: str, variant: str) -> CaseType:
    for kind in desk.kinds:
        if (kind.key, kind.variant) == (key, variant):
            return cast("CaseType", kind)
    known = "、".join(dict.fromkeys(kind.key for kind in desk.kinds))
    raise QiangshiError(f"没有事项 {key} {variant}；现有：{known}")


@command.command()
@_ON
def check(on: datetime) -> None:
    """事项类型是否完备：无死路、无不可达、权限齐全、数字有据。"""
    desk = _desk()
    world = desk.world(on.date())
    faults = [fault for kind in desk.kinds for fault in problems(kind, world)]
    faults += desk.successions
    for kind in desk.kinds:
        own = sum(fault.startswith(f"{kind.key}/") for fault in faults)
        told = f" （{kind.variant}）" if kind.variant else ""
        click.echo(f"{'✗' if own else '✓'} {kind.key}{told} v{kind.version} {kind.label}")
    for key, apart in desk.differences.items():
        for plan, lines in apart.items():
            click.echo(f"  {key} @ {plan}")
            for line in lines:
                click.echo(f"    {line}")
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)


@command.command()
@click.argument("key")
@click.option("--variant", default="", help="地方版本（方案编号）/ plan of a variant")
@click.option("--svg", "as_svg", is_flag=True, help="输出 SVG / as SVG")
def diagram(key: str, variant: str, as_svg: bool) -> None:
    """流程图：Mermaid 文本，或 SVG。"""
    desk = _desk()
    kind = _kind(desk, key, variant)
    click.echo(svg(kind, roles=desk.roles) if as_svg else mermaid(kind))


@command.command()
@click.argument("key")
@click.option("--variant", default="", help="地方版本（方案编号）/ plan of a variant")
@_ON
def guide(key: str, variant: str, on: datetime) -> None:
    """办事指南，由事项声明和现行方案生成。"""
    desk = _desk()
    found = guide_of(_kind(desk, key, variant), desk.norms, on=on.date(), roles=desk.roles)
    click.echo(found.markdown())


@command.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="日期 / day")
def tick(on: datetime) -> None:
    """每日处理：公示期满、逾期督办、默示同意；重复运行结果不变。"""
    done = _desk().tick(_day(on), datetime.now(UTC))
    words = {
        "begun": "新开始",
        "moved": "自动流转",
        "escalated": "逾期督办",
        "succeeded": "改按新版",
        "refused": "未能办理",
        "delivered": "外发通知",
    }
    click.echo("，".join(f"{word} {done.get(name, 0)} 件" for name, word in words.items()))


def _day(on: datetime) -> day:
    return date(on.year, on.month, on.day)


@command.command()
def lines() -> None:
    """行数：引擎，以及每个事项所在模块；代码行不计空行、注释和说明文字。"""
    rows = [(name, *_counted(_folder(name))) for name in ENGINE]
    rows.append(("合计 / total", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    heads = ("代码行 / code", "全部行 / all")
    print_table(("引擎 / engine", *heads), rows)
    click.echo()
    desk = _desk()
    by_module: dict[str, list[str]] = {}
    for key, source in desk.sources.items():
        by_module.setdefault(source, []).append(key)
    print_table(
        ("事项 / types", "模块 / module", *heads),
        [("、".join(keys), name, *_counted(_file(name))) for name, keys in by_module.items()],
    )
    click.echo()
    print_table(("业务 / context", "专页行 / special pages", "测试 / tests"), _around(desk))


def _around(desk: Any) -> list[tuple[str, int, int | None]]:
    """Context → lines of the pages that its steps bring and, in a checkout, of tests naming it."""
    pages: dict[str, set[Path]] = {}
    for kind in desk.kinds:
        context = desk.sources[kind.key].partition(".cases")[0]
        named = {step.template for step in kind.steps if step.template}
        templates = _file(context)[0].parent / "templates"
        pages.setdefault(context, set()).update(templates / name for name in named)
    tests = {file: file.read_text(encoding="utf-8") for file in TESTS.glob("*.py")}
    return [
        (
            context,
            sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files),
            sum(_code_lines(text) for text in tests.values() if context in text) or None,
        )
        for context, files in pages.items()
    ]


def _file(module: str) -> list[Path]:
    spec = importlib.util.find_spec(module)
    return [Path(spec.origin)] if spec and spec.origin else []


def _folder(package: str) -> list[Path]:
    """Its modules; what Django writes and what people translate is not among them."""
    root = _file(package)[0].parent
    return [file for file in root.rglob("*.py") if "migrations" not in file.parts]


def _counted(files: list[Path]) -> tuple[int, int]:
    """Lines of code, and lines of any kind."""
    texts = [file.read_text(encoding="utf-8") for file in files]
    return sum(map(_code_lines, texts)), sum(len(text.splitlines()) for text in texts)


def _code_lines(text: str) -> int:
    """Lines that hold a token other than comments and docstrings."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in skipped and token.type != tokenize.ENDMARKER:
            held.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            held.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(held)
