"""Reading `quality/rules.yaml`, held to the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.rules.models import Rule
from qiangshi.errors import Fault, PolicyError
from qiangshi.policy.files import policy_root
from qiangshi.policy.schema import fit_list
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qiangshi.policy.vocabulary import Relation, Vocabulary

FILE = "quality/rules.yaml"
_BOOLEANS = frozenset({"true", "false"})


def load_rules(*, vocabulary: Vocabulary, root: Path | None = None) -> tuple[Rule, ...]:
    """All rules. Raises PolicyError with every one that does not fit the vocabulary."""
    faults: list[Fault] = []
    rules: dict[str, Rule] = {}
    path = (root or policy_root()) / FILE
    file = read_marked(path, name=f"policy/{FILE}")
    for place, rule in fit_list(Rule, file, faults):
        if rule.id in rules:
            faults.append(file.fault(place, expected="a new rule id", got=repr(rule.id)))
        rules[rule.id] = rule
        faults += [
            file.fault(place, expected=expected, got=got)
            for expected, got in _complaints(rule, vocabulary)
        ]
    if faults:
        raise PolicyError(faults)
    return tuple(rules.values())


def fitting_rules(*, vocabulary: Vocabulary, root: Path | None = None) -> tuple[Rule, ...]:
    """Those rules that speak of what the vocabulary has; none where there is no such file."""
    path = (root or policy_root()) / FILE
    if not path.is_file():
        return ()
    faults: list[Fault] = []
    file = read_marked(path, name=f"policy/{FILE}")
    found = [rule for _, rule in fit_list(Rule, file, faults)]
    if faults:
        raise PolicyError(faults)
    return tuple(rule for rule in found if not any(_complaints(rule, vocabulary)))


def _complaints(rule: Rule, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    relation = vocabulary.relations.get(rule.relation)
    if relation is None:
        yield "a relation of the vocabulary", repr(rule.relation)
        return
    for name in rule.columns:
        if name not in relation.by_id:
            yield f"a column of {relation.id}", repr(name)
    implied = rule.implies.then if rule.implies is not None else {}
    for conditions in (rule.when, implied):
        for name, values in conditions.items():
            yield from _values(name, values, relation, vocabulary)
    if rule.has is not None:
        about = vocabulary.relations.get(rule.has.relation)
        if about is None or about.belongs_to != relation.id:
            yield f"a relation that belongs to {relation.id}", repr(rule.has.relation)
    if rule.apart is not None and (relation.dated.since is None or relation.dated.until is None):
        yield "a relation whose rows are spans", repr(relation.id)


def _values(
    name: str, values: tuple[str, ...], relation: Relation, vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    column = relation.by_id.get(name)
    if column is None:
        return
    codes = code_list_of(column, relation, vocabulary)
    known = _BOOLEANS if codes is None else frozenset(codes.tokens)
    if codes is None and column.type != "boolean":
        yield f"a column of codes or of yes and no ({relation.id}.{name} is neither)", name
    for value in values:
        if value not in known:
            yield f"values of {relation.id}.{name}", repr(value)
