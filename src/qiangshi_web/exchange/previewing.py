"""What is in a file: its sheets, their headers, which heading is what, some rows.

Read in a process of its own with bounded memory: `python -m qiangshi_web.exchange.previewing`
takes a request as JSON on its input and answers with JSON. It knows nothing of Django.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiangshi.datacheck.cells import shown, squeezed
from qiangshi.datacheck.coded import open_coded
from qiangshi.datacheck.importing.child import bound_memory
from qiangshi.datacheck.importing.headings import Recogniser
from qiangshi.datacheck.naming import is_ours
from qiangshi.datacheck.profiles import profile_ids, suggest_mapping
from qiangshi.errors import QiangshiError, WorkbookError
from qiangshi.policy import load_vocabulary
from qiangshi_web.exchange.formats import profile_named

if TYPE_CHECKING:
    from qiangshi.datacheck.coded import CodedFile, CodedSheet
    from qiangshi.datacheck.importing.headings import Headings
    from qiangshi.datacheck.profiles import Profile
    from qiangshi.policy.vocabulary import Vocabulary

_MEMORY = 2 << 30
_SECONDS = 300
_SAMPLE, _SEARCHED = 6, 12
_WIDEST = 120
_LONGEST = 60

Found = dict[str, Any]


def preview_in_child(path: Path, *, profile: str = "") -> Found:
    """See `preview`. Raises WorkbookError, one line, for whatever becomes of it."""
    asked = json.dumps({"path": str(path), "profile": profile})
    command = [sys.executable, "-m", "qiangshi_web.exchange.previewing"]
    try:
        done = subprocess.run(
            command, input=asked, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookError(f"{path.name} 读取超过 {_SECONDS} 秒，请分成几个文件") from error
    try:
        answer: Found = json.loads(done.stdout)
    except ValueError as error:
        raise WorkbookError(f"{path.name} 无法读取，请另存为 .xlsx 后再试") from error
    if "refused" in answer:
        raise WorkbookError(answer["refused"])
    return answer


def preview(path: Path, *, profile: str, vocabulary: Vocabulary) -> Found:
    """`profile`, and for each sheet name, table, header row, columns, number of rows and a sample.

    Where no profile is asked for, the one that recognises most columns is taken.
    """
    opened = open_coded(path)
    wanted = [profile] if profile else profile_ids()
    profiles = [profile_named(one, vocabulary=vocabulary) for one in wanted]
    scored = [(one, _headings(opened, one, vocabulary)) for one in profiles]
    best, found = max(scored, key=lambda pair: sum(len(h.columns) for h in pair[1] if h))
    return {
        "kind": opened.kind,
        "notices": list(opened.notices),
        "profile": best.id,
        "sheets": [
            _sheet(sheet, headings, best, vocabulary)
            for sheet, headings in zip(opened.sheets, found, strict=True)
            if not is_ours(sheet.as_sheet())
        ],
    }


def _headings(opened: CodedFile, profile: Profile, vocabulary: Vocabulary) -> list[Headings | None]:
    recogniser = Recogniser(profile, vocabulary, tables=profile.tables)
    return [
        None if is_ours(sheet.as_sheet()) else recogniser.find(sheet.as_sheet())
        for sheet in opened.sheets
    ]


def _sheet(
    sheet: CodedSheet, headings: Headings | None, profile: Profile, vocabulary: Vocabulary
) -> Found:
    if headings is None:
        return _unknown_sheet(sheet, profile, vocabulary)
    body = [at for at, number in enumerate(sheet.numbers.tolist()) if number > headings.last_row]
    head = _row_at(sheet, headings.last_row)
    known = {place: list(column.to) for place, column in headings.columns.items()}
    labels = {place: column.header for place, column in headings.columns.items()}
    return {
        "name": sheet.name,
        "is_hidden": sheet.hidden,
        "table": headings.table.id,
        "label": headings.table.label.zh,
        "header_row": headings.last_row,
        "rows": len(body),
        "columns": [
            {"header": labels.get(place) or head[place], "targets": known.get(place)}
            for place in range(min(sheet.width, _WIDEST))
        ],
        "sample": [_cells(sheet, at) for at in body[:_SAMPLE]],
    }


def _unknown_sheet(sheet: CodedSheet, profile: Profile, vocabulary: Vocabulary) -> Found:
    """A sheet without a header that we know: the fullest of its first rows may be one."""
    first = [_cells(sheet, at) for at in range(min(len(sheet.numbers), _SEARCHED))]
    filled = [len({squeezed(cell) for cell in row if cell}) for row in first]
    at = filled.index(max(filled)) if filled else 0
    return {
        "name": sheet.name,
        "is_hidden": sheet.hidden,
        "table": None,
        "label": "",
        "header_row": int(sheet.numbers[at]) if first else 0,
        "rows": max(0, len(sheet.numbers) - at - 1),
        "columns": [{"header": cell, "targets": None} for cell in (first[at] if first else [])],
        "sample": first[at + 1 :][:_SAMPLE],
    }


def _row_at(sheet: CodedSheet, number: int) -> list[str]:
    place = sheet.numbers.tolist().index(number)
    return _cells(sheet, place)


def _cells(sheet: CodedSheet, at: int) -> list[str]:
    return [shown(cell)[:_LONGEST] for cell in sheet.cells(at)[:_WIDEST]]


def suggested(
    headers: list[str], *, profile: Profile, table: str, vocabulary: Vocabulary
) -> dict[str, list[str]]:
    """Heading → what it surely or most probably means in a table."""
    named = [header for header in headers if header]
    found = suggest_mapping(named, profile=profile, table=table, vocabulary=vocabulary)
    return {one.header: list(one.chosen or ()) for one in found}


def main() -> None:
    """Answer one request."""
    asked = json.loads(sys.stdin.read())
    bound_memory(_MEMORY)
    try:
        answer = preview(
            Path(asked["path"]), profile=asked["profile"], vocabulary=load_vocabulary()
        )
    except QiangshiError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": f"{Path(asked['path']).name} 过大，请分成几个文件"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
