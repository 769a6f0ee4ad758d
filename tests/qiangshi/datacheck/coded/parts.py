"""Workbooks put together part by part, so that a test can write XML as no library would."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def worksheet(rows: str, *, before: str = "", after: str = "") -> str:
    """A worksheet's XML around the XML of its rows."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def parts(sheets: Mapping[str, str], *, shared: str = "", styles: str = "") -> dict[str, str]:
    """Every part of a workbook: sheet name → its XML."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    found = {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            f"{overrides}</Types>"
        ),
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr/>'
            f"<sheets>{listed}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        ),
    }
    for number, xml in enumerate(sheets.values(), start=1):
        found[f"xl/worksheets/sheet{number}.xml"] = xml
    if shared:
        found["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{shared}</sst>'
    if styles:
        found["xl/styles.xml"] = f'{HEAD}<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return found


def write_parts(path: Path, content: Mapping[str, str | bytes]) -> Path:
    """The parts as a zip file whose bytes do not depend on the day."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return path
