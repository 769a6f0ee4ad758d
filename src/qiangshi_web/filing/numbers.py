"""The numbers of a person's papers, whole: for who may see them and says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.filing.queries import file_of_person
from qiangshi_web.kernel.language import pick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.filing.sight import Sight


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands on record, and on what."""

    ledger: str
    label: str
    text: str


def numbers_of(person: Person, sight: Sight) -> Iterator[Number]:
    """Every number of a person already in scope, in ledgers and columns that the sight sees."""
    for kept in file_of_person(person, sight):
        for column in kept.ledger.shape.columns.values():
            if column.sensitivity == "identity" and sight.sees_column(column):
                for fact in kept.facts:
                    text = getattr(fact, column.id)
                    if text:
                        yield Number(kept.ledger.label, pick(column.label), text)
