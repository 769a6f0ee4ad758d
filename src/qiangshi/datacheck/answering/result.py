"""Writing the answers into a copy of the file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from qiangshi.datacheck.answering.answers import answers_of
from qiangshi.datacheck.answering.patching import patch_workbook
from qiangshi.datacheck.answering.rewriting import rewrite_text, rewrite_workbook
from qiangshi.datacheck.coded.scanning import Unusual
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from qiangshi.datacheck.coded import Limits
    from qiangshi.datacheck.importing import CheckedFile

_TAIL = "（检查结果）"


def result_name(checked: CheckedFile) -> str:
    """What the file that comes back is called: delimited text stays text, all else is .xlsx."""
    path = Path(checked.name)
    ending = path.suffix if checked.kind == "text" else ".xlsx"
    return f"{path.stem}{_TAIL}{ending}"


def write_result(
    path_in: Path, checked: CheckedFile, path_out: Path, *, limits: Limits | None = None
) -> None:
    """Write to `path_out` the file that was checked, with what became of each row.

    An .xlsx keeps everything that the eye sees of its tables; formulas become their values, and
    pictures, notes, links and whatever runs are left out. Other workbooks become .xlsx with their
    cells, merged blocks and number formats of days; delimited text keeps encoding and delimiter.
    Raises WorkbookError where it cannot be read or written.
    """
    answers = answers_of(checked)
    made: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".result-", dir=path_out.parent)
        os.close(handle)
        made = Path(name)
        if checked.kind == "text":
            rewrite_text(path_in, answers[0], made, limits=limits)
        elif checked.kind == "xlsx":
            try:
                patch_workbook(path_in, answers, made, limits=limits)
            except Unusual:
                rewrite_workbook(path_in, answers, made, limits=limits)
        else:
            rewrite_workbook(path_in, answers, made, limits=limits)
        made.chmod(0o644)
        made.replace(path_out)
    except OSError as error:
        raise WorkbookError(f"无法写入 {path_out}（{error.strerror}）") from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
