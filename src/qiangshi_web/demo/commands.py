"""`qiangshi demo`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from qiangshi.synthetic import RegionSpec
from qiangshi_web.analytics.plans import plans_sha256
from qiangshi_web.demo import homes
from qiangshi_web.demo.building import PLANS, tell
from qiangshi_web.demo.refusals import build_failed, cannot_write
from qiangshi_web.operation.serving import Plan, require_port, serve

DEMO_SETTINGS = "qiangshi_web.settings.demo"
PORT = 8000


@click.command("demo")
@click.option("--host", default="127.0.0.1", help="监听地址 / address to listen on")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option(
    "--teachers",
    type=click.IntRange(10, 200_000),
    default=RegionSpec().teachers,
    show_default=True,
    help="专任教师人数 / full-time teachers",
)
@click.option("--reset", is_flag=True, help="全部重新生成 / make everything anew")
@click.option("--check", is_flag=True, help="只输出摘要（JSON）/ print a summary and exit")
@click.option("--home", type=click.Path(path_type=Path), help="存放目录，默认 var/ / folder")
def demo(
    *, host: str, port: int, teachers: int, reset: bool, check: bool, home: Path | None
) -> None:
    """演示：生成一个示范区域，测算并打开网页。"""
    found = homes.find_home(home)
    if not check:
        require_port(host, port)
    make_ready(found, RegionSpec(teachers=teachers), anew=reset)
    os.environ["QIANGSHI_HOME"] = str(found.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = DEMO_SETTINGS
    if check:
        click.echo(json.dumps(_summary(), ensure_ascii=False))
        return
    serve(Plan(host, port), ready=lambda: _welcome(found, host, port))


def make_ready(home: homes.Home, spec: RegionSpec, *, anew: bool) -> None:
    """A complete demonstration of this region in `home`; makes it only where there is none."""
    with homes.alone(home, waiting=lambda: tell("另一个进程正在生成演示环境，等待其完成")):
        ingredients = homes.made_of(spec, plans_sha256=plans_sha256(PLANS))
        if not anew and homes.is_made(home, ingredients):
            return
        try:
            homes.replace_demo(home, lambda folder: _build(home, folder, spec, ingredients))
        except OSError as error:
            raise cannot_write(home.root, error) from error


def _build(home: homes.Home, folder: Path, spec: RegionSpec, ingredients: str) -> None:
    environment = os.environ | {
        "QIANGSHI_HOME": str(home.root),
        "QIANGSHI_DEMO_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": DEMO_SETTINGS,
    }
    command = [sys.executable, "-m", "qiangshi_web.demo.building", str(spec.teachers)]
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise build_failed(folder, done.returncode)
    homes.write_stamp(folder, ingredients)


def _summary() -> dict[str, object]:
    import django

    django.setup()
    from qiangshi_web.demo.summary import summary

    return summary()


def _welcome(home: homes.Home, host: str, port: int) -> None:
    click.echo(f"\n强师演示已就绪：http://{host}:{port}/\n")
    click.echo(home.accounts.read_text(encoding="utf-8"))
    click.echo(f"账号也写在 {home.accounts}；按 Ctrl+C 结束。")
