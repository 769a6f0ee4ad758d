"""Both languages are complete: what stands in the source in Chinese has its English."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qiangshi_web
from qiangshi.casework import options
from qiangshi.casework.payloads import asking
from qiangshi_web.casework.registry import kinds
from qiangshi_web.kernel.language import in_language, say, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(qiangshi_web.__file__).parent
PARTS = (
    "kernel",
    "jobs",
    "identity",
    "desk",
    "casework",
    "analytics",
    "audit",
    "exchange",
    "quality",
    "portal",
    "privacy",
    "contexts",
    "signon",
    "filing",
    "finding",
    "api",
)
HAN = "\u4e00-\u9fff"
CHINESE = re.compile(f"[{HAN}]|.[\u3000-\u303f\uff00-\uffef]")  # not punctuation alone
SAID = re.compile(r"""\{%\s*say\s+(?:"([^"]*)"|'([^']*)')""")
# What modules say that speak both languages; models speak Chinese only. Jobs tell their titles
# and what came of them.
SPEAKS = re.compile(
    "kernel.language|kernel.tables|kernel.told import.* Said"
    "|jobs.declaring import.* (job|scheduled)\\b"
)
WORD_LISTS = {"bars.py", "roles.py"}


def templates() -> list[Path]:
    return sorted(file for part in PARTS for file in (ROOT / part).rglob("*.html"))


def sources() -> Iterator[Path]:
    for part in PARTS:
        for file in sorted((ROOT / part).rglob("*.py")):
            if file.name in WORD_LISTS or SPEAKS.search(file.read_text(encoding="utf-8")):
                yield file


def constants(file: Path) -> set[str]:
    """Texts of a module that people may see: neither docstrings nor parts of f-strings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    hidden = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    hidden |= {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in hidden
        and CHINESE.search(node.value)
    }


def said_anywhere() -> set[str]:
    in_templates = {
        one or other
        for file in templates()
        for one, other in SAID.findall(file.read_text(encoding="utf-8"))
    }
    return in_templates.union(declared(), *(constants(file) for file in sources()))


def declared() -> set[str]:
    """What declared case types call their steps, moves, ends and fields, and what may be done."""
    found = set()
    for kind in kinds():
        found |= {kind.label, *kind.documents}
        found |= {one.label for one in (*kind.places.values(), *kind.moves, *kind.rights.appeals)}
        found |= {step.asks for step in kind.steps}
        found |= {
            part.label for step in kind.steps if step.together for part in step.together.parts
        }
        for told in asking(kind.payload).values():
            found |= {told.label, told.help}
    return {words for words in found if words} | constants(Path(options.__file__))


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_everything_said_in_chinese_has_its_english() -> None:
    assert sorted(said_anywhere() - set(wording())) == []


def test_nothing_is_translated_that_nobody_says() -> None:
    assert sorted(set(wording()) - said_anywhere()) == []


def test_both_languages_fill_in_the_same_places() -> None:
    unlike = {zh: en for zh, en in wording().items() if not places(en) <= places(zh) or not en}

    assert unlike == {}


def test_no_english_is_still_chinese() -> None:
    assert [en for en in wording().values() if re.search(f"[{HAN}]", en)] == []


@pytest.mark.parametrize("file", templates(), ids=lambda file: file.name)
def test_no_template_shows_chinese_past_the_switch(file: Path) -> None:
    spoken_twice = file.name == "500.html"  # rendered without request: it shows both languages
    rest = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    shown = [line for line in rest.splitlines() if re.search(f"[{HAN}]", line)]

    assert spoken_twice or [line for line in shown if "中文" not in line] == []


def test_words_are_answered_in_the_language_of_the_request() -> None:
    chinese = say("共 {total} 行", total=3)
    with in_language("en"):
        english = say("共 {total} 行", total=3)

    assert (chinese, english) == ("共 3 行", "3 rows")
