"""Which relations and columns a plan's items are measured on, and for which clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.datacheck.joins import in_order
from qiangshi.datacheck.ledgers import CONFIRMATION
from qiangshi.policy.expressions import check
from qiangshi.policy.item_parts import expressions_of, is_confirmed, measures_of, subject_of
from qiangshi.policy.models import Activity
from qiangshi.policy.names import column_symbols, item_symbols, value_symbols

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qiangshi.policy.expressions import Symbol
    from qiangshi.policy.models import Counted, Item, Plan
    from qiangshi.policy.vocabulary import Relation, Vocabulary

Place = tuple[str, str]
"""A relation and one of its columns."""


def items_by_relation(plan: Plan, vocabulary: Vocabulary) -> dict[str, list[Item]]:
    """Relation id → the items that are measured on it, in the order of the plan."""
    found: dict[str, list[Item]] = {}
    for item in plan.items.values():
        for name in dict.fromkeys(_relations_of(item, vocabulary)):
            found.setdefault(name, []).append(item)
    return found


def relations_needed(plan: Plan, vocabulary: Vocabulary) -> list[Relation]:
    """The relations that the plan's items need, each after those that it refers to.

    With those above, those that a row must refer to, and the confirmation of ledgers where one of
    them is a ledger in which no row means unknown.
    """
    needed: set[str] = set()
    waiting = list(items_by_relation(plan, vocabulary))
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        relation = vocabulary.relations[name]
        waiting += [column.of for column in relation.columns if column.of and column.required]
        waiting += [relation.belongs_to] if relation.belongs_to else []
        if relation.when_absent == "unknown" and CONFIRMATION in vocabulary.relations:
            waiting.append(CONFIRMATION)
    return [relation for relation in in_order(vocabulary) if relation.id in needed]


def columns_used(plan: Plan, vocabulary: Vocabulary) -> frozenset[Place]:
    """Every column that an item of the plan reads: summed, compared, or dating a row."""
    return frozenset(
        place
        for item in plan.items.values()
        if _is_evaluated(item)
        for place in _places_of(item, vocabulary)
    )


def _is_evaluated(item: Item) -> bool:
    """What the source prints unreadably is never evaluated, so nothing is asked for it."""
    return is_confirmed(item) and (any(measures_of(item)) or any(expressions_of(item)))


def _relations_of(item: Item, vocabulary: Vocabulary) -> Iterator[str]:
    if isinstance(item, Activity) and item.record in vocabulary.relations:
        yield item.record
    if not _is_evaluated(item):
        return
    yield subject_of(item)
    for _, counted in measures_of(item):
        yield vocabulary.measures[counted.measure].relation
    for relation, _ in _places_of(item, vocabulary):
        yield relation


def _places_of(item: Item, vocabulary: Vocabulary) -> Iterator[Place]:
    subject = vocabulary.relations[subject_of(item)]
    names = item_symbols(
        subject, vocabulary, measures=getattr(item, "measures", {}), values=item.values
    )
    for _, text in expressions_of(item):
        yield from _named(text, subject, names)
    for _, counted in measures_of(item):
        yield from _counted(counted, item, vocabulary)


def _counted(counted: Counted, item: Item, vocabulary: Vocabulary) -> Iterator[Place]:
    measure = vocabulary.measures[counted.measure]
    relation = vocabulary.relations[measure.relation]
    if measure.column is not None:
        yield relation.id, measure.column
    for column in relation.dated.model_dump(exclude_none=True).values():
        yield relation.id, column
    names = column_symbols(relation, vocabulary) | value_symbols(item.values, vocabulary)
    for text in (measure.where, counted.where):
        if text is not None:
            yield from _named(text, relation, names)


def _named(text: str, relation: Relation, names: Mapping[str, Symbol]) -> Iterator[Place]:
    """The columns that an expression over a row of `relation` names."""
    for name in check(text, names).named("column"):
        above, _, column = name.rpartition(".")
        yield above or relation.id, column
