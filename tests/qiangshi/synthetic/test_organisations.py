"""The tree of a region: townships by size, counties from some size on, schools below."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from qiangshi.synthetic import RegionSpec, make_region

if TYPE_CHECKING:
    import pyarrow as pa

    from qiangshi.policy.vocabulary import Vocabulary

ABOVE = {
    "township": {"region", "county"},
    "county": {"region"},
    "school": {"region", "county", "township"},
}


def organisations(region: dict[str, pa.Table]) -> list[dict[str, Any]]:
    return region["organisation"].to_pylist()


def test_jiyuan_has_sixteen_central_schools_and_no_county(jiyuan: dict[str, pa.Table]) -> None:
    tiers = Counter(row["tier"] for row in organisations(jiyuan))
    assert tiers["region"] == 1
    assert tiers["township"] == 16
    assert "county" not in tiers
    assert 180 <= tiers["school"] <= 320


def test_ten_teachers_are_one_school_under_a_bureau(one_school: dict[str, pa.Table]) -> None:
    kinds = [row["kind"] for row in organisations(one_school)]
    assert kinds == ["bureau", "primary_school"]


def test_a_region_of_twenty_thousand_has_several_counties(vocabulary: Vocabulary) -> None:
    made = make_region(RegionSpec(teachers=20_000), vocabulary=vocabulary)
    rows = organisations(made)
    counties = [row for row in rows if row["tier"] == "county"]
    assert len(counties) >= 2
    assert len({row["name"] for row in counties}) == len(counties)


def test_every_organisation_stands_below_one_of_a_higher_tier(vocabulary: Vocabulary) -> None:
    made = make_region(RegionSpec(teachers=20_000), vocabulary=vocabulary)
    rows = organisations(made)
    tiers = {row["organisation_id"]: row["tier"] for row in rows}
    for row in rows:
        if row["parent_id"] is None:
            assert row["tier"] == "region"
        else:
            assert tiers[row["parent_id"]] in ABOVE[row["tier"]]


def test_senior_vocational_and_special_schools_are_directly_under_the_bureau(
    jiyuan: dict[str, pa.Table],
) -> None:
    rows = organisations(jiyuan)
    top = next(row["organisation_id"] for row in rows if row["parent_id"] is None)
    direct = {"senior_school", "complete_secondary", "vocational_school", "special_school"}
    found = [row for row in rows if row["kind"] in direct]
    assert {row["kind"] for row in found} == direct
    assert {row["parent_id"] for row in found} == {top}


def test_every_central_school_has_schools_below(jiyuan: dict[str, pa.Table]) -> None:
    rows = organisations(jiyuan)
    above = Counter(row["parent_id"] for row in rows)
    assert all(above[row["organisation_id"]] >= 3 for row in rows if row["tier"] == "township")


def test_codes_look_like_school_codes_of_no_province(jiyuan: dict[str, pa.Table]) -> None:
    assert all(
        re.fullmatch(r"\d\d99\d{6}", row["organisation_id"]) for row in organisations(jiyuan)
    )


def test_names_say_that_the_data_are_for_demonstration(jiyuan: dict[str, pa.Table]) -> None:
    rows = organisations(jiyuan)
    assert "演示" in rows[0]["name"]
    assert len({row["name"] for row in rows}) == len(rows)


def test_only_kindergartens_are_private(jiyuan: dict[str, pa.Table]) -> None:
    private = {row["kind"] for row in organisations(jiyuan) if row["ownership"] == "private"}
    assert private == {"kindergarten"}


def test_no_class_is_larger_than_the_largest(jiyuan: dict[str, pa.Table]) -> None:
    rows = [row for row in organisations(jiyuan) if row["classes"] and row["pupils"]]
    assert max(row["pupils"] / row["classes"] for row in rows) <= 56


def test_some_schools_handed_in_no_number_of_pupils(jiyuan: dict[str, pa.Table]) -> None:
    schools = [row for row in organisations(jiyuan) if row["classes"] is not None]
    unknown = sum(row["pupils"] is None for row in schools)
    assert 1 <= unknown <= len(schools) * 0.05


def test_groups_of_schools_have_one_lead_and_overlap(jiyuan: dict[str, pa.Table]) -> None:
    rows = jiyuan["organisation_membership"].to_pylist()
    private = {
        row["organisation_id"] for row in organisations(jiyuan) if row["ownership"] == "private"
    }
    leads = Counter(row["group_name"] for row in rows if row["role"] == "lead")
    joined = Counter(row["organisation_id"] for row in rows)

    assert {row["group_kind"] for row in rows} == {
        "school_district", "education_group", "urban_rural_community",
    }  # fmt: skip
    assert leads == dict.fromkeys({row["group_name"] for row in rows}, 1)
    assert max(joined.values()) > 1
    assert not private & set(joined)


def test_groups_of_several_counties_have_names_of_their_own(vocabulary: Vocabulary) -> None:
    made = make_region(RegionSpec(teachers=20_000), vocabulary=vocabulary)
    above = {row["organisation_id"]: row["parent_id"] for row in organisations(made)}
    areas: dict[str, set[str]] = {}
    for row in made["organisation_membership"].to_pylist():
        here = row["organisation_id"]
        while above[above[here]] is not None:
            here = above[here]
        areas.setdefault(row["group_name"], set()).add(here)

    assert {len(found) for found in areas.values()} == {1}
