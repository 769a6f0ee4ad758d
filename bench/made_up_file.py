"""A made-up workbook of 60 columns: one line a teacher, with education, certificate and rotation.

Written the way Excel writes it, texts once in a table that cells point to. One row in a hundred
has something wrong with it.
"""

from __future__ import annotations

import random
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from qiangshi.datacheck.identifiers import check_character
from qiangshi.datacheck.profiles.models import Profile, ProfileColumn, ProfileRows, ProfileTable
from qiangshi.policy.vocabulary import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from qiangshi.policy.vocabulary import Column, Vocabulary

COLUMNS = 60
SHEET = "教职工一览"
PARTS = {
    "person": "",
    "education_history": "学历",
    "qualification_certificate": "资格",
    "rotation_stay": "交流",
    "employment": "任职",
}
"""Relations that a line holds, and what their headings begin with."""

_LEFT_OUT = frozenset({("person", "retires_on")})
_EPOCH = date(1899, 12, 30)
_WRONG_EVERY = 100
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘于蒋蔡余杜叶程"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉红梅建国文辉力志永春光东海燕宁波琳欣怡"


@dataclass(frozen=True, slots=True)
class Field:
    """One of the sixty columns."""

    header: str
    relation: str
    column: Column


def fields(vocabulary: Vocabulary) -> list[Field]:
    """The sixty columns, in the order of the sheet."""
    found = []
    for name, prefix in PARTS.items():
        for column in vocabulary.relations[name].columns:
            if prefix and column.id == "person_id":
                continue  # it stands once, with the person
            found.append(Field(f"{prefix}{column.label.zh}", name, column))
    kept = [one for one in found if (one.relation, one.column.id) not in _LEFT_OUT]
    return kept[:COLUMNS]


def profile(vocabulary: Vocabulary) -> Profile:
    """How the file is read."""
    columns = tuple(
        ProfileColumn.model_validate(
            {"header": one.header, "to": f"{one.relation}.{one.column.id}"}
        )
        for one in fields(vocabulary)
    )
    rows = tuple(ProfileRows(relation=name) for name in PARTS)
    label = Text(zh=SHEET, en="All about a teacher")
    table = ProfileTable(id="all", label=label, columns=columns, rows=rows)
    return Profile(id="bench", label=label, source="made up", as_of="", tables=(table,))


def write_file(path: Path, rows: int, vocabulary: Vocabulary) -> None:
    """Write the workbook: a header and `rows` lines, the same for the same number."""
    writer = _Writer(random.Random(20211217), fields(vocabulary), vocabulary)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in _FRAME.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            head = f'<worksheet xmlns="{_MAIN}"><sheetData>'
            part.write(head.encode())
            for line in writer.lines(rows):
                part.write(line)
            part.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<sst xmlns="{_MAIN}">'.encode())
            for text in writer.texts:
                part.write(f"<si><t>{escape(text)}</t></si>".encode())
            part.write(b"</sst>")


class _Writer:
    """Draws rows and writes them as a spreadsheet does."""

    def __init__(self, draw: random.Random, listed: list[Field], vocabulary: Vocabulary) -> None:
        self.texts: dict[str, int] = {}
        self._draw = draw
        self._fields = listed
        self._letters = [_letters(place) for place in range(len(listed))]
        self._make = [_maker(one, vocabulary, draw) for one in listed]

    def lines(self, rows: int) -> Iterator[bytes]:
        """The header, then the rows."""
        yield self._line(1, [one.header for one in self._fields])
        for number in range(2, rows + 2):
            person = _person(number, self._draw)
            cells = [make(person) for make in self._make]
            if number % _WRONG_EVERY == 0:
                cells[self._draw.randrange(3, len(cells))] = "错"
            yield self._line(number, cells)

    def _line(self, number: int, cells: list[Any]) -> bytes:
        parts = [f'<row r="{number}" spans="1:{len(cells)}">']
        for letters, cell in zip(self._letters, cells, strict=True):
            if cell is None:
                continue
            if isinstance(cell, str):
                text = self.texts.setdefault(cell, len(self.texts))
                parts.append(f'<c r="{letters}{number}" t="s"><v>{text}</v></c>')
            elif isinstance(cell, date):
                serial = (cell - _EPOCH).days
                parts.append(f'<c r="{letters}{number}" s="1"><v>{serial}</v></c>')
            else:
                parts.append(f'<c r="{letters}{number}"><v>{cell!r}</v></c>')
        return ("".join(parts) + "</row>").encode()


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _person(number: int, draw: random.Random) -> dict[str, Any]:
    born_on = date(1965, 1, 1) + timedelta(days=draw.randrange(12_000))
    body = (
        f"41{draw.choice(('0102', '0103', '0305', '9001'))}{born_on:%Y%m%d}{number % 999 + 1:03d}"
    )
    given = "".join(draw.choice(_GIVEN) for _ in range(draw.choice((1, 2, 2))))
    return {
        "number": number,
        "born_on": born_on,
        "id_number": body + check_character(body),
        "sex": "男" if (number % 999 + 1) % 2 else "女",
        "name": draw.choice(_SURNAMES) + given,
        "since": born_on + timedelta(days=8_000 + draw.randrange(800)),
    }


def _maker(
    one: Field, vocabulary: Vocabulary, draw: random.Random
) -> Callable[[dict[str, Any]], Any]:
    """What draws the cells of one column."""
    column, relation = one.column, vocabulary.relations[one.relation]
    if column.id == relation.key:
        letter = relation.id[0].upper()
        return lambda person: f"{letter}{person['number']:07d}"
    if column.id in {"born_on", "id_number", "sex", "name"}:
        return lambda person: person[column.id]
    if column.id == "organisation_id":
        return lambda person: f"S{person['number'] % 400:04d}"
    if column.codes is not None:
        labels = list(vocabulary.codes[column.codes].labels.values())
        return lambda person: draw.choice(labels)
    return _typed_maker(column, draw)


def _typed_maker(column: Column, draw: random.Random) -> Callable[[dict[str, Any]], Any]:
    match column.type:
        case "boolean":
            return lambda person: draw.choice(("是", "否"))
        case "date":
            days = 9_000 if column.id in {"valid_to", "retires_on"} else 1_500
            return lambda person: person["since"] + timedelta(days=days)
        case "integer" | "decimal":
            return lambda person: float(draw.randrange(1, 900)) / 2 * 2
    if column.id == "number":
        return lambda person: f"{draw.randrange(10**16):017d}"
    return lambda person: f"第{draw.randrange(3_000)}师范学院"


_KINDS = {
    "workbook.xml": "sheet.main",
    "worksheets/sheet1.xml": "worksheet",
    "sharedStrings.xml": "sharedStrings",
    "styles.xml": "styles",
}
_OVERRIDES = "".join(
    f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-officedocument.'
    f'spreadsheetml.{kind}+xml"/>'
    for part, kind in _KINDS.items()
)
_FRAME = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{_OVERRIDES}</Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_LINKS}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets><sheet name="{SHEET}" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_LINKS}/'
        f'worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_LINKS}/'
        f'sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="{_LINKS}/styles"'
        ' Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill>'
        '<patternFill patternType="none"/></fill>'
        '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}
