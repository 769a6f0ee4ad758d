"""Random regions, drawn from the vocabulary alone: awkward dates, gaps, and strays included.

Half of all days are edges of the windows that plans count over. Nothing here knows how measuring
works, nor how the demonstration region is made.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.qiangshi.measure.regions import Row, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

Rows = dict[str, list[Row]]


class RandomRegion:
    """A region of a few dozen people, the same for the same seed."""

    def __init__(self, vocabulary: Vocabulary, seed: int, *, on: date) -> None:
        self.vocabulary = vocabulary
        self.draw = random.Random(seed)
        self.on = on
        edges = [date(on.year - 5, 12, 31), date(on.year - 4, 1, 1), on, on + timedelta(days=1)]
        edges += [date(on.year, 1, 1), date(on.year - 1, 12, 31), date(on.year - 1, 1, 1)]
        edges += [date(on.year - years, on.month, min(on.day, 28)) for years in (5, 6)]
        self.edges = edges
        self.rows: Rows = {}
        self._read: dict[str, tuple[list[Row] | None, list[str]]] = {}
        self.rows["organisation"] = self._organisations()

    def made(self, *, people: int, facts: int, of: Iterable[str] = ()) -> Rows:
        """Rows of the relations `of`, or of every one; `facts` of each kind."""
        self._fill("person", people)
        relations = self.vocabulary.relations
        for name in sorted(of or relations, key=self._depth):
            if name not in self.rows:
                self._fill(name, facts // 4 if relations[name].subject else facts)
        return self.rows

    def _depth(self, name: str) -> int:
        """Subjects first, and each relation after the one that it belongs to."""
        path = self.vocabulary.path_to(name, "organisation") or ()
        return len(path) + (0 if self.vocabulary.relations[name].subject else 10)

    def _organisations(self) -> list[Row]:
        relation = self.vocabulary.relations["organisation"]
        tree: list[tuple[str, str | None, str]] = [("R", None, "region")]
        tree += [(f"T{number}", "R", "township") for number in range(self.draw.randint(0, 3))]
        for number in range(self.draw.randint(1, 8)):
            above = self.draw.choice([name for name, _, tier in tree if tier != "school"])
            tree.append((f"S{number}", above, "school"))
        made: list[Row] = []
        for name, upper, tier in tree:
            row = {column.id: self._value(column, "organisation") for column in relation.columns}
            made.append(row | {"organisation_id": name, "parent_id": upper, "tier": tier})
        return made

    def _fill(self, name: str, count: int) -> None:
        relation = self.vocabulary.relations[name]
        rows = [
            {column.id: self._value(column, name) for column in relation.columns}
            for _ in range(count)
        ]
        for number, row in enumerate(rows):
            if relation.key is not None:
                row[relation.key] = f"{name}-{number:03}"
            self._confirm(relation, row)
        self.rows[name] = rows

    def _confirm(self, relation: Relation, row: Row) -> None:
        """Confirmations name ledgers, and mostly cover whole years that follow each other."""
        if relation.id == "ledger_confirmation":
            row["relation"] = self.draw.choice(["training_entry", "finance_year", "certificate"])
            first = self.draw.randint(self.on.year - 6, self.on.year)
            row["valid_from"] = date(first, 1, 1)
            row["valid_to"] = date(self.draw.randint(first, self.on.year), 12, 31)

    def _value(self, column: Column, relation: str) -> Any:
        if not column.required and self.draw.random() < 0.15:
            return None
        match column.type:
            case "code":
                return self.draw.choice(self.vocabulary.codes[column.codes or ""].tokens)
            case "boolean":
                return self.draw.random() < 0.8
            case "date":
                return self._day()
            case "integer" | "decimal":
                return self._number(column)
            case "reference":
                return self._reference(column, relation)
        return self.draw.choice(["甲", "乙", "丙"])

    def _day(self) -> date:
        if self.draw.random() < 0.5:
            return self.draw.choice(self.edges)
        return self.on - timedelta(days=self.draw.randint(-40, 7 * 365))

    def _number(self, column: Column) -> Any:
        if column.id in {"year", "school_year"}:
            return self.on.year - self.draw.choice([-1, 0, 0, 0, 1, 1, 2, 6])
        low = 0 if column.at_least is None else int(column.at_least)
        high = low + 200 if column.at_most is None else int(column.at_most)
        whole = self.draw.choice([low, self.draw.randint(low, max(low, min(high, low + 200)))])
        return whole if column.type == "integer" else whole + self.draw.choice([0, 0.1, 0.2, 0.75])

    def _reference(self, column: Column, relation: str) -> str | None:
        keys = self._keys(column.of or "")
        if not keys or column.of == relation:
            return "nobody" if column.required else None
        return str(self.draw.choice(keys))

    def _keys(self, name: str) -> list[str]:
        """Of a relation's rows; read again only after it was filled again."""
        rows = self.rows.get(name, [])
        read, keys = self._read.get(name, (None, []))
        if read is not rows:
            keys = [row[f"{name}_id"] for row in rows]
            self._read[name] = rows, keys
        return keys


def as_tables(rows: Rows, vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """The rows as tables that fit the vocabulary."""
    return {name: table(vocabulary.relations[name], given) for name, given in rows.items()}
