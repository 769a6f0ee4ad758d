"""Every file of the torture folder is answered by row or refused in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qiangshi.datacheck.answering import write_result
from qiangshi.datacheck.coded import open_coded
from qiangshi.datacheck.importing import BAD, GOOD, HELD, PASSED_OVER, Setting, check_file
from qiangshi.datacheck.profiles import load_profile
from qiangshi.errors import WorkbookError
from qiangshi.policy import load_vocabulary
from tests.qiangshi.datacheck.torture.folder import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.datacheck.importing import CheckedFile
    from tests.qiangshi.datacheck.torture.files import Torture

VOCABULARY = load_vocabulary()


def checked_file(torture: Torture, path: Path) -> CheckedFile:
    vocabulary = torture.changed(VOCABULARY)
    return check_file(
        path,
        profile=load_profile(torture.profile, vocabulary=VOCABULARY),
        vocabulary=vocabulary,
        setting=Setting(known=torture.known),
        limits=torture.limits,
    )


def rows_with(checked: CheckedFile, verdict: int) -> tuple[int, ...]:
    told = checked.verdicts.to_pylist()
    return tuple(sorted(row["row"] for row in told if row["verdict"] == verdict))


@pytest.mark.parametrize("torture", FILES, ids=lambda torture: torture.trait)
def test_every_row_of_a_tortured_file_is_answered(torture: Torture, tmp_path: Path) -> None:
    path = tmp_path / torture.name
    torture.write(path)
    if torture.refused:
        with pytest.raises(WorkbookError) as caught:
            checked_file(torture, path)
        assert torture.refused in str(caught.value)
        assert "\n" not in str(caught.value)
        return
    checked = checked_file(torture, path)
    reasons: dict[int, str] = {}
    for fault in checked.row_faults():
        reasons[fault.row] = reasons.get(fault.row, "") + f"“{fault.column}”{fault.reason_zh}；"
    assert rows_with(checked, GOOD) == torture.good, reasons
    assert set(reasons) == set(torture.bad), reasons
    assert [part for row, part in torture.bad.items() if part not in reasons[row]] == [], reasons
    assert set(rows_with(checked, BAD)) <= set(torture.bad)
    assert rows_with(checked, HELD) == torture.held
    assert rows_with(checked, PASSED_OVER) == torture.over
    assert torture.notice in "；".join(str(notice) for notice in checked.notices)
    write_result(path, checked, tmp_path / "答复")
    returned = open_coded(tmp_path / "答复")
    assert sum(sheet.formulas for sheet in returned.sheets) == 0


def test_the_folder_has_files_enough() -> None:
    assert len({torture.trait for torture in FILES}) == len(FILES) >= 40
    assert len({torture.name for torture in FILES}) == len(FILES)
