"""`old.xls` is a workbook in the form of 1997, with a merged title, date cells and number ids."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.qiangshi.datacheck.books import column, found, good

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.datacheck.reading import Reading

OLD = Path(__file__).parent / "old.xls"


@pytest.mark.parametrize("ending", ["xls", "et"])
def test_an_old_workbook_is_read_like_a_new_one(
    ending: str, read: Callable[[Path], Reading], tmp_path: Path
) -> None:
    file = Path(shutil.copy(OLD, tmp_path / f"数据.{ending}"))
    reading = read(file)
    assert good(reading) == {"organisation": 2, "person": 1}
    assert column(reading, "organisation", "organisation_id") == ["J1", "4145014684"]
    assert column(reading, "person", "born_on") == [date(1980, 5, 1)]
    assert found(reading) == [("教职工", 4, "教师编号")]
