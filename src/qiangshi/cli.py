"""`qiangshi`: the one command. Each subcommand lives in a module of its own, read when used."""

from __future__ import annotations

import gc
import importlib
import sys
from importlib.metadata import EntryPoint, entry_points

import click

from qiangshi import __version__
from qiangshi.errors import QiangshiError

COMMANDS = {
    "casework": "qiangshi.commands.casework:command",
    "measure": "qiangshi.commands.measure:command",
    "plan": "qiangshi.commands.plan:command",
    "synthetic": "qiangshi.commands.synthetic:command",
    "template": "qiangshi.commands.template:command",
}
"""Subcommands of the library; the application adds its own by the entry points below."""

ENTRY_POINTS = "qiangshi.commands"


def _added(point: EntryPoint) -> object:
    """The application's subcommand; where only the library is installed, one that says so."""
    try:
        return point.load()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("qiangshi"):
            raise
        missing = error.name
    settings = {"ignore_unknown_options": True, "allow_extra_args": True}

    @click.command(point.name, context_settings=settings, help="需安装 qiangshi[web] / needs it")
    def absent() -> None:
        raise QiangshiError(
            f"qiangshi {point.name} 需要 {missing}，请安装 qiangshi[web] / needs qiangshi[web]"
        )

    return absent


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is used, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all subcommands."""
        return sorted({*COMMANDS, *(point.name for point in entry_points(group=ENTRY_POINTS))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of that name; None where there is none."""
        if cmd_name in COMMANDS:
            module, _, attribute = COMMANDS[cmd_name].partition(":")
            command = getattr(importlib.import_module(module), attribute)
        else:
            found = entry_points(group=ENTRY_POINTS, name=cmd_name)
            command = _added(next(iter(found))) if found else None
        return command if isinstance(command, click.Command) else None


@click.command(cls=LazyGroup)
@click.version_option(__version__, prog_name="qiangshi")
def command() -> None:
    """强师: a region's plan for its teachers, measured clause by clause."""


def look_for_garbage_seldom() -> None:
    """After a hundred thousand new objects, not seven hundred: plans and records stay.

    Python's own pace takes up to a quarter of the time of a command.
    """
    gc.set_threshold(100_000, 20, 20)


def main() -> None:
    """Run the command; what goes wrong on purpose is told in its own words, without a trace."""
    look_for_garbage_seldom()
    try:
        command()
    except QiangshiError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
