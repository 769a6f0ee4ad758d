"""The same rules in OpenFisca-core, as it is meant to be used.

Persons are an entity, and the organisations at each depth of the tree a group entity: a person is
a member of her school, its town, its county and the region. What conditions read are input
variables; every condition is a variable that is worked out once and kept; a rule is a variable of
two of them; and how many of a group meet it is a variable of the group. OpenFisca knows yes and no
only: whom it fails, and of whom it is unknown, are variables of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from openfisca_core import entities, periods
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.truth_pairs import Number, Pairs
from qiangshi.measure.counts import OUTCOMES
from qiangshi.measure.premeasured_columns import Codes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qiangshi.measure.evaluation_plan import EvaluationPlan, Test
    from qiangshi.measure.premeasured import Premeasured, SubjectTable
    from qiangshi.policy.vocabulary import Vocabulary

_SURE = OUTCOMES[:3]


@dataclass
class Rules:
    """Some tests over persons as variables; `simulation` has the facts and no answers."""

    plan: EvaluationPlan
    names: Sequence[str]
    premeasured: Premeasured
    vocabulary: Vocabulary
    groups: list[tuple[Any, Any]] = field(default_factory=list)  # entity, places of its groups

    def __post_init__(self) -> None:
        self.year = str(self.plan.on.year)
        self.table = self.premeasured.tables["person"]
        self.texts = {condition.id: condition.text for condition in self.plan.conditions}
        self.tests = [test for test in self.plan.tests if test.id in set(self.names)]
        self.person = entities.Entity("person", "persons", "A person", "")
        joined = self._joined()
        self.system = TaxBenefitSystem([self.person, *(entity for entity, _ in self.groups)])
        facts = _Facts(self.table, self.vocabulary)
        for name, kind in facts.kinds.items():
            self._add(name, kind, self.person, None)
        for test in self.tests:
            self._add_rule(test, facts)
        self.simulation = self._built(joined, facts)

    def _joined(self) -> list[Any]:
        """A group entity for each depth of the tree; the group of every person in each."""
        tree, joined = self.premeasured.tree, []
        for depth in range(int(tree.levels.max()) + 1):
            above = np.arange(tree.size)
            for _ in range(int(tree.levels.max())):
                above = np.where(tree.levels[above] > depth, tree.parents[above], above)
            places, mine = np.unique(above[self.table.places], return_inverse=True)
            key = f"depth_{depth}"
            entity = entities.GroupEntity(key, f"{key}s", key, "", [{"key": "member"}])
            self.groups.append((entity, places))
            joined.append(mine)
        return joined

    def _add(self, name: str, kind: type, entity: Any, formula: Callable[..., Any] | None) -> None:
        made = {"value_type": kind, "entity": entity, "label": name,
                "definition_period": periods.DateUnit.YEAR}  # fmt: skip
        self.system.add_variable(
            type(name, (Variable,), made if formula is None else made | {"formula": formula})
        )

    def _add_rule(self, test: Test, facts: _Facts) -> None:
        for condition in (test.population, test.requires or ""):
            if self.system.get_variable(condition) is None:
                text = self.texts[condition]
                self._add(condition, bool, self.person, _formula(_holds, facts, text))
                self._add(f"not_{condition}", bool, self.person, _formula(_fails, facts, text))
        for outcome in OUTCOMES:
            name = f"{test.id}_{outcome}"
            self._add(name, bool, self.person, _formula(_OUTCOMES[outcome], test))
            for entity, _ in self.groups:
                self._add(f"{name}_at_{entity.key}", int, entity, _formula(_counted, name))

    def _built(self, joined: list[Any], facts: _Facts) -> Any:
        builder, persons = SimulationBuilder(), len(self.table)
        builder.create_entities(self.system)
        builder.declare_person_entity("person", np.arange(persons))
        for (entity, places), mine in zip(self.groups, joined, strict=True):
            group = builder.declare_entity(entity.key, places)
            builder.join_with_persons(group, places[mine], np.full(persons, "member"))
        simulation = builder.build(self.system)
        for name in facts.kinds:
            simulation.set_input(name, self.year, facts.values(name))
        return simulation

    def met_of_all(self) -> dict[str, int]:
        """Test → how many persons meet it, of no organisation in particular."""
        run = self.simulation.clone()
        return {name: int(run.calculate(f"{name}_met", self.year).sum()) for name in self.names}

    def counts(self) -> dict[str, dict[str, Any]]:
        """Test → outcome → how many of every organisation's subtree; open populations where any."""
        run = self.simulation.clone()
        return {test.id: self._counts(test, run) for test in self.tests}

    def _counts(self, test: Test, run: Any) -> dict[str, Any]:
        sure = run.calculate(test.population, self.year)
        told = (sure | run.calculate(f"not_{test.population}", self.year)).all()
        found = {}
        for outcome in _SURE if told else OUTCOMES:
            whole = np.zeros(self.premeasured.tree.size, dtype=np.int64)
            for entity, places in reversed(self.groups):
                whole[places] = run.calculate(f"{test.id}_{outcome}_at_{entity.key}", self.year)
            found[outcome] = whole
        return found


class _Facts:
    """What conditions over persons read, as input variables: numbers, codes as whole numbers."""

    def __init__(self, table: SubjectTable, vocabulary: Vocabulary) -> None:
        self.table, self.vocabulary = table, vocabulary
        self._columns = {f"{one}__{name}": (one, name) for one, name in table.columns}
        self.kinds: dict[str, type] = dict.fromkeys(self._columns, int)
        self.kinds |= {f"{name}_{part}": float for name in table.measures for part in _ENDS}
        self.kinds |= {f"{name}_has_{part}": bool for name in table.measures for part in _ENDS}

    def values(self, name: str) -> Any:
        """The values of an input."""
        if name in self._columns:
            column = self.table.columns[self._columns[name]]
            values = column.codes if isinstance(column, Codes) else column.values
            return values.astype(np.int32)
        measure, _, end = name.partition("_")
        found = self.table.measures[measure]
        if end.startswith("has_"):
            return found.has_low if end == "has_low" else found.has_high
        top = found.extra if end == "high" else 0
        return (found.known.values / found.known.scale + top).astype(np.float32)

    def pairs(self, person: Any, period: Any) -> Pairs:
        """Conditions over the variables of persons."""

        def code(relation: str, name: str, values: list[Any]) -> Any:
            column = self.table.columns[relation, name]
            assert isinstance(column, Codes)
            every = column.categories
            codes = [every.index(value) + 1 for value in values if value in every]
            given = person(f"{relation}__{name}", period)
            if codes == list(range(codes[0], codes[0] + len(codes))) and len(codes) > 1:
                return (given >= codes[0]) & (given <= codes[-1])
            holds = given == codes[0]
            for other in codes[1:]:
                holds |= given == other
            return holds

        def known(relation: str, name: str) -> Any:
            return person(f"{relation}__{name}", period) != 0

        def measure(name: str) -> Number:
            low, high = (person(f"{name}_{end}", period) for end in _ENDS)
            sure = [person(f"{name}_has_{end}", period) for end in _ENDS]
            return Number(low, high, *sure)

        every = np.ones(len(self.table), dtype=np.bool_)
        return Pairs(self.vocabulary, code, known, _not_here, _not_here, measure, every)


_ENDS = ("low", "high")


def _not_here(*names: str) -> Number:
    raise KeyError(names)


def _holds(facts: _Facts, text: str, person: Any, period: Any) -> Any:
    return facts.pairs(person, period).holds(text)


def _fails(facts: _Facts, text: str, person: Any, period: Any) -> Any:
    return facts.pairs(person, period).fails(text)


def _met(test: Test, person: Any, period: Any) -> Any:
    return person(test.population, period) & person(test.requires, period)


def _not_met(test: Test, person: Any, period: Any) -> Any:
    return person(test.population, period) & person(f"not_{test.requires}", period)


def _unknown(test: Test, person: Any, period: Any) -> Any:
    told = person(test.requires, period) | person(f"not_{test.requires}", period)
    return person(test.population, period) & ~told


def _maybe(test: Test, person: Any, period: Any) -> Any:
    return ~(person(test.population, period) | person(f"not_{test.population}", period))


def _maybe_met(test: Test, person: Any, period: Any) -> Any:
    return _maybe(test, person, period) & person(test.requires, period)


def _maybe_not(test: Test, person: Any, period: Any) -> Any:
    return _maybe(test, person, period) & person(f"not_{test.requires}", period)


def _maybe_unknown(test: Test, person: Any, period: Any) -> Any:
    told = person(test.requires, period) | person(f"not_{test.requires}", period)
    return _maybe(test, person, period) & ~told


_OUTCOMES: dict[str, Callable[..., Any]] = {
    "met": _met, "not_met": _not_met, "unknown": _unknown, "maybe_met": _maybe_met,
    "maybe_not": _maybe_not, "maybe_unknown": _maybe_unknown,
}  # fmt: skip


def _formula(written: Callable[..., Any], *given: Any) -> Callable[[Any, Any], Any]:
    """A formula as OpenFisca takes it: a plain function of a population and a period."""

    def formula(population: Any, period: Any) -> Any:
        return written(*given, population, period)

    return formula


def _counted(name: str, group: Any, period: Any) -> Any:
    return group.sum(group.members(name, period))
