from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from qiangshi.datacheck.importing import CheckedFile, Known, Setting, check_file
from qiangshi.datacheck.profiles import load_profile
from qiangshi.policy import load_vocabulary
from tests.qiangshi.datacheck.books import write_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.qiangshi.datacheck.books import Sheets

WORDS = load_vocabulary()

PEOPLE = pa.table(
    {
        "person_id": ["P1", "P2", "P3", "P4"],
        "name": ["李明", "王芳", "张伟", "张伟"],
        "id_number": ["11010519491231002X", None, "410105198001010017", None],
        "organisation_id": ["S1", "S1", "S1", "S2"],
    }
)
SCHOOLS = pa.table(
    {
        "organisation_id": ["S1", "S2"],
        "name": ["第一小学", "第二小学"],
        "code": ["4111010001", "4111010002"],
    }
)
KNOWN = Known(people=PEOPLE, organisations=SCHOOLS)

Check = "Callable[..., CheckedFile]"


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., CheckedFile]:
    """Checks made-up sheets by a profile, against four people in two schools."""

    def check(
        sheets: Sheets, profile: str = "national-teacher-system", **setting: Any
    ) -> CheckedFile:
        return check_file(
            write_book(tmp_path / "数据.xlsx", sheets),
            profile=load_profile(profile, vocabulary=WORDS),
            vocabulary=WORDS,
            setting=Setting(**{"known": KNOWN, **setting}),
        )

    return check


def faults(checked: CheckedFile) -> list[tuple[int, str, str]]:
    """Row, column and reason of each fault."""
    return [(fault.row, fault.column, fault.reason_zh) for fault in checked.row_faults()]


def rows(checked: CheckedFile, relation: str) -> list[dict[str, Any]]:
    """The good records of a relation, without what they do not state."""
    return [
        {name: value for name, value in record.items() if value is not None}
        for record in checked.tables[relation].to_pylist()
    ]
