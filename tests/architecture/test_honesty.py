"""What code and tests must not do behind a reader's back."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT, calls, own_files, place, tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SKIPS = {"skip", "skipif", "skipIf", "skipUnless", "importorskip", "xfail"}
CLOCKS = {"today", "now", "utcnow", "localtime", "gmtime"}
# Reading a clock to time something is no question about the date.
CLOCK_OWNERS = {"date", "datetime", "timezone", "time", "dt"}
ENVIRONMENT = {"environ", "getenv", "environb"}


def attributes(files: Iterable[Path]) -> Iterator[tuple[Path, ast.Attribute]]:
    for file in files:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Attribute):
                yield file, node


def owner(node: ast.Attribute) -> str:
    """Last name before the dot: `datetime` in `datetime.now` and in `dt.datetime.now`."""
    value = node.value
    return value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")


def reads_clock(node: ast.Attribute) -> bool:
    return node.attr in CLOCKS and owner(node) in CLOCK_OWNERS


def library() -> list[Path]:
    """The library without its command line, where dates and paths enter."""
    package = ROOT / "src" / "qiangshi"
    return [
        file
        for file in own_files("src/qiangshi")
        if not {package / "cli.py", package / "commands"} & {file, *file.parents}
    ]


def sources_of_tests() -> list[Path]:
    return [file for file in own_files("tests") if file.name != "test_honesty.py"]


def test_the_library_reads_no_clock() -> None:
    found = [place(file, node) for file, node in attributes(library()) if reads_clock(node)]
    assert found == [], "give the date as an argument"


def test_the_library_reads_no_environment() -> None:
    found = [
        place(file, node)
        for file, node in attributes(library())
        if node.attr in ENVIRONMENT and owner(node) == "os"
    ]
    assert found == [], "give the value as an argument"


def test_no_test_skips_itself() -> None:
    found = [
        place(file, node) for file, node in attributes(sources_of_tests()) if node.attr in SKIPS
    ]
    assert found == [], "what is missing must fail"


def test_no_test_sleeps_or_asks_for_the_real_date() -> None:
    found = [
        place(file, node)
        for file, node in attributes(sources_of_tests())
        if reads_clock(node) or (node.attr == "sleep" and owner(node) == "time")
    ]
    assert found == []


def test_every_test_asserts_something() -> None:
    silent = [
        place(file, node)
        for file in sources_of_tests()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and file.name.startswith("test_")
        and not asserts(node)
    ]
    assert silent == []


def asserts(test: ast.FunctionDef) -> bool:
    """An `assert`, `pytest.raises`, or a call whose name says that it checks or expects."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"raises", "expect"} or re.search("assert|check", name.casefold()):
                return True
    return False


def test_no_call_turns_warnings_off() -> None:
    found = [
        place(file, call)
        for file in own_files("src", "tests")
        for call in calls(file)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"simplefilter", "filterwarnings"}
        and owner(call.func) == "warnings"
    ]
    assert found == []
