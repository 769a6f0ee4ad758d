"""Which model holds which relation of the vocabulary: asked of the models themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from django.apps import apps

from qiangshi.policy import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model

    from qiangshi.policy.vocabulary import Relation, Vocabulary
    from qiangshi_web.kernel.records.facts import Fact


@dataclass(frozen=True, slots=True)
class Register:
    """The tables of one relation.

    `model` holds the rows that the relation's key names. Where the relation tells of a state that
    changes, `state` holds that, a row for each span of days, and `model` only what never does.
    """

    relation: Relation
    model: type[Model]
    state: type[Fact] | None = None

    @property
    def facts(self) -> type[Fact]:
        """The table of a relation without states. Raises TypeError for one with states."""
        if self.state is not None:
            raise TypeError(f"expected a relation without states, got {self.relation.id}")
        return cast("type[Fact]", self.model)

    def holder(self, column: str) -> type[Model]:
        """The table that has the column; the state's where both have it."""
        if self.state is not None and column in attnames(self.state):
            return self.state
        return self.model


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that this process works with, read once."""
    return load_vocabulary()


@cache
def attnames(model: type[Model]) -> frozenset[str]:
    """Names of a model's columns."""
    return frozenset(field.attname for field in model._meta.concrete_fields)


@cache
def registers() -> Mapping[str, Register]:
    """Relation id → its tables, for every relation that has some, in the vocabulary's order."""
    named = _by_attribute("vocabulary_relation")
    states = _by_attribute("state_of")
    return {
        relation.id: Register(
            relation, named[relation.id], cast("type[Fact] | None", states.get(relation.id))
        )
        for relation in vocabulary().relations.values()
        if relation.id in named
    }


def register(relation: str) -> Register:
    """The tables of a relation. Raises KeyError naming it where there is none."""
    found = registers().get(relation)
    if found is None:
        raise KeyError(f"expected a relation that has a model, got {relation!r}")
    return found


def model_of(relation: str) -> type[Model]:
    """The model whose rows the relation's key names. Raises KeyError where there is none."""
    return register(relation).model


def _by_attribute(name: str) -> dict[str, type[Model]]:
    """Value of a class attribute → the model that declares it."""
    found: dict[str, type[Model]] = {}
    for model in apps.get_models():
        relation = model.__dict__.get(name)
        if relation in found:
            raise TypeError(f"expected one model for {relation}, got {found[relation]} and {model}")
        if relation:
            found[relation] = model
    return found


def in_order_of_references() -> list[Register]:
    """Every register after those that it refers to."""
    placed: dict[str, Register] = {}
    waiting = dict(registers())
    while waiting:
        ready = [name for name in waiting if _refers_to(waiting[name]) <= {*placed, name}]
        if not ready:
            raise TypeError(f"expected references without a circle, got one among {[*waiting]}")
        for name in ready:
            placed[name] = waiting.pop(name)
    return list(placed.values())


def _refers_to(one: Register) -> set[str]:
    named = {found.model: name for name, found in registers().items()}
    tables = [one.model] if one.state is None else [one.model, one.state]
    targets = {
        field.related_model
        for table in tables
        for field in table._meta.concrete_fields
        if field.is_relation
    }
    return {named[target] for target in targets if target in named}
