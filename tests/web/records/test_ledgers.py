"""Every relation of the vocabulary is a ledger of the application, column for column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.utils import translation

from qiangshi_web.contexts.organisations.models import Organisation
from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.registry import in_order_of_references, registers, vocabulary

if TYPE_CHECKING:
    from django.db.models import Field, Model

    from qiangshi.policy.vocabulary import Column

TYPES: dict[str, type[Field[Any, Any]]] = {
    "text": models.CharField,
    "code": models.CharField,
    "integer": models.IntegerField,
    "decimal": models.DecimalField,
    "boolean": models.BooleanField,
    "date": models.DateField,
    "reference": models.ForeignKey,
}
# What a ledger has beyond the columns of its relation: how it repeats the state of today, and
# the span of a state.
BEYOND = {
    "Organisation": {"path", "depth", "place", "ended_on"},
    "OrganisationState": {"id", "valid_from", "valid_to"},
    "PersonState": {"id", "valid_from", "valid_to"},
}
BELIEF = {"known_from", "recorded_by", "recorded_source"}
HAN = re.compile(r"[\u3400-\u9fff]")
RELATIONS = sorted(vocabulary().relations)


def columns_of(model: type[Model]) -> dict[str, Field[Any, Any]]:
    """A model's columns that belong to the vocabulary."""
    beyond = BELIEF | BEYOND.get(model.__name__, set())
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if not getattr(model, "natural_key", ()):
        return {name: field for name, field in fields.items() if name not in beyond}
    return {name: field for name, field in fields.items() if name not in beyond | {"id"}}


def holder(relation: str, column: str) -> Field[Any, Any]:
    """The field that holds a column of a relation."""
    model = registers()[relation].holder(column)
    return next(field for field in model._meta.concrete_fields if field.attname == column)


def test_every_relation_has_a_ledger() -> None:
    assert sorted(registers()) == RELATIONS


def test_every_ledger_lies_in_the_context_that_owns_its_relation() -> None:
    strays = [
        relation
        for relation, found in registers().items()
        if found.model._meta.app_label != found.relation.owner
        or found.model._meta.db_table.removeprefix(f"{found.relation.owner}_") != relation
    ]
    assert strays == []


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_ledger_has_exactly_the_columns_of_its_relation(relation: str) -> None:
    found = registers()[relation]
    held = set(columns_of(found.model))
    if found.state is not None:
        held |= set(columns_of(found.state))
    assert held == set(found.relation.by_id)


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_ledgers_columns_have_the_types_of_the_vocabulary(relation: str) -> None:
    columns = registers()[relation].relation.columns
    wrong = [column.id for column in columns if not fits(column, holder(relation, column.id))]
    assert wrong == []


def fits(column: Column, field: Field[Any, Any]) -> bool:
    """Type, emptiness and what is referred to. A key may itself refer to what it names.

    Texts of an area that is kept apart are sealed, and no others.
    """
    if isinstance(field, models.ForeignKey) and column.type == "text":
        return not field.null
    if column.type == "reference":
        assert column.of is not None
        refers = field.related_model is registers()[column.of].model
        return refers and field.null is not column.required
    kind = SealedText if is_kept_apart(column) else TYPES[column.type]
    return type(field) is kind and field.null is not column.required


def is_kept_apart(column: Column) -> bool:
    """Whether a column's texts are sealed in the database."""
    return column.type == "text" and column.sensitivity not in {"open", "personal"}


def test_a_ledgers_number_ranges_are_those_of_the_vocabulary() -> None:
    unheld = [
        f"{relation}.{column.id}"
        for relation, found in registers().items()
        for column in found.relation.columns
        if column.at_least is not None and not ranged(relation, column)
    ]
    assert unheld == []


def ranged(relation: str, column: Column) -> bool:
    """Whether a constraint of the ledger holds the column's bounds."""
    model = registers()[relation].holder(column.id)
    said = [str(constraint.deconstruct()) for constraint in model._meta.constraints]
    bounds = [f"('{column.id}__gte', {column.at_least:g})"]
    if column.at_most is not None:
        bounds.append(f"('{column.id}__lte', {column.at_most:g})")
    return any(all(bound in words for bound in bounds) for words in said)


def test_every_span_is_held_in_order() -> None:
    loose = [
        model.__name__
        for model in ledgers()
        if shape_of(model).until is not None
        and not any("ends_after_it_begins" in one.name for one in model._meta.constraints)
    ]
    assert loose == []


def ledgers() -> list[type[Fact]]:
    return [model for model in apps.get_models() if issubclass(model, Fact)]


def test_every_ledger_and_column_is_called_as_in_the_vocabulary() -> None:
    with translation.override("zh-hans"):
        named = {
            (relation, column.id): (str(holder(relation, column.id).verbose_name), column.label.zh)
            for relation, found in registers().items()
            for column in found.relation.columns
        }
    assert {key: names for key, names in named.items() if len({*names}) > 1} == {}


def test_every_table_of_the_record_has_a_chinese_name() -> None:
    with translation.override("zh-hans"):
        names = {model.__name__: str(model._meta.verbose_name) for model in ledgers()}
    assert [name for name, label in names.items() if not HAN.search(label)] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    assert Organisation._meta.app_label == "organisations"


def test_ledgers_come_after_what_they_refer_to() -> None:
    order = [register.relation.id for register in in_order_of_references()]
    assert order.index("organisation") < order.index("person") < order.index("training_entry")
    assert order.index("training_project") < order.index("training_entry")
    assert len(order) == len(RELATIONS)
