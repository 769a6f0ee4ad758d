"""The vocabulary of records: complete in itself, and able to carry what plans count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb
import pytest

from qiangshi.policy import load_catalogue, load_vocabulary
from qiangshi.policy.expressions import check
from qiangshi.policy.names import column_symbols

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Column, Relation

VOCABULARY = load_vocabulary()
CATALOGUE = load_catalogue()
RELATIONS = list(VOCABULARY.relations.values())
OWNERS = (
    "organisations", "people", "ethics", "qualification", "staffing", "training", "wellbeing",
    "burden", "institutions", "places", "mobility", "evaluation", "programmes", "pay", "pairing",
    "plans",
)  # fmt: skip
NUMBERS = {"integer", "decimal"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def _columns() -> list[tuple[Relation, Column]]:
    return [(relation, column) for relation in RELATIONS for column in relation.columns]


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.id)
def test_every_relation_has_an_owner_among_the_contexts(relation: Relation) -> None:
    assert relation.owner in OWNERS


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.id)
def test_every_relation_is_counted_under_an_organisation(relation: Relation) -> None:
    assert VOCABULARY.path_to(relation.id, "organisation") is not None


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.id)
def test_every_relation_has_a_measure(relation: Relation) -> None:
    assert any(measure.relation == relation.id for measure in VOCABULARY.measures.values())


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.id)
def test_every_relation_below_persons_and_organisations_is_dated(relation: Relation) -> None:
    if relation.id not in {"organisation", "person"}:
        assert relation.dated.model_dump(exclude_none=True)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.id)
def test_the_columns_that_date_a_row_have_the_right_type_and_are_there(relation: Relation) -> None:
    dated = relation.dated
    for name in (dated.on, dated.since, dated.year, dated.school_year):
        if name is not None:
            assert relation.by_id[name].required
    days = {dated.on, dated.since, dated.until} - {None}
    years = {dated.year, dated.school_year} - {None}
    assert {relation.by_id[name].type for name in days if name} <= {"date"}
    assert {relation.by_id[name].type for name in years if name} <= {"integer"}


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.id)
def test_a_relation_belongs_to_its_own_context_or_a_lower_one(relation: Relation) -> None:
    if relation.belongs_to is not None:
        above = VOCABULARY.relations[relation.belongs_to]
        assert OWNERS.index(above.owner) <= OWNERS.index(relation.owner)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.id)
def test_whatever_is_judged_row_by_row_has_a_name_for_its_rows(relation: Relation) -> None:
    if relation.subject:
        assert relation.key is not None
        assert relation.by_id[relation.key].required


def test_everything_that_people_see_has_a_chinese_name() -> None:
    texts = [relation.label.zh for relation in RELATIONS]
    texts += [column.label.zh for _, column in _columns()]
    texts += [measure.label.zh for measure in VOCABULARY.measures.values()]
    texts += [code.label.zh for codes in VOCABULARY.codes.values() for code in codes.codes]
    assert [text for text in texts if not HAN.search(text)] == []


def test_labels_are_unique_within_a_relation_so_that_headings_can_be_read_back() -> None:
    for relation in RELATIONS:
        labels = [column.label.zh for column in relation.columns]
        assert len(set(labels)) == len(labels), relation.id


def test_relations_have_different_names() -> None:
    labels = [relation.label.zh for relation in RELATIONS]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_measures_have_different_names() -> None:
    labels = [measure.label.zh for measure in VOCABULARY.measures.values()]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_every_code_list_is_used() -> None:
    used = {column.codes for _, column in _columns()}
    in_forms_only = {"data_purpose"}  # parts that one may ask to be erased: see test_privacy
    assert set(VOCABULARY.codes) - used == in_forms_only


def test_every_unit_is_used_or_is_one_that_plans_count_in() -> None:
    used = {column.unit for _, column in _columns()}
    used |= {measure.unit for measure in VOCABULARY.measures.values()}
    durations = {"year", "month", "week", "working_day", "term", "hour"}
    durations_and_figures = durations | {"share", "kilometre"}
    assert set(VOCABULARY.units) - used - durations_and_figures == set()


def test_a_name_in_a_code_list_means_one_code() -> None:
    for codes in VOCABULARY.codes.values():
        names = [code.code for code in codes.codes]
        names += [code.label.zh for code in codes.codes]
        names += [code.standard for code in codes.codes if code.standard]
        names += [alias for code in codes.codes for alias in set(code.aliases)]
        own = [{code.code, code.label.zh, code.standard, *code.aliases} for code in codes.codes]
        shared = {name for name in names if sum(name in one for one in own) > 1}
        assert shared == set(), codes.id


def test_every_number_has_a_unit_or_is_a_year() -> None:
    bare = [
        f"{relation.id}.{column.id}"
        for relation, column in _columns()
        if column.type in NUMBERS
        and column.unit is None
        and column.id not in {"year", "school_year"}
    ]
    assert bare == []


def test_every_sum_is_over_a_number_and_in_its_unit() -> None:
    for measure in VOCABULARY.measures.values():
        if measure.aggregate == "sum":
            column = VOCABULARY.relations[measure.relation].by_id[measure.column or ""]
            assert (column.type in NUMBERS, column.unit) == (True, measure.unit), measure.id


def test_every_column_can_be_named_in_a_condition_as_it_stands() -> None:
    for relation in RELATIONS:
        names = column_symbols(relation, VOCABULARY)
        for column in relation.columns:
            assert column.id in check(f"{column.id} IS NOT NULL", names).symbols


def test_no_column_needs_quotes_in_the_database() -> None:
    with duckdb.connect() as connection:
        for name in {column.id for _, column in _columns()}:
            row = connection.execute(f'SELECT {name} FROM (SELECT 1 AS "{name}")').fetchone()
            assert row == (1,), name


def test_what_identifies_or_harms_a_person_is_marked_as_sensitive() -> None:
    marked = {
        (relation.id, column.id): column.sensitivity
        for relation, column in _columns()
        if column.sensitivity != "open"
    }
    assert marked[("person", "id_number")] == "identity"
    assert marked[("ethics_decision", "sanction")] == "ethics"
    assert marked[("wellbeing_survey_result", "mean_score")] == "health"
    assert marked[("pay_year", "total")] == "pay"


def test_no_record_of_wellbeing_leads_back_to_a_person() -> None:
    for relation in RELATIONS:
        if relation.owner == "wellbeing":
            assert VOCABULARY.path_to(relation.id, "person") is None


@pytest.mark.parametrize(
    ("list_id", "low", "high"),
    [
        ("mandarin_level", "two_b", "two_a"),
        ("appraisal_result", "basic", "qualified"),
        ("education_level", "junior_college", "bachelor"),
        ("title_rank", "first", "senior"),
        ("post_level", "intermediate", "senior"),
        ("contest_result", "third", "first"),
        ("admin_level", "county", "city"),
    ],
)
def test_ladders_stand_from_low_to_high(list_id: str, low: str, high: str) -> None:
    codes = VOCABULARY.codes[list_id]
    assert codes.ordered
    assert codes.tokens.index(low) < codes.tokens.index(high)


def test_the_national_code_of_ethnic_groups_is_whole() -> None:
    codes = VOCABULARY.codes["ethnic_group"]
    assert [code.standard for code in codes.codes[:56]] == [f"{n:02d}" for n in range(1, 57)]
    assert codes.find("蒙古族") == codes.find("02") == "mongol"


def test_every_register_of_the_catalogue_is_a_relation() -> None:
    for entry in CATALOGUE.registers:
        assert entry.relation in VOCABULARY.relations
        assert entry.id == (entry.relation or "").replace("_", "-")


def test_every_case_type_and_register_names_its_context() -> None:
    for entry in CATALOGUE.cases:
        assert entry.id.partition(".")[0] == entry.context
    for entry in (*CATALOGUE.cases, *CATALOGUE.registers):
        assert entry.context in OWNERS, entry.id


def test_capabilities_name_their_row_of_the_feature_list() -> None:
    assert [e.id for e in CATALOGUE.capabilities if not re.fullmatch(r"F\d\d", e.row or "")] == []


def test_the_catalogue_names_nothing_twice() -> None:
    for entries in (
        CATALOGUE.capabilities,
        CATALOGUE.cases,
        CATALOGUE.registers,
        CATALOGUE.reports,
    ):
        ids = [entry.id for entry in entries]
        assert len(set(ids)) == len(ids)
