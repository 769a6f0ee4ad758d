"""What a ledger's rows look like: its columns as the vocabulary describes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models

from qiangshi.policy.vocabulary import Column, Text
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Field

Row = dict[str, Any]
"""Column → value, typed: str, int, Decimal, bool, date, or None for unknown."""

BELIEF = frozenset(field.attname for field in Fact._meta.local_fields)
"""Columns that say since when and from whom a row is known."""

_TYPES = {
    models.DateField: "date",
    models.BooleanField: "boolean",
    models.IntegerField: "integer",
    models.DecimalField: "decimal",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a ledger in the order of its fields, and those that play a part.

    `key` names a row; it is the business key alone or the natural key. `since` and `until` bound
    the span where rows are spans. `references` are the columns that hold another row's key.
    """

    model: type[Fact]
    columns: Mapping[str, Column]
    fields: Mapping[str, Field[Any, Any]]
    key: tuple[str, ...]
    required: tuple[str, ...]
    since: str | None
    until: str | None
    references: Mapping[str, type[models.Model]]

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """What names the row."""
        return tuple(row[name] for name in self.key)

    def name_of(self, row: Row) -> str:
        """The same as one text, as the log has it."""
        return "/".join(str(row[name]) for name in self.key)

    def label(self, name: str) -> str:
        """Chinese name of a column."""
        return self.columns[name].label.zh


@cache
def shape_of(model: type[Fact]) -> Shape:
    """The shape of a ledger."""
    fields = {field.attname: field for field in _record_fields(model)}
    known = _vocabulary_columns(model)
    columns = {name: known.get(name) or _column(field) for name, field in fields.items()}
    since, until = _span(model, columns)
    key = model.natural_key or (model._meta.pk.attname,)
    references = {name: _target(field) for name, field in fields.items() if field.is_relation}
    required = tuple(name for name, column in columns.items() if column.required)
    return Shape(model, columns, fields, key, required, since, until, references)


def _record_fields(model: type[Fact]) -> list[Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.attname not in BELIEF
        and field.name not in model.derived
        and not isinstance(field, models.AutoField)
    ]


def _vocabulary_columns(model: type[Fact]) -> Mapping[str, Column]:
    relation = vocabulary().relations.get(model.vocabulary_relation or model.state_of)
    return {} if relation is None else relation.by_id


def _column(field: Field[Any, Any]) -> Column:
    """A column of ours that is not in the vocabulary, described by its field."""
    kinds = (kind for base, kind in _TYPES.items() if isinstance(field, base))
    kind = "reference" if field.is_relation else next(kinds, "text")
    label = str(field.verbose_name)
    values = {"id": field.attname, "label": Text(zh=label, en=field.name), "type": kind}
    return Column.model_validate({**values, "required": not field.null})


def _span(model: type[Fact], columns: Mapping[str, Column]) -> tuple[str | None, str | None]:
    if model.vocabulary_relation:
        dated = vocabulary().relations[model.vocabulary_relation].dated
        return dated.since, dated.until
    is_span = {"valid_from", "valid_to"} <= set(columns)
    return ("valid_from", "valid_to") if is_span else (None, None)


def _target(field: Field[Any, Any]) -> type[models.Model]:
    target = field.related_model
    assert isinstance(target, type), f"expected a model, got {target!r}"
    return target


def rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """All rows of any model."""
    manager = model._meta.default_manager
    assert manager is not None, f"expected a model with rows, got {model!r}"
    return manager.all()


def longest(field: Field[Any, Any]) -> int:
    """How many characters a column of text or of keys takes."""
    holds = field.target_field if isinstance(field, models.ForeignKey) else field
    return holds.max_length or 0
