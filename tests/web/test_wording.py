"""Both languages are complete: what stands in the source in Chinese has its English."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qiangshi_web
from qiangshi.casework import options, payloads
from qiangshi.casework.payloads import asking
from qiangshi.measure import gating
from qiangshi_web.casework.registry import kinds
from qiangshi_web.kernel.language import in_language, say, wording
from qiangshi_web.kernel.refusals import sentences

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
TELLING = {"guide", "diagram", "variants"}  # of case types, not of acts
REFUSING = [
    *sorted(one for one in Path(options.__file__).parent.glob("*.py") if one.stem not in TELLING),
    *sorted((ROOT / "casework").rglob("*.py")),
    *sorted((ROOT / "contexts").glob("*/cases.py")),
    *sorted((ROOT / "contexts").glob("*/cases/*.py")),
    ROOT / "privacy" / "cases.py",
    Path(gating.__file__),
]
GIVEN = {"Ground": (0, 2), "refuse": (0,), "Rule": (1,), "require_role": (2,), "append": (0,)}
"""Which arguments of a call are a sentence that stands against an act, or its cure."""
KEPT_AS = {"cure", "why", "text", "told"}
NOT_AGAINST = {
    "“{}”应于{}前办结，已逾期", "“{}”逾期未答复，视为同意",
    "办件{}", "办件{}：{}", "办件{}：依法删除", "批次{}",
    "现行方案中没有 {} / no plan in force gives {}",
}  # fmt: skip
"""Sentences of the same modules that refuse nothing: reasons of events, sources."""
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
    against = (said_against(file) for file in REFUSING)
    return in_templates.union(declared(), *against, *(constants(file) for file in sources()))


def said_against(file: Path) -> set[str]:
    """Whole sentences that stand against an act, that cure it or say what was asked."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        told: list[ast.expr] = []
        if isinstance(node, ast.Call):
            places = GIVEN.get(getattr(node.func, "id", getattr(node.func, "attr", "")), ())
            told = [node.args[place] for place in places if place < len(node.args)]
            told += [one.value for one in node.keywords if one.arg == "cure" and places]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in KEPT_AS:
            told = [node.value]
        values = (one.value for one in told if isinstance(one, ast.Constant))
        found |= {value for value in values if isinstance(value, str) and CHINESE.search(value)}
    return found


def put_together(file: Path) -> set[str]:
    """Chinese sentences with something in them, `{}` for each place."""
    strings = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
               if isinstance(node, ast.JoinedStr))  # fmt: skip
    joined = ("".join(_part(part) for part in one.values) for one in strings)
    return {words for words in joined if re.search(f"[{HAN}“]", words)}


def _part(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "{}"


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
    found |= {expected for _, expected in payloads.READ.values()}
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


def test_sentences_put_together_against_an_act_have_their_english_and_no_others() -> None:
    said = {words for file in REFUSING for words in put_together(file)}
    known = {re.sub(r"\{\w+\}", "{}", words) for words in sentences()}

    assert sorted(said - known - NOT_AGAINST) == []
    assert sorted(known - said) == []
    assert sorted(NOT_AGAINST - said) == []
    unlike = {zh: en for zh, en in sentences().items() if places(en) != places(zh)}
    assert unlike == {}


def test_no_english_is_still_chinese() -> None:
    english = [*wording().values(), *sentences().values()]

    assert [en for en in english if re.search(f"[{HAN}]", en)] == []


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
