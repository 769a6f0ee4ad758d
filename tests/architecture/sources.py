"""The files that the rules of the house hold for."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CODE = ("src", "tests", "bench")
TEXT = (
    "policy",
    "src",
    "tests",
    "bench",
    "docs",
    "bin",
    "README*",
    "*.md",
    "NOTICE",
    "pyproject.toml",
)

_COMMENT = re.compile(r"(?:^|\s)#(.*)")


def python_files(*folders: str) -> list[Path]:
    """Every Python file below `folders` of the checkout, sorted."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def own_files(*folders: str) -> list[Path]:
    """`python_files` without migrations, which Django writes."""
    return [file for file in python_files(*folders) if "migrations" not in file.parts]


def text_files() -> Iterator[Path]:
    """Every file of the checkout that people write and read: whatever decodes as UTF-8."""
    for pattern in TEXT:
        for start in sorted(ROOT.glob(pattern)):
            for file in sorted(start.rglob("*")) if start.is_dir() else [start]:
                if file.is_file() and "__pycache__" not in file.parts and _is_text(file):
                    yield file


def passages(file: Path) -> list[str]:
    """The texts of a file: a YAML file's values and comments each, any other file as a whole.

    Names that follow each other in a list of values are no sentence.
    """
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".yaml":
        return [text]
    try:
        values = [*_strings(yaml.load(text, Loader=yaml.CSafeLoader))]
    except yaml.YAMLError:
        return [text]
    return [*values, "".join(_COMMENT.findall(text))]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, held in value.items():
            yield from (*_strings(key), *_strings(held))
    elif isinstance(value, list):
        for held in value:
            yield from _strings(held)
    elif isinstance(value, str):
        yield value


def _is_text(file: Path) -> bool:
    try:
        file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


@cache
def tree(file: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def calls(file: Path) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in ast.walk(tree(file)) if isinstance(node, ast.Call))


def place(file: Path, node: ast.expr | ast.stmt | None = None) -> str:
    """`path:line` within the checkout, for a message."""
    shown = file.relative_to(ROOT).as_posix()
    return f"{shown}:{node.lineno}" if node else shown
