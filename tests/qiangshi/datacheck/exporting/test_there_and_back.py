"""What goes out comes back as it was, and coming in a second time changes nothing."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiangshi.datacheck.coded import open_coded
from qiangshi.datacheck.defusing import defused, restored
from qiangshi.datacheck.exporting import write_csv, write_parquet, write_xlsx
from qiangshi.datacheck.importing import Known, Setting, check_file
from qiangshi.datacheck.profiles import template_profile
from qiangshi.errors import WorkbookError
from qiangshi.policy import load_vocabulary
from tests.qiangshi.datacheck.conftest import ROOT
from tests.qiangshi.datacheck.exporting.registers import registers

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., None]

VOCABULARY = load_vocabulary(ROOT)
PROFILE = template_profile(VOCABULARY)
FORMS: dict[str, Write] = {
    ".xlsx": write_xlsx,
    ".csv": write_csv,
    ".txt": partial(write_csv, encoding="gb18030"),
}


def known_of(tables: dict[str, pa.Table], *, but: str = "") -> Known:
    keys = {
        name: table.column(f"{name}_id").combine_chunks()
        for name, table in tables.items()
        if f"{name}_id" in table.column_names and name != but
    }
    return Known(keys)


@settings(max_examples=60)
@given(tables=registers(VOCABULARY), ending=st.sampled_from(sorted(FORMS)))
def test_export_and_import_change_nothing(tables: dict[str, pa.Table], ending: str) -> None:
    with TemporaryDirectory() as folder:
        for name, table in tables.items():
            relation = VOCABULARY.relations[name]
            path = Path(folder) / f"{relation.label.zh.replace('/', '／')}{ending}"
            FORMS[ending](table, path, relation=relation, vocabulary=VOCABULARY)
            if not table.num_rows:
                continue
            checked = check_file(
                path,
                profile=PROFILE,
                vocabulary=VOCABULARY,
                setting=Setting(known=known_of(tables, but=name), rules=()),
            )
            assert checked.row_faults() == []
            assert checked.tables[name].to_pylist() == table.to_pylist()


@settings(max_examples=40)
@given(tables=registers(VOCABULARY))
def test_what_is_on_record_already_is_not_new(tables: dict[str, pa.Table]) -> None:
    with TemporaryDirectory() as folder:
        relation = VOCABULARY.relations["organisation"]
        path = Path(folder) / "机构.xlsx"
        write_xlsx(tables["organisation"], path, relation=relation, vocabulary=VOCABULARY)
        first, again = (
            check_file(path, profile=PROFILE, vocabulary=VOCABULARY, setting=Setting(known=known))
            for known in (Known({"organisation": pa.array([], pa.string())}), known_of(tables))
        )
    assert first.tables["organisation"].equals(again.tables["organisation"])
    assert set(first.verdicts.column("is_new").to_pylist()) == {True}
    assert set(again.verdicts.column("is_new").to_pylist()) == {False}


@given(st.text(max_size=20))
def test_what_is_defused_can_be_restored(text: str) -> None:
    assert restored(defused(text)) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0", "\t=1", "＝1+1", "'=1"]
)
def test_no_text_of_ours_runs(text: str, tmp_path: Path) -> None:
    table = pa.table({"姓名": [text], "=B1": ["李明"]})
    write_csv(table, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as lines:
        head, row = csv.reader(lines)
    assert row[0] == f"'{text}"
    assert head[1] == "'=B1"
    write_xlsx(table, tmp_path / "a.xlsx")
    opened = open_coded(tmp_path / "a.xlsx")
    assert opened.notices == ()
    assert opened.sheets[0].cells(1)[0] == text


def test_a_table_that_does_not_fit_into_one_sheet_goes_on_in_the_next(tmp_path: Path) -> None:
    relation = VOCABULARY.relations["organisation"]
    records = [
        {"organisation_id": f"S{number}", "name": f"第{number}小学", "kind": "primary_school"}
        for number in range(25)
    ]
    table = pa.Table.from_pylist(
        [dict.fromkeys(relation.by_id) | record for record in records],
        schema=pa.schema([(c.id, pa.string() if c.type != "integer" else pa.int64())
                          for c in relation.columns]),
    )  # fmt: skip
    path = tmp_path / "a.xlsx"
    write_xlsx(table, path, relation=relation, vocabulary=VOCABULARY, rows_per_sheet=10)
    assert [sheet.name for sheet in open_coded(path).sheets] == [
        "机构",
        "机构（续1）",
        "机构（续2）",
    ]
    checked = check_file(path, profile=PROFILE, vocabulary=VOCABULARY)
    assert checked.tables["organisation"].num_rows == 25


def test_parquet_keeps_codes_and_types(tmp_path: Path) -> None:
    table: Any = pa.table({"kind": ["primary_school"], "pupils": [600]})
    write_parquet(table, tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").equals(table)


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    table = pa.table({"a": [1]})
    for write in (*FORMS.values(), write_parquet):
        with pytest.raises(WorkbookError, match="无法写入"):
            write(table, tmp_path / "没有" / "a")
