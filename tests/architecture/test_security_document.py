"""What the document on security names is there: every path, every test."""

from __future__ import annotations

import ast
import re

from tests.architecture.sources import ROOT, tree

DOCUMENT = ROOT / "docs/explanation/security.md"
_NAMED = re.compile(r"`((?:src|policy|deploy|tests|docs|bin)/[\w./-]+)(?:::(\w+))?`")
_ROW = re.compile(r"^\|(?! asked for|-| PIPL)(.+)\|$", re.MULTILINE)


def named() -> list[tuple[str, str]]:
    return _NAMED.findall(DOCUMENT.read_text(encoding="utf-8"))


def holds(path: str, test: str) -> bool:
    file = ROOT / path
    if not test:
        return file.exists()
    functions = (one for one in ast.walk(tree(file)) if isinstance(one, ast.FunctionDef))
    return test in {function.name for function in functions}


def test_every_path_and_test_that_is_named_is_there() -> None:
    found = named()

    assert len(found) > 50
    assert [f"{path} {test}" for path, test in found if not holds(path, test)] == []


def test_a_test_that_is_not_there_is_noticed() -> None:
    assert not holds("tests/architecture/test_security_document.py", "test_nothing")
    assert not holds("src/qiangshi_web/nothing.py", "")


def test_every_row_is_shown_by_a_test_or_says_whose_duty_it_is() -> None:
    rows = [row.split("|") for row in _ROW.findall(DOCUMENT.read_text(encoding="utf-8"))]

    assert len(rows) > 30
    assert [
        asked for asked, done, shown in rows if not shown.strip() and "operator" not in done
    ] == []
