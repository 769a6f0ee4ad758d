"""The parts of figures, kept in a file: they add up, and few of them are read without the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from qiangshi.measure import evaluate, write_snapshot
from qiangshi.measure.cube import (
    groups_kept,
    keep_groups,
    keep_parts,
    part_below,
    parts_at,
    parts_at_each,
    parts_below,
)
from qiangshi.measure.groups import groups_on
from qiangshi.policy.methods import load_breakdowns
from qiangshi.synthetic import RegionSpec, make_region

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.measure import Result, Snapshot
    from qiangshi.measure.cube import PartOf
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

HOURS = "standard:class-hours-five-years"
EXEMPLARS = "programme:ethics-exemplars"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Snapshot:
    spec = RegionSpec(teachers=300)
    folder = tmp_path_factory.mktemp("cube") / "snapshot"
    tables = make_region(spec, vocabulary=vocabulary)
    return write_snapshot(tables, folder, on=spec.on, vocabulary=vocabulary)


@pytest.fixture(scope="module")
def whole(region: Snapshot, jiyuan: Plan, vocabulary: Vocabulary) -> dict[str, list[Result]]:
    """Item → its rows, unparted."""
    found: dict[str, list[Result]] = {}
    for row in evaluate([jiyuan], region, vocabulary=vocabulary).rows:
        found.setdefault(row.item, []).append(row)
    return found


def kept(
    folder: Path, region: Snapshot, plan: Plan, vocabulary: Vocabulary, *, by: str = "sex"
) -> Path:
    file = folder / f"{by}.parquet"
    keep_parts(
        file,
        plan,
        region,
        load_breakdowns()[by],
        of_groups=folder / f"{by}.groups.parquet",
        vocabulary=vocabulary,
    )
    return file


def tree_of(region: Snapshot) -> dict[str, str | None]:
    rows = region.table("organisation").to_pylist()
    return {row["organisation_id"]: row["parent_id"] for row in rows}


def added(parts: list[PartOf]) -> tuple[float, float, int]:
    rows = [part.result for part in parts]
    return (
        sum(row.numerator or 0 for row in rows),
        sum(row.denominator or 0 for row in rows),
        sum(row.unknown for row in rows),
    )


def test_the_parts_of_a_share_add_up_at_every_organisation(
    tmp_path: Path,
    region: Snapshot,
    jiyuan: Plan,
    vocabulary: Vocabulary,
    whole: dict[str, list[Result]],
) -> None:
    file = kept(tmp_path, region, jiyuan, vocabulary)
    above = tree_of(region)

    for row in whole[HOURS]:
        parts = parts_at(file, row.organisation_id, above[row.organisation_id], item=HOURS)

        assert added(parts) == (row.numerator, row.denominator, row.unknown)


def test_the_organisations_below_are_read_with_one_part_or_with_all(
    tmp_path: Path, region: Snapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    file = kept(tmp_path, region, jiyuan, vocabulary)
    above = tree_of(region)
    top = next(name for name, parent in above.items() if parent is None)

    every = parts_below(file, top, item=HOURS)
    women = part_below(file, top, "female")

    assert {above[part.result.organisation_id] for part in [*every, *women]} == {top}
    assert {part.part for part in women} == {"female"}
    assert [part for part in every if part.part == "female"] == [
        part for part in women if part.result.item == HOURS
    ]


def test_of_an_amount_the_whole_alone_has_a_target(
    tmp_path: Path,
    region: Snapshot,
    jiyuan: Plan,
    vocabulary: Vocabulary,
    whole: dict[str, list[Result]],
) -> None:
    file = kept(tmp_path, region, jiyuan, vocabulary, by="urban-rural")
    top = next(name for name, parent in tree_of(region).items() if parent is None)
    asked = [row for row in whole[EXEMPLARS] if row.organisation_id == top]

    parts = parts_at(file, top, None, item=EXEMPLARS)

    assert all(row.target is not None for row in asked)
    assert {part.result.status for part in parts} == {"informational"}
    assert sum(part.result.value or 0 for part in parts) == sum(row.value or 0 for row in asked)


def test_what_one_organisation_has_below_it_lies_together(
    tmp_path: Path, region: Snapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    table = pq.read_table(kept(tmp_path, region, jiyuan, vocabulary))

    parents = [str(name) for name in table.column("parent_id").to_pylist()]

    assert parents == sorted(parents)


def test_a_group_is_kept_with_the_sum_of_its_members(
    tmp_path: Path,
    region: Snapshot,
    jiyuan: Plan,
    vocabulary: Vocabulary,
    whole: dict[str, list[Result]],
) -> None:
    file = tmp_path / "groups.parquet"
    keep_groups(file, jiyuan, region, vocabulary=vocabulary)
    each = {row.organisation_id: row for row in whole[HOURS]}
    groups = groups_on(region, region.on, vocabulary)

    kept = {row.organisation_id: row for row in groups_kept(file, groups, item=HOURS)}

    assert set(kept) == set(groups) > {"第一学区"}
    for name, group in groups.items():
        members = [each[member] for member in group.members]
        assert kept[name].numerator == sum(row.numerator or 0 for row in members), name
        assert kept[name].denominator == sum(row.denominator or 0 for row in members), name
    assert {row.organisation_id for row in groups_kept(file, ["第一学区"])} == {"第一学区"}


def test_the_parts_of_a_group_add_up_to_its_figure(
    tmp_path: Path, region: Snapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    groups = groups_on(region, region.on, vocabulary)
    keep_groups(tmp_path / "whole.parquet", jiyuan, region, vocabulary=vocabulary)
    kept(tmp_path, region, jiyuan, vocabulary, by="age-band")
    parted = tmp_path / "age-band.groups.parquet"

    for row in groups_kept(tmp_path / "whole.parquet", groups, item=HOURS):
        parts = parts_at(parted, row.organisation_id, None, item=HOURS)

        assert len(parts) > 1
        assert added(parts) == (row.numerator, row.denominator, row.unknown)


def test_the_parts_of_several_organisations_are_read_at_once(
    tmp_path: Path, region: Snapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    file = kept(tmp_path, region, jiyuan, vocabulary)
    above = tree_of(region)
    top = next(name for name, parent in above.items() if parent is None)
    chosen = {name: above[name] for name in (top, *list(above)[-2:])}

    found = parts_at_each(file, chosen, item=HOURS)

    each = [part for name in chosen for part in parts_at(file, name, above[name], item=HOURS)]
    assert sorted(found, key=str) == sorted(each, key=str)
    assert {part.result.organisation_id for part in found} == set(chosen)


def test_where_there_is_no_group_none_is_kept(
    tmp_path: Path, region: Snapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    tables = {name: region.table(name) for name in region.relations}
    del tables["organisation_membership"]
    alone = write_snapshot(tables, tmp_path / "alone", on=region.on, vocabulary=vocabulary)
    file = tmp_path / "groups.parquet"

    keep_groups(file, jiyuan, alone, vocabulary=vocabulary)
    kept(tmp_path, alone, jiyuan, vocabulary)

    assert groups_kept(file, ["第一学区"]) == []
    assert parts_at(tmp_path / "sex.groups.parquet", "第一学区", None) == []


def test_a_part_that_an_organisation_has_nothing_of_is_left_out(
    tmp_path: Path, region: Snapshot, jiyuan: Plan, vocabulary: Vocabulary
) -> None:
    table = pq.read_table(kept(tmp_path, region, jiyuan, vocabulary, by="urban-rural"))
    kinds = {
        row["organisation_id"]: row["urban_rural"]
        for row in region.table("organisation").to_pylist()
        if row["tier"] == "school"
    }

    told = {
        (row["organisation_id"], row["part"])
        for row in table.select(["organisation_id", "part"]).to_pylist()
        if row["organisation_id"] in kinds
    }

    assert told
    assert all(kinds[school] == part for school, part in told)
