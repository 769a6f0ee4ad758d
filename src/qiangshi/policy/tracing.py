"""Holds a plan against the user's own copy of its document: do clauses, terms, numbers stand there?

The document stays where it is; only places are reported, never its sentences.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qiangshi.policy.models import Clause, Plan, Provision

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "\u3007": 0,
}
_MULTIPLES = {"十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 100_000_000}
_CHINESE_NUMBER = re.compile(f"[{''.join(_DIGITS)}{''.join(_MULTIPLES)}]+")
_PRINTED_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DROPPED = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Document:
    """Paragraphs of a document, normalised: full-width folded, spaces and thousands' commas out."""

    name: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untraced:
    """Something of a provision that was not found, and why."""

    provision: str
    clause: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What was found of a plan in a document."""

    plan: str
    document: str
    provisions: int
    located: int
    numbers: int
    numbers_matched: int
    rest: tuple[Untraced, ...]


def read_document(path: Path) -> Document:
    """Read a .txt (UTF-8 or GB18030) or .docx file. Raises QiangshiError for anything else."""
    if not path.exists():
        raise QiangshiError(f"没有这个文件：{path}")
    if path.suffix.lower() == ".docx":
        lines = _docx_lines(path)
    elif path.suffix.lower() in {".txt", ".md"}:
        lines = _decoded(path).splitlines()
    else:
        raise QiangshiError(
            f"只能核对 .txt 或 .docx 文件，这是 {path.suffix or '没有扩展名的文件'}"
        )
    paragraphs = tuple(normal for line in lines if (normal := normalised(line)))
    if not paragraphs:
        raise QiangshiError(f"文件中没有文字：{path}")
    return Document(path.name, paragraphs)


def normalised(text: str) -> str:
    """Full-width forms folded, white space and commas dropped."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def trace(plan: Plan, document: Document) -> Trace:
    """Find each provision's clause in `document`, and its term and numbers in that clause."""
    spans = _clause_spans(list(plan.clauses.values()), document)
    rest: list[Untraced] = []
    located = numbers = matched = 0
    for provision in plan.provisions.values():
        numbers += len(provision.numbers)
        text = _text_of(provision.clause, spans, plan.clauses, document)
        missing = list(_missing(provision, text))
        rest += missing
        located += not any(m.what in {"clause", "term"} for m in missing)
        unmatched = sum(m.what == "number" for m in missing)
        matched += len(provision.numbers) - (len(provision.numbers) if not text else unmatched)
    return Trace(
        plan.id, document.name, len(plan.provisions), located, numbers, matched, tuple(rest)
    )


def _missing(provision: Provision, text: str) -> Iterator[Untraced]:
    if not text:
        reason = "the clause's term does not stand in the document in its order"
        yield Untraced(provision.id, provision.clause, "clause", reason)
        return
    if provision.term is not None and normalised(provision.term) not in text:
        reason = f"{provision.term} does not stand in the clause"
        yield Untraced(provision.id, provision.clause, "term", reason)
    printed = printed_numbers(text)
    for number in provision.numbers:
        if not _stands(number, text, printed):
            reason = f"{number} does not stand in the clause"
            yield Untraced(provision.id, provision.clause, "number", reason)


def _stands(number: str, text: str, printed: set[str]) -> bool:
    wanted = normalised(number)
    figures = _PRINTED_NUMBER.findall(wanted)
    if "%" in wanted:
        return wanted in text or all(f"百分之{figure}" in _arabic(text) for figure in figures)
    return wanted in text or (
        bool(figures) and all(_plain(figure) in printed for figure in figures)
    )


def printed_numbers(text: str) -> set[str]:
    """Every figure that stands in `text`, in digits, whether printed in digits or in Chinese."""
    found = {_plain(figure) for figure in _PRINTED_NUMBER.findall(text)}
    found |= {str(chinese_number(word)) for word in _CHINESE_NUMBER.findall(text)}
    with_wan = re.findall(r"(\d+(?:\.\d+)?)([万亿])", text)
    return found | {_plain(str(float(figure) * _MULTIPLES[unit])) for figure, unit in with_wan}


def chinese_number(word: str) -> int:
    """三百六十 → 360; a run without multiples is read digit by digit: 二〇二五 → 2025."""
    if not any(char in _MULTIPLES for char in word):
        return int("".join(str(_DIGITS[char]) for char in word))
    total = section = digit = 0
    for char in word:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif (multiple := _MULTIPLES[char]) >= _MULTIPLES["万"]:
            total = (total + section + digit) * multiple
            section = digit = 0
        else:
            section += (digit or 1) * multiple
            digit = 0
    return total + section + digit


def _plain(figure: str) -> str:
    return f"{float(figure):.6f}".rstrip("0").rstrip(".")


def _arabic(text: str) -> str:
    return _CHINESE_NUMBER.sub(lambda match: str(chinese_number(match.group())), text).replace(
        "100分之", "百分之"
    )


def _clause_spans(clauses: Sequence[Clause], document: Document) -> dict[str, range]:
    """Clause path → its paragraphs: from the one with its term to the one before the next clause.

    Clauses stand in the plan in the document's order, and terms may recur; the longest series of
    terms in that order is taken.
    """
    places = [
        [i for i, paragraph in enumerate(document.paragraphs) if normalised(c.term) in paragraph]
        if c.term is not None
        else []
        for c in clauses
    ]
    starts = _longest_series(places)
    found = {clauses[i].path: start for i, start in starts.items()}
    spans: dict[str, range] = {}
    ordered = [*found.items(), ("", len(document.paragraphs))]
    for (path, start), (_, following) in pairwise(ordered):
        spans[path] = range(start, max(following, start + 1))
    return spans


def _longest_series(places: list[list[int]]) -> dict[int, int]:
    """Index → place for the most entries whose places never fall; earlier places win."""
    best: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}  # last place → (length, series)
    for index, options in enumerate(places):
        extended = {}
        for place in options:
            before = [series for last, series in best.items() if last <= place]
            length, series = max(before, key=lambda s: s[0], default=(0, ()))
            extended[place] = (length + 1, (*series, (index, place)))
        for place, series_here in extended.items():
            if place not in best or best[place][0] < series_here[0]:
                best[place] = series_here
    _, series = max(best.values(), key=lambda s: s[0], default=(0, ()))
    return dict(series)


def _text_of(
    path: str, spans: Mapping[str, range], clauses: Mapping[str, Clause], document: Document
) -> str:
    """Text of a clause and of the clauses beneath it; empty where it was not located."""
    paths = {path}
    for clause in clauses.values():
        if clause.parent in paths:
            paths.add(clause.path)
    lines = sorted({i for p in paths if p in spans for i in spans[p]})
    return "".join(document.paragraphs[i] for i in lines)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise QiangshiError(f"文件既不是 UTF-8 也不是 GB18030：{path}")


def _docx_lines(path: Path) -> list[str]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise QiangshiError(f"不是可读的 Word 文件：{path}") from error
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [cell.text for row in table.rows for cell in row.cells]
    return lines
