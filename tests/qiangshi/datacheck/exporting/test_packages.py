"""A register carried from one network to another: whole, unchanged, or not at all."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings

from qiangshi.datacheck.exporting import read_package, write_package
from qiangshi.datacheck.tables import arrow_schema
from qiangshi.errors import WorkbookError
from qiangshi.policy import load_vocabulary
from qiangshi.synthetic import RegionSpec, make_region
from tests.qiangshi.datacheck.conftest import ROOT
from tests.qiangshi.datacheck.exporting.registers import registers

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2025, 12, 31)
WORDS = load_vocabulary()
SMALL = load_vocabulary(ROOT)


@pytest.fixture(scope="module")
def region() -> dict[str, pa.Table]:
    return dict(make_region(RegionSpec(teachers=40, seed=3), vocabulary=WORDS))


def test_a_register_comes_back_as_it_was(region: dict[str, pa.Table], tmp_path: Path) -> None:
    path = tmp_path / "登记簿.zip"
    told = write_package(region, path, on=DAY, vocabulary=WORDS)
    package = read_package(path, vocabulary=WORDS)
    assert (package.on, package.sha256) == (DAY, told)
    assert package.tables.keys() == region.keys()
    for name, table in region.items():
        assert package.tables[name].equals(table.combine_chunks()), name


def test_the_same_register_gives_the_same_bytes(
    region: dict[str, pa.Table], tmp_path: Path
) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    write_package(region, first, on=DAY, vocabulary=WORDS)
    carried = read_package(first, vocabulary=WORDS)
    write_package(carried.tables, second, on=carried.on, vocabulary=WORDS)
    assert first.read_bytes() == second.read_bytes()


@settings(max_examples=25)
@given(tables=registers(SMALL))
def test_any_register_comes_back(tables: dict[str, pa.Table]) -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        write_package(tables, path, on=DAY, vocabulary=SMALL)
        package = read_package(path, vocabulary=SMALL)
    assert all(package.tables[name].equals(tables[name]) for name in tables)


def changed(path: Path, out: Path, **parts: Any) -> Path:
    """The package with other parts: a name without its ending → its new content, None to drop."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = parts.get(entry.filename.partition(".")[0], old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
        for name in set(parts) - {e.filename.partition(".")[0] for e in old.infolist()}:
            new.writestr(f"{name}.parquet", parts[name])
    return out


@pytest.fixture
def package(region: dict[str, pa.Table], tmp_path: Path) -> Path:
    path = tmp_path / "登记簿.zip"
    write_package(region, path, on=DAY, vocabulary=WORDS)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        read_package(path, vocabulary=WORDS)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_table_that_was_changed_is_refused(package: Path, tmp_path: Path) -> None:
    assert "校验值不符" in refusal(changed(package, tmp_path / "b.zip", person=b"PAR1"))


def test_a_table_that_is_missing_or_too_many_is_refused(package: Path, tmp_path: Path) -> None:
    assert "person.parquet" in refusal(changed(package, tmp_path / "b.zip", person=None))
    assert "extra.parquet" in refusal(changed(package, tmp_path / "c.zip", extra=b"1"))


def test_a_package_cut_short_is_refused(package: Path, tmp_path: Path) -> None:
    short = tmp_path / "b.zip"
    short.write_bytes(package.read_bytes()[:-200])
    assert "不是完整的数据包" in refusal(short)


@pytest.mark.parametrize(
    ("manifest", "part"),
    [
        ("[]", "不是完整的数据包"),
        ("{", "不是完整的数据包"),
        ('{"kind": "x", "format": 1}', "不是本系统的数据包"),
        ('{"kind": "qiangshi-register", "format": 2}', "另一版本"),
    ],
)
def test_a_manifest_that_is_none_is_refused(
    manifest: str, part: str, package: Path, tmp_path: Path
) -> None:
    assert part in refusal(changed(package, tmp_path / "b.zip", manifest=manifest))


def test_a_relation_that_the_vocabulary_lacks_is_refused(package: Path) -> None:
    with pytest.raises(WorkbookError, match="词表版本不同"):
        read_package(package, vocabulary=SMALL)


def test_a_table_that_does_not_fit_is_not_packed(tmp_path: Path) -> None:
    wrong = {"person": pa.table({"person_id": ["P1"]})}
    with pytest.raises(WorkbookError, match="与词表不符"):
        write_package(wrong, tmp_path / "a.zip", on=DAY, vocabulary=WORDS)
    empty = arrow_schema(WORDS.relations["person"])
    nobody = pa.Table.from_pylist([dict.fromkeys(empty.names)], schema=pa.schema(
        [field.with_nullable(True) for field in empty]))  # fmt: skip
    with pytest.raises(WorkbookError, match="与词表不符"):
        write_package({"person": nobody}, tmp_path / "a.zip", on=DAY, vocabulary=WORDS)
    with pytest.raises(WorkbookError, match="词表里没有"):
        write_package({"x": nobody}, tmp_path / "a.zip", on=DAY, vocabulary=WORDS)
    assert not list(tmp_path.iterdir())


def test_the_manifest_can_be_read_by_people(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        about = json.loads(archive.read("manifest.json"))
    assert about["on"] == "2025-12-31"
    assert set(about["relations"]["person"]) == {"rows", "bytes", "sha256"}
