"""What every region is, whatever its size: repeatable, and true to the vocabulary."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from qiangshi.measure.tables import fit_tables, schema_of
from qiangshi.synthetic import PARTS, RegionSpec, make_region
from qiangshi.synthetic.columns import fitted

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Vocabulary

SIZES = (10, 11, 57, 60, 131, 300, 1000, 2999, 7000, 20_000)


def digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def columns_of(table: pa.Table, column: str) -> Any:
    return table.column(column).combine_chunks()


@pytest.fixture(params=["one_school", "two_towns", "jiyuan"])
def region(request: pytest.FixtureRequest) -> dict[str, pa.Table]:
    made: dict[str, pa.Table] = request.getfixturevalue(request.param)
    return made


def test_the_same_spec_makes_the_same_bytes(
    vocabulary: Vocabulary, jiyuan: dict[str, pa.Table]
) -> None:
    again = make_region(RegionSpec(), vocabulary=vocabulary)
    assert {name: digest(table) for name, table in again.items()} == {
        name: digest(table) for name, table in jiyuan.items()
    }


def test_another_seed_makes_other_people(
    vocabulary: Vocabulary, two_towns: dict[str, pa.Table]
) -> None:
    other = make_region(RegionSpec(teachers=300, seed=2), vocabulary=vocabulary)
    assert not other["person"].equals(two_towns["person"])
    assert not other["training_entry"].equals(two_towns["training_entry"])


def test_a_relation_that_the_vocabulary_lacks_does_not_change_the_others(
    vocabulary: Vocabulary, two_towns: dict[str, pa.Table]
) -> None:
    without = {
        name: relation for name, relation in vocabulary.relations.items() if name != "honour"
    }
    fewer = vocabulary.model_copy(update={"relations": without})
    made = make_region(RegionSpec(teachers=300), vocabulary=fewer)
    assert set(made) == set(two_towns) - {"honour"}
    assert all(table.equals(two_towns[name]) for name, table in made.items())


def test_every_part_names_a_relation_of_the_vocabulary_once(vocabulary: Vocabulary) -> None:
    names = [part.relation for part in PARTS]
    assert len(set(names)) == len(names)
    assert set(names) <= set(vocabulary.relations)


def test_a_relation_without_a_part_is_absent(
    vocabulary: Vocabulary, two_towns: dict[str, pa.Table]
) -> None:
    assert set(two_towns) == {part.relation for part in PARTS}
    assert set(vocabulary.relations) - set(two_towns)


def test_columns_are_exactly_those_of_the_vocabulary(
    vocabulary: Vocabulary, region: dict[str, pa.Table]
) -> None:
    for name, table in region.items():
        assert table.schema.equals(schema_of(vocabulary.relations[name])), name


def test_codes_required_values_and_keys_fit_the_vocabulary(
    vocabulary: Vocabulary, region: dict[str, pa.Table]
) -> None:
    assert set(fit_tables(region, vocabulary)) == set(region)


def test_numbers_lie_within_the_bounds_of_their_columns(
    vocabulary: Vocabulary, region: dict[str, pa.Table]
) -> None:
    for name, table in region.items():
        for column in vocabulary.relations[name].columns:
            values = pc.drop_null(table.column(column.id))
            if len(values) == 0 or column.type not in {"integer", "decimal"}:
                continue
            low, high = pc.min_max(values).values()
            assert column.at_least is None or low.as_py() >= column.at_least, (name, column.id)
            assert column.at_most is None or high.as_py() <= column.at_most, (name, column.id)


def test_references_resolve(vocabulary: Vocabulary, region: dict[str, pa.Table]) -> None:
    for name, table in region.items():
        for column in vocabulary.relations[name].columns:
            if column.of is None or column.of not in region:
                continue
            key = vocabulary.relations[column.of].key
            assert key is not None
            values = pc.drop_null(pc.unique(columns_of(table, column.id)))
            known = columns_of(region[column.of], key)
            assert pc.all(pc.is_in(values, value_set=known)).as_py() is not False, (name, column.id)


def test_rows_that_have_a_name_have_one_of_their_own(
    vocabulary: Vocabulary, region: dict[str, pa.Table]
) -> None:
    for name, table in region.items():
        key = vocabulary.relations[name].key
        if key is not None:
            assert pc.count_distinct(table.column(key)).as_py() == table.num_rows, name


def test_nobody_belongs_twice_to_the_same_studio(jiyuan: dict[str, pa.Table]) -> None:
    pairs = jiyuan["studio_membership"].group_by(["person_id", "studio_id"]).aggregate([])
    assert pairs.num_rows == jiyuan["studio_membership"].num_rows


@pytest.mark.parametrize("teachers", SIZES)
def test_a_region_has_as_many_full_time_teachers_as_asked(
    vocabulary: Vocabulary, teachers: int
) -> None:
    made = make_region(RegionSpec(teachers=teachers), vocabulary=vocabulary)
    classes = made["person"].column("staff_class").to_pylist()
    assert classes.count("teacher") == teachers


def test_fewer_than_ten_teachers_are_refused() -> None:
    with pytest.raises(ValueError, match="expected teachers >= 10, got 9"):
        RegionSpec(teachers=9)


def test_nothing_happens_after_the_day_of_the_region(vocabulary: Vocabulary) -> None:
    on = date(2023, 4, 15)
    made = make_region(RegionSpec(teachers=1000, on=on), vocabulary=vocabulary)
    for name, table in made.items():
        for column in vocabulary.relations[name].columns:
            if column.type == "date" and table.column(column.id).null_count < table.num_rows:
                assert pc.max(table.column(column.id)).as_py() <= on, (name, column.id)
    assert pc.max(made["finance_year"].column("year")).as_py() == on.year


def test_a_part_with_a_column_that_the_vocabulary_lacks_is_told_so(vocabulary: Vocabulary) -> None:
    table = pa.table({"organisation_id": ["1"], "colour": ["red"]})
    with pytest.raises(ValueError, match=r"organisation: expected columns.*colour"):
        fitted(table, vocabulary.relations["organisation"])


def test_a_part_without_a_required_column_is_told_so(vocabulary: Vocabulary) -> None:
    table = pa.table({"organisation_id": ["1"]})
    with pytest.raises(ValueError, match="organisation: expected a column name, got none"):
        fitted(table, vocabulary.relations["organisation"])


def test_a_column_that_no_part_knows_is_unknown_throughout(vocabulary: Vocabulary) -> None:
    table = pa.table(
        {"organisation_id": ["1"], "name": ["一"], "kind": ["bureau"], "tier": ["region"]}
    )
    made = fitted(table, vocabulary.relations["organisation"])
    assert made.column("pupils").null_count == 1


def test_parts_draw_from_numbers_of_their_own() -> None:
    spec = RegionSpec()
    first, second = spec.generator("training"), spec.generator("honours")
    assert not np.array_equal(first.random(8), second.random(8))
    assert np.array_equal(
        spec.generator("training").random(8), spec.generator("training").random(8)
    )
