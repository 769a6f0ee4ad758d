"""The parts of a workbook that are copied, and the few that have to be written anew.

Only what shows a table is taken over: sheets, texts, styles and the theme. Macros, links to other
files, connections, embedded objects, pictures and notes are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from qiangshi.datacheck.coded.scanning import Unusual

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FORMAT = "application/vnd.openxmlformats-officedocument"
_SHEET = re.compile(rb"<sheet\s[^>]*?/>")
_ID = re.compile(rb'\s(?:r:)?id="([^"]*)"')
_NAME = re.compile(rb"<definedName\s[^>]*?(?:/>|>([^<]*)</definedName>)")
_LOCAL = re.compile(rb'\slocalSheetId="\d+"')
_DROPPED = re.compile(
    rb"<(externalReferences|pivotCaches|calcPr|extLst|customWorkbookViews|functionGroups|oleSize"
    rb"|webPublishing|webPublishObjects|smartTagPr|smartTagTypes|fileRecoveryPr|volatileDependencies"
    rb")\b(?:[^>]*/>|.*?</\1>)",
    re.DOTALL,
)
# A name for cells of another file, for a command, or one that runs when the file is opened.
_RISKY_NAME = re.compile(rb"[\[|]|_xlnm\.(?!Print|_Filter)|auto_?(?:open|close)", re.IGNORECASE)

STYLES, STRINGS = "xl/styles.xml", "xl/sharedStrings.xml"


@dataclass(frozen=True, slots=True)
class Kept:
    """A worksheet that is copied: the id by which the workbook knows it, and its part."""

    id: str
    part: str


def content_types(sheets: Sequence[Kept], others: Sequence[str]) -> str:
    """The list of what each part is."""
    kinds = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        STYLES: "spreadsheetml.styles",
        STRINGS: "spreadsheetml.sharedStrings",
        **{name: "theme" for name in others if name.startswith("xl/theme/")},
        **{sheet.part: "spreadsheetml.worksheet" for sheet in sheets},
    }
    present = {"xl/workbook.xml", *others, *(sheet.part for sheet in sheets)}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_FORMAT}.{kind}+xml"/>'
        for name, kind in kinds.items()
        if name in present
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{overrides}</Types>'
    )


def root_links() -> str:
    """The link from the package to its workbook."""
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )


def workbook_links(sheets: Sequence[Kept], others: Sequence[str]) -> str:
    """The links from the workbook to its parts."""
    links = [(sheet.id, "worksheet", sheet.part) for sheet in sheets]
    for number, name in enumerate(others):
        kind = {STYLES: "styles", STRINGS: "sharedStrings"}.get(name, "theme")
        links.append((f"kept{number}", kind, name))
    listed = "".join(
        f'<Relationship Id={quoteattr(key)} Type="{_LINKS}/{kind}" Target="/{part}"/>'
        for key, kind, part in links
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def workbook_part(content: bytes, sheets: Sequence[Kept]) -> bytes:
    """The workbook without what is not copied. Raises Unusual."""
    kept = {sheet.id.encode() for sheet in sheets}
    found = _SHEET.findall(content)
    if len(found) < len(kept):
        raise Unusual("sheets that are not listed as usual")
    dropped = [entry for entry in found if not (key := _ID.search(entry)) or key[1] not in kept]
    for entry in dropped:
        content = content.replace(entry, b"")
    content = _DROPPED.sub(b"", content)

    def without_risk(name: re.Match[bytes]) -> bytes:
        is_moved = bool(dropped) and _LOCAL.search(name[0]) is not None
        return b"" if is_moved or _RISKY_NAME.search(name[0]) else name[0]

    content = _NAME.sub(without_risk, content)
    return re.sub(rb"<definedNames>\s*</definedNames>", b"", content)


# --- styles ---------------------------------------------------------------------------------------

_FILLS = re.compile(rb"<fills\b[^>]*>(.*?)</fills>", re.DOTALL)
_CELL_FORMATS = re.compile(rb"<cellXfs\b[^>]*>(.*?)</cellXfs>", re.DOTALL)
_FILL = (
    b'<fill><patternFill patternType="solid"><fgColor rgb="FFFDE9E7"/><bgColor indexed="64"/>'
    b"</patternFill></fill>"
)


@dataclass(frozen=True, slots=True)
class Styles:
    """The part with two formats more, and their numbers; None where they could not be added."""

    content: bytes
    good: int | None = None
    bad: int | None = None


def with_answer_styles(content: bytes) -> Styles:
    """Formats for the answers: text, and text on a pale red ground."""
    fills, formats = _FILLS.search(content), _CELL_FORMATS.search(content)
    if fills is None or formats is None:
        return Styles(content)
    ground = fills[1].count(b"<fill>") + fills[1].count(b"<fill/>")
    first = len(re.findall(rb"<xf\b", formats[1]))
    base = b'<xf numFmtId="49" fontId="0" fillId="%d" borderId="0" xfId="0" applyNumberFormat="1"'
    text = base % 0 + b"/>"
    wrong = (
        base % ground + b' applyFill="1" applyAlignment="1"><alignment vertical="top" '
        b'wrapText="1"/></xf>'
    )
    new_formats = b'<cellXfs count="%d">' % (first + 2) + formats[1] + text + wrong + b"</cellXfs>"
    new_fills = b'<fills count="%d">' % (ground + 1) + fills[1] + _FILL + b"</fills>"
    changed = content.replace(formats[0], new_formats, 1).replace(fills[0], new_fills, 1)
    return Styles(changed, first, first + 1)
