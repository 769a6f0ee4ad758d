"""The registers of an evaluation plan in the making: whatever is asked for twice stands once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.measure.canonical import all_of, canonical
from qiangshi.measure.evaluation_plan import ALWAYS, Condition, Sum, Test, WindowedMeasure
from qiangshi.policy.expressions import check
from qiangshi.policy.names import column_symbols, measure_symbols, value_symbols

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qiangshi.measure.windows import Days
    from qiangshi.policy.expressions import Symbol
    from qiangshi.policy.models import Counted, Value
    from qiangshi.policy.vocabulary import Vocabulary

_ANY_ORGANISATION = "NOT organisation.organisation_id IS NULL"  # every organisation has its id


class Registers:
    """Measures, conditions, tests and sums, each under one id; asking again gives the same id."""

    def __init__(self, vocabulary: Vocabulary, on: date) -> None:
        self.vocabulary = vocabulary
        self.on = on
        self._measures: dict[object, WindowedMeasure] = {}
        self._conditions: dict[object, Condition] = {}
        self._tests: dict[object, Test] = {}
        self._sums: dict[object, Sum] = {}
        self._columns: dict[str, Mapping[str, Symbol]] = {}

    @property
    def measures(self) -> tuple[WindowedMeasure, ...]:
        """In the order in which they were first asked for, as all registers."""
        return tuple(self._measures.values())

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """See `measures`."""
        return tuple(self._conditions.values())

    @property
    def tests(self) -> tuple[Test, ...]:
        """See `measures`."""
        return tuple(self._tests.values())

    @property
    def sums(self) -> tuple[Sum, ...]:
        """See `measures`."""
        return tuple(self._sums.values())

    def columns(self, relation: str) -> Mapping[str, Symbol]:
        """The names over a row of a relation, looked up once."""
        if relation not in self._columns:
            found = column_symbols(self.vocabulary.relations[relation], self.vocabulary)
            self._columns[relation] = found
        return self._columns[relation]

    def where(self, counted: Counted, values: Mapping[str, Value]) -> str:
        """The canonical text of what a row must satisfy to count."""
        measure = self.vocabulary.measures[counted.measure]
        columns = self.columns(measure.relation)
        names = {**columns, **value_symbols(values, self.vocabulary)}
        found = ALWAYS
        for text, known in (measure.where, columns), (counted.where, names):
            if text is not None:
                checked = check(text, known)
                spelled = canonical(
                    checked, measure.relation, measures={}, values=values, on=self.on
                )
                found = all_of(found, spelled)
        return found

    def measure(
        self,
        counted: Counted,
        subject: str,
        *,
        values: Mapping[str, Value],
        days: Days,
        besides: tuple[str, ...] = (),
    ) -> str:
        """The id of a vocabulary measure for a subject, over `days` and the rows it counts.

        `besides` are canonical texts that rows must satisfy as well.
        """
        measure = self.vocabulary.measures[counted.measure]
        relation = self.vocabulary.relations[measure.relation]
        path = self.vocabulary.path_to(relation.id, subject) or (relation.id,)
        owner = path[1] if len(path) > 1 else relation.id
        where = all_of(self.where(counted, values), *besides)
        key = (relation.id, owner, measure.aggregate, measure.column, where, days)
        if key not in self._measures:
            self._measures[key] = WindowedMeasure(
                id=f"m{len(self._measures)}",
                measure=measure.id,
                relation=relation.id,
                owner=owner,
                aggregate=measure.aggregate,
                column=measure.column,
                where=where,
                days=days,
                unit=measure.unit,
            )
        return self._measures[key].id

    def text(
        self,
        text: str,
        subject: str,
        *,
        counted: Mapping[str, Counted],
        measures: Mapping[str, str],
        values: Mapping[str, Value],
    ) -> str:
        """The canonical text of an item's expression; `measures` gives the id of each name."""
        names = {**self.columns(subject), **measure_symbols(counted, self.vocabulary)}
        names |= value_symbols(values, self.vocabulary)
        checked = check(text, names)
        spelled = canonical(checked, subject, measures=measures, values=values, on=self.on)
        return ALWAYS if spelled == _ANY_ORGANISATION else spelled

    def condition(self, subject: str, text: str) -> str:
        """The id of a canonical text as a condition over a subject."""
        key = (subject, text)
        if key not in self._conditions:
            self._conditions[key] = Condition(f"c{len(self._conditions)}", subject, text)
        return self._conditions[key].id

    def test(self, subject: str, population: str, requires: str | None) -> str:
        """The id of the test of two canonical texts over a subject."""
        bound = self.condition(subject, population)
        required = None if requires is None else self.condition(subject, requires)
        key = (subject, bound, required)
        if key not in self._tests:
            self._tests[key] = Test(f"t{len(self._tests)}", subject, bound, required)
        return self._tests[key].id

    def sum(self, measure: str, population: str) -> str:
        """The id of a measure added up over subtrees, of the organisations in `population`."""
        bound = None if population == ALWAYS else self.condition("organisation", population)
        key = (measure, bound)
        if key not in self._sums:
            self._sums[key] = Sum(f"s{len(self._sums)}", measure, bound)
        return self._sums[key].id
