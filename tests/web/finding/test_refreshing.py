"""The index of names is refreshed while others write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.records.copies import told_by

if TYPE_CHECKING:
    from pathlib import Path


def test_names_are_refreshed_while_others_write(migrated: str, tmp_path: Path) -> None:
    told = told_by("tests.web.finding.refreshing", migrated, tmp_path)

    assert told == {"changed": 6, "again": 0, "found": ["S1", "S2", "S3", "T1", "T2", "T3"]}
