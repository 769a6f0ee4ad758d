"""The ledgers that a school may confirm as complete, named by their Chinese labels.

A confirmation says something only of relations in which no row means unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.policy.vocabulary import Code, CodeList, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

CONFIRMATION = "ledger_confirmation"
_LEDGER_COLUMN = "relation"


def names_ledger(column: Column, relation: Relation) -> bool:
    """Whether the column says which ledger is confirmed."""
    return (relation.id, column.id) == (CONFIRMATION, _LEDGER_COLUMN)


def ledger_list(relations: Iterable[Relation]) -> CodeList | None:
    """Those of `relations` that can be confirmed, as a list to choose from; None without any."""
    codes = tuple(
        Code(code=relation.id, label=relation.label)
        for relation in relations
        if relation.when_absent == "unknown"
    )
    label = Text(zh="台账名称", en="Ledger")
    return CodeList(id=_LEDGER_COLUMN, label=label, codes=codes) if codes else None


def code_list_of(column: Column, relation: Relation, vocabulary: Vocabulary) -> CodeList | None:
    """The closed list that a column takes: its codes, or for a confirmation the ledgers."""
    if column.codes is not None:
        return vocabulary.codes[column.codes]
    if names_ledger(column, relation):
        return ledger_list(vocabulary.relations.values())
    return None
