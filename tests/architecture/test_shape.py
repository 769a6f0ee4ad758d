"""Files, functions and names as CONTRIBUTING.md draws them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.architecture.sources import CODE, ROOT, own_files, place, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 60
# Names that say nothing about what lives there.
EMPTY_NAME = re.compile(
    r"^_?(utils?|common|core|helpers?|misc|services?|managers?)$"
    r"|_(utils?|helpers?|services?|managers?)$"
)

# Django finds what lies in them by the folder's name, which says it all.
DJANGO_FOLDERS = {"templatetags", "management", "commands"}


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        file: len(file.read_text(encoding="utf-8").splitlines()) for file in own_files(*CODE)
    }
    assert [f"{place(file)} {n}" for file, n in lengths.items() if n > FILE_LINES] == []


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{place(file, function)} {function.name} {lines_of(function)}"
        for file in own_files(*CODE)
        for function in functions(file)
        if lines_of(function) > FUNCTION_LINES
    ]
    assert long == []


def test_every_file_and_folder_has_a_name_that_says_something() -> None:
    inside = {part for file in own_files(*CODE) for part in (file, *file.relative_to(ROOT).parents)}
    assert sorted(str(part) for part in inside if EMPTY_NAME.search(part.stem)) == []


def test_every_module_and_package_says_what_it_is_for() -> None:
    silent = [
        place(file)
        for file in own_files("src")
        if not (file.name == "__init__.py" and file.parent.name in DJANGO_FOLDERS)
        and not ast.get_docstring(tree(file))
    ]
    assert silent == []
