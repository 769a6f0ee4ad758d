"""Examples that an official can read: a few facts, and the verdict that they must lead to.

They lie beside each plan in `examples/*.yaml` and are measured by the very engine that measures a
region: each example becomes a tiny region of its own in one snapshot.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from qiangshi.errors import Fault, PolicyError
from qiangshi.measure.evaluating import evaluate
from qiangshi.measure.snapshot import write_snapshot
from qiangshi.measure.tables import schema_of
from qiangshi.policy.schema import fit_list
from qiangshi.policy.vocabulary import Column, Record, Relation, Text, Vocabulary
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qiangshi.measure.results import Results
    from qiangshi.policy.models import Plan

Verdict = Literal["met", "not_met", "unknown", "not_applicable"]
Row = dict[str, Any]
REPEATED = "times"
"""Key of a given row that says how many such rows there are."""

_TOP = {"name": "示例地区", "kind": "bureau", "tier": "region"}
_SCHOOL = {"name": "示例学校", "kind": "primary_school", "tier": "school"}
_FILLED: dict[str, Any] = {"text": "示例", "integer": 0, "decimal": 0.0, "boolean": True}


class Example(Record):
    """Facts of a tiny region on a day, and the verdict of one item on it.

    `given` maps relations to a row or a list of rows; what a row leaves out is unknown, except for
    keys and required columns, which are filled in. `times: 20` repeats a row; rows of another
    relation may be nested in a row that they belong to, schools in their county.
    """

    item: str
    says: Text
    on: date
    given: dict[str, Row | list[Row]]
    expect: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example expected and what came out; `at` is its file and line."""

    plan: str
    example: Example
    at: str
    got: str

    @property
    def holds(self) -> bool:
        """Whether it came out as expected."""
        return self.got == self.example.expect


@dataclass(frozen=True, slots=True)
class _Judged:
    organisation: str
    period: str
    status: str

    @property
    def is_top(self) -> bool:
        return self.organisation.endswith("-top")


def run_examples(plan: Plan, folder: Path, *, vocabulary: Vocabulary) -> list[Outcome]:
    """Measure every example in `folder` (`*.yaml`); an empty list where there is none.

    Raises PolicyError for examples that do not fit the vocabulary or name no item of the plan.
    """
    placed = read_examples(plan, folder, vocabulary=vocabulary)
    outcomes: list[Outcome] = []
    for on in sorted({example.on for _, example in placed}):
        todays = [(at, example) for at, example in placed if example.on == on]
        results = _measured(plan, [example for _, example in todays], on, vocabulary)
        binding = _binding(results)
        for number, (at, example) in enumerate(todays):
            got = _verdict(binding[str(number), example.item])
            outcomes.append(Outcome(plan.id, example, at, got))
    return outcomes


def read_examples(plan: Plan, folder: Path, *, vocabulary: Vocabulary) -> list[tuple[str, Example]]:
    """Each example of `folder` with its file and line. Raises PolicyError for those that misfit."""
    faults: list[Fault] = []
    found: list[tuple[str, Example]] = []
    for path in sorted(folder.glob("*.yaml")):
        file = read_marked(path, name=f"{plan.id}/examples/{path.name}")
        for place, example in fit_list(Example, file, faults):
            if example.item not in plan.items:
                got = repr(example.item)
                faults.append(file.fault((*place, "item"), expected="an item of the plan", got=got))
            for relation, column, expected, got in _misfits(example.given, vocabulary):
                where = (*place, "given", relation, column)
                faults.append(file.fault(where, expected=expected, got=got))
            found.append((f"{file.name}:{file.line(place)}", example))
    if faults:
        raise PolicyError(faults)
    return found


def _misfits(
    given: Mapping[str, Row | list[Row]], vocabulary: Vocabulary
) -> Iterator[tuple[str, str, str, str]]:
    """Relation, column, expected, got for whatever the vocabulary does not have."""
    for name, rows in given.items():
        relation = vocabulary.relations.get(name)
        if relation is None:
            yield name, "", "a relation of the vocabulary", repr(name)
            continue
        for row in rows if isinstance(rows, list) else [rows]:
            nested = {k: v for k, v in row.items() if k in vocabulary.relations}
            yield from _misfits(nested, vocabulary)
            for key, value in row.items():
                if key not in nested and key != REPEATED:
                    yield from _misfit(relation, key, value, vocabulary)


def _misfit(
    relation: Relation, key: str, value: object, vocabulary: Vocabulary
) -> Iterator[tuple[str, str, str, str]]:
    column = relation.by_id.get(key)
    if column is None:
        yield relation.id, key, f"a column of {relation.id}", repr(key)
    elif column.codes is not None and value is not None:
        tokens = vocabulary.codes[column.codes].tokens
        if value not in tokens:
            yield relation.id, key, f"a code of {column.codes}: {', '.join(tokens)}", repr(value)


def _measured(plan: Plan, examples: Iterable[Example], on: date, vocabulary: Vocabulary) -> Results:
    rows: dict[str, list[Row]] = {name: [] for name in vocabulary.relations}
    for number, example in enumerate(examples):
        _Region(number, rows, vocabulary).lay_out(example)
    tables = {
        name: pa.Table.from_pylist(found, schema=schema_of(vocabulary.relations[name]))
        for name, found in rows.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        snapshot = write_snapshot(tables, Path(folder) / "s", on=on, vocabulary=vocabulary)
        return evaluate([plan], snapshot, vocabulary=vocabulary, on=on)


class _Region:
    """The rows of one example: keys are made its own by its number."""

    def __init__(self, number: int, rows: dict[str, list[Row]], vocabulary: Vocabulary) -> None:
        self._prefix = f"{number}-"
        self._top = f"{number}-top"
        self._rows = rows
        self._vocabulary = vocabulary

    def lay_out(self, example: Example) -> None:
        """Add the example's rows: the top of its tree, its organisations, all that is theirs."""
        given = {name: _listed(found) for name, found in example.given.items()}
        organisations = given.pop("organisation", [{}])
        if not any(row.get("tier") == "region" for row in organisations):
            self._rows["organisation"].append({**_TOP, "organisation_id": self._top})
        keys: dict[str, str] = {}
        for row in organisations:
            key = self._add_organisation(row, self._top)
            keys.setdefault("organisation", key)
        for relation in _parents_first(given, self._vocabulary):
            for row in given.get(relation.id, [{}]):
                added = self._add(relation, row, keys)
                if added is not None:
                    keys.setdefault(relation.id, added)

    def _add_organisation(self, row: Row, above: str) -> str:
        is_top = row.get("tier") == "region"
        key = self._top if is_top else self._new_key("organisation")
        placed = {"parent_id": None if is_top else above, **row, "organisation_id": key}
        own, nested = self._split({**_SCHOOL, **placed})
        self._rows["organisation"].append(own)
        for below in nested.pop("organisation", []):
            self._add_organisation(below, key)
        self._add_nested(nested, {"organisation": key})
        return key

    def _add(self, relation: Relation, row: Row, keys: Mapping[str, str]) -> str | None:
        """Add one row and what is nested in it; its key, if rows of the relation have one."""
        own, nested = self._split(row)
        for column in relation.columns:
            if column.id in own:
                continue
            if column.id == relation.key:
                own[column.id] = self._new_key(relation.id)
            elif (column.required or column.id == relation.parent_key) and column.of in keys:
                own[column.id] = keys[str(column.of)]
            elif column.required:
                own[column.id] = _filler(column, self._vocabulary)
        self._rows[relation.id].append(own)
        key = own[relation.key] if relation.key is not None else None
        self._add_nested(nested, {**keys, relation.id: key} if key else keys)
        return key

    def _add_nested(self, nested: Mapping[str, list[Row]], keys: Mapping[str, str]) -> None:
        for name, rows in nested.items():
            for row in rows:
                self._add(self._vocabulary.relations[name], row, keys)

    def _split(self, row: Row) -> tuple[Row, dict[str, list[Row]]]:
        """A row's own columns, keys made the example's own, and the rows nested in it."""
        own: Row = {}
        nested: dict[str, list[Row]] = {}
        for name, value in row.items():
            if name in self._vocabulary.relations and isinstance(value, dict | list):
                nested[name] = _listed(value)
            elif name.endswith("_id") and value is not None:
                text = str(value)
                own[name] = text if text.startswith(self._prefix) else f"{self._prefix}{text}"
            elif name != REPEATED:
                own[name] = value
        return own, nested

    def _new_key(self, relation: str) -> str:
        return f"{self._prefix}{relation}-{len(self._rows[relation])}"


def _parents_first(given: Mapping[str, object], vocabulary: Vocabulary) -> list[Relation]:
    """The relations given and those they belong or refer to, each after the ones it needs."""
    ordered: list[Relation] = []

    def add(name: str | None) -> None:
        relation = vocabulary.relations[name] if name else None
        if relation is None or name == "organisation" or relation in ordered:
            return
        add(relation.belongs_to)
        for column in relation.columns:
            if column.required and column.of not in {None, relation.id}:
                add(column.of)
        ordered.append(relation)

    for name in given:
        add(name)
    return ordered


def _filler(column: Column, vocabulary: Vocabulary) -> Any:
    if column.codes is not None:
        return vocabulary.codes[column.codes].tokens[-1]
    if column.type == "date":
        return date(2000, 1, 1)
    return _FILLED.get(column.type, "0")


def _listed(rows: Row | list[Row]) -> list[Row]:
    listed = rows if isinstance(rows, list) else [rows]
    return [row for row in listed for _ in range(int(row.get(REPEATED, 1)))]


def _binding(results: Results) -> dict[tuple[str, str], list[_Judged]]:
    """Every status where a target binds, by the number of the example and the item."""
    names = ("organisation_id", "item", "period", "status")
    columns = [results.table().column(name).to_pylist() for name in names]
    found: dict[tuple[str, str], list[_Judged]] = defaultdict(list)
    for organisation, item, period, status in zip(*columns, strict=True):
        if status != "informational":
            number = organisation.partition("-")[0]
            found[number, item].append(_Judged(organisation, period, status))
    return found


def _verdict(judged: Sequence[_Judged]) -> str:
    """Status in the latest period at the highest organisation of an example's tree."""
    latest = max((row.period for row in judged), default="")
    last = (row for row in judged if row.period == latest)
    highest = min(last, key=lambda row: (not row.is_top, row.organisation), default=None)
    return "not_measured" if highest is None else highest.status
