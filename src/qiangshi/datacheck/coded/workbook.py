"""What a zipped workbook says about its sheets before any sheet is read."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree

from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qiangshi.datacheck.coded.archive import Archive

Kind = Literal["number", "date", "duration"]

MAIN = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# Number formats that every spreadsheet knows by number and that show a day or a time.
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_BUILT_IN_DURATION = 46
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DAY = re.compile(r"[ymdhs年月日时]", re.IGNORECASE)

_ITEM = re.compile(rb"<si\b[^>]*?/>|<si\b[^>]*>(.*?)</si>", re.DOTALL)
_PLAIN = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_SIMPLE = re.compile(r"<si><t(?: [^>]*[^>/])?>([^<]*)</t></si>")
_TEXT = re.compile(rb"<t(?: [^>/]*)?>([^<]*)</t>")
_SPOKEN = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, the part that holds it, whether the user hides it, and the id by
    which the workbook refers to it."""

    name: str
    part: str
    hidden: bool
    id: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """`kinds` says by the number of a style what a number in it is meant as."""

    sheets: tuple[SheetPart, ...]
    kinds: Sequence[Kind]
    from_1904: bool


def read_workbook(archive: Archive, name: str) -> Workbook:
    """The sheets and styles. Raises WorkbookError."""
    try:
        book = ElementTree.fromstring(archive.read(MAIN))
        targets = _targets(archive.read(_RELATIONS))
        kinds = _kinds(archive.read(_STYLES))
    except ElementTree.ParseError as error:
        raise WorkbookError(
            f"{name} 不是可读的工作簿，或已损坏；请用表格软件打开，另存为 .xlsx"
        ) from error
    sheets = [
        SheetPart(
            sheet.get("name", ""), targets[found], sheet.get("state", "visible") != "visible", found
        )
        for sheet in book.iterfind("{*}sheets/{*}sheet")
        if (found := sheet.get(_ID) or sheet.get(_STRICT_ID) or "") in targets
    ]
    about = book.find("{*}workbookPr")
    from_1904 = about is not None and about.get("date1904", "0") in {"1", "true"}
    return Workbook(tuple(sheets), kinds, from_1904)


def _targets(content: bytes) -> dict[str, str]:
    """Relation id → part, worksheets only."""
    if not content:
        return {}
    found = {}
    for entry in ElementTree.fromstring(content):
        target = entry.get("Target", "")
        if entry.get("Type", "").endswith("/worksheet") and entry.get("TargetMode") != "External":
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found[entry.get("Id", "")] = path
    return found


def _kinds(content: bytes) -> tuple[Kind, ...]:
    if not content:
        return ()
    styles = ElementTree.fromstring(content)
    codes = {
        entry.get("numFmtId", ""): entry.get("formatCode", "")
        for entry in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    numbers = [entry.get("numFmtId", "0") for entry in styles.iterfind("{*}cellXfs/{*}xf")]
    return tuple(
        kind_of(codes[number]) if number in codes else _built_in(int(number or 0))
        for number in numbers
    )


def _built_in(number: int) -> Kind:
    if number == _BUILT_IN_DURATION:
        return "duration"
    return "date" if number in _BUILT_IN_DATES else "number"


def kind_of(code: str) -> Kind:
    """What a number format shows.

    >>> kind_of('yyyy"年"m"月"'), kind_of("#,##0.00"), kind_of("[h]:mm")
    ('date', 'number', 'duration')
    """
    shown = _NOT_SHOWN.sub("", code.split(";", 1)[0])
    if _DURATION.search(shown):
        return "duration"
    is_general = shown.casefold().strip() == "general"
    return "date" if not is_general and _DAY.search(shown) else "number"


# --- texts that cells share -----------------------------------------------------------------------


def shared_strings(archive: Archive) -> list[str]:
    """The texts that cells point to, by number."""
    if _STRINGS not in archive.names:
        return []
    texts: list[str] = []
    rest = b""
    for chunk in archive.chunks(_STRINGS):
        block = rest + chunk
        end = block.rfind(b"</si>") + len(b"</si>")
        if end < len(b"</si>"):
            rest = block
            continue
        texts.extend(_items(block[:end]))
        rest = block[end:]
    texts.extend(_items(rest))
    return texts


def _items(block: bytes) -> Iterator[str]:
    text = block.decode("utf-8", "replace")
    simple = _SIMPLE.findall(text)
    if len(simple) == text.count("<si") and not any(mark in text for mark in ("&", "_x", "\r")):
        yield from simple
        return
    for item in _ITEM.findall(block):
        plain = _PLAIN.fullmatch(item)
        yield decoded(plain[1]) if plain else rich_text(item)


def rich_text(content: bytes) -> str:
    """The text of runs in several fonts, without how it is spoken."""
    if b"<rPh" in content:
        content = _SPOKEN.sub(b"", content)
    return decoded(b"".join(_TEXT.findall(content)))


def _unescaped(found: re.Match[str]) -> str:
    """The character that a spreadsheet writes as `_x000D_`; half of a pair is none."""
    number = int(found[1], 16)
    return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)


def decoded(raw: bytes) -> str:
    """The text that XML writes as `raw`."""
    text = raw.decode("utf-8", "replace")
    if "&" in text:
        text = html.unescape(text)
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return text.replace("\r\n", "\n") if "\r" in text else text
