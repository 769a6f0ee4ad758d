"""Whether a vocabulary and a plan hold together: every name resolves, every unit agrees."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qiangshi.periods import Duration
from qiangshi.policy.carriers import RIGHT_KINDS, Catalogue
from qiangshi.policy.expressions import ExpressionError, Symbol, check
from qiangshi.policy.item_parts import expressions_of, measures_of, subject_of, values_of
from qiangshi.policy.models import (
    Activity,
    Incentive,
    Indicator,
    Programme,
    Ratio,
    Standard,
    Total,
    Window,
)
from qiangshi.policy.names import column_symbols, item_symbols, value_symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qiangshi.errors import Fault
    from qiangshi.policy.models import Counted, Item, Plan, Provision, Value
    from qiangshi.policy.places import Places
    from qiangshi.policy.vocabulary import Column, Measure, Relation, Vocabulary


def check_vocabulary(vocabulary: Vocabulary, places: Places) -> list[Fault]:
    """Faults of names that do not resolve inside the vocabulary."""
    faults: list[Fault] = []
    for relation in vocabulary.relations.values():
        faults += _relation_faults(relation, vocabulary, places)
    for measure in vocabulary.measures.values():
        faults += _measure_faults(measure, vocabulary, places)
    return faults


def _relation_faults(relation: Relation, vocabulary: Vocabulary, places: Places) -> Iterable[Fault]:
    here = f"relation:{relation.id}"
    if relation.belongs_to is not None:
        if relation.belongs_to not in vocabulary.relations:
            yield places.fault(
                here, "belongs_to", expected="a relation", got=repr(relation.belongs_to)
            )
        elif relation.parent_key not in relation.by_id:
            got = ", ".join(relation.by_id)
            yield places.fault(here, "columns", expected=f"a column {relation.parent_key}", got=got)
    for name, column_id in relation.dated.model_dump(exclude_none=True).items():
        if column_id not in relation.by_id:
            yield places.fault(here, "dated", name, expected="a column", got=repr(column_id))
    seen: set[str] = set()
    for index, column in enumerate(relation.columns):
        if column.id in seen:
            got = f"{column.id!r} again"
            yield places.fault(here, "columns", index, expected="a new column id", got=got)
        seen.add(column.id)
        yield from _column_faults(column, vocabulary, places, (here, "columns", index))


def _column_faults(
    column: Column, vocabulary: Vocabulary, places: Places, at: tuple[str, str, int]
) -> Iterable[Fault]:
    here, below = at[0], at[1:]
    wanted: dict[str, tuple[str, Mapping[str, object]]] = {
        "code": ("codes", vocabulary.codes),
        "reference": ("of", vocabulary.relations),
    }
    for kind, (key, known) in wanted.items():
        named = getattr(column, key)
        if column.type == kind and named not in known:
            yield places.fault(here, *below, expected=_one_of(key, named, known), got=repr(named))
        elif column.type != kind and named is not None:
            got = f"{key} on a {column.type}"
            yield places.fault(here, *below, key, expected=f"{key} only on {kind}", got=got)
    if column.unit is not None and column.unit not in vocabulary.units:
        expected = _one_of("unit", column.unit, vocabulary.units)
        yield places.fault(here, *below, "unit", expected=expected, got=repr(column.unit))


def _measure_faults(measure: Measure, vocabulary: Vocabulary, places: Places) -> Iterable[Fault]:
    here = f"measure:{measure.id}"
    relation = vocabulary.relations.get(measure.relation)
    if measure.unit not in vocabulary.units:
        expected = _one_of("unit", measure.unit, vocabulary.units)
        yield places.fault(here, "unit", expected=expected, got=repr(measure.unit))
    if relation is None:
        expected = _one_of("relation", measure.relation, vocabulary.relations)
        yield places.fault(here, "relation", expected=expected, got=repr(measure.relation))
        return
    needs_column = measure.aggregate != "count"
    if needs_column and measure.column not in relation.by_id:
        expected = f"a column of {relation.id}"
        yield places.fault(here, "column", expected=expected, got=repr(measure.column))
    if measure.where is not None:
        names = column_symbols(relation, vocabulary)
        yield from _expression_faults(measure.where, names, places, (here, "where"))


def _expression_faults(
    text: str, names: Mapping[str, Symbol], places: Places, at: tuple[str | int, ...]
) -> Iterable[Fault]:
    try:
        check(text, names)
    except ExpressionError as error:
        here, below = at[0], at[1:]
        for complaint in error.complaints:
            yield places.fault(
                str(here),
                *below,
                expected=complaint.expected,
                got=complaint.got,
                hint=complaint.caret(error.text),
            )


@dataclass(frozen=True)
class _PlanChecking:
    plan: Plan
    places: Places
    vocabulary: Vocabulary
    catalogue: Catalogue
    plan_names: set[str]
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def carriers(self) -> set[str]:
        """Every reference that may stand in `carried_by`."""
        provisions = {f"provision:{provision}" for provision in self.plan.provisions}
        return {*self.plan.items, *self.catalogue.references(), *provisions}

    def complain(
        self, reference: str, *below: str | int, expected: str, got: str, hint: str = ""
    ) -> None:
        self.faults.append(
            self.places.fault(reference, *below, expected=expected, got=got, hint=hint)
        )


def check_plan(
    plan: Plan,
    places: Places,
    *,
    vocabulary: Vocabulary,
    catalogue: Catalogue,
    plan_names: set[str],
    folder: str,
) -> list[Fault]:
    """Every fault of a plan whose entries fit the models."""
    checking = _PlanChecking(plan, places, vocabulary, catalogue, plan_names)
    _check_head(checking, folder)
    for path, clause in plan.clauses.items():
        if clause.parent is not None and clause.parent not in plan.clauses:
            expected = _one_of("clause", clause.parent, plan.clauses)
            checking.complain(
                f"clause:{path}", "parent", expected=expected, got=repr(clause.parent)
            )
    for provision in plan.provisions.values():
        _check_provision(checking, provision)
    for reference, item in plan.items.items():
        _check_item(checking, reference, item)
    return checking.faults


def _check_head(checking: _PlanChecking, folder: str) -> None:
    head = checking.plan.head
    if head.id != folder:
        checking.complain("head", "id", expected=f"{folder!r} like its folder", got=repr(head.id))
    if head.validity.until is not None and head.validity.until < head.validity.since:
        got = head.validity.until.isoformat()
        checking.complain(
            "head", "validity", "until", expected=f"a day after {head.validity.since}", got=got
        )
    for index, parent in enumerate(head.parents):
        if parent not in checking.plan_names:
            expected = _one_of("plan", parent, checking.plan_names)
            checking.complain("head", "parents", index, expected=expected, got=repr(parent))
    names = column_symbols(checking.vocabulary.relations["organisation"], checking.vocabulary)
    checking.faults.extend(
        _expression_faults(head.scope, names, checking.places, ("head", "scope"))
    )


def _check_clause(checking: _PlanChecking, reference: str, clause: str, *below: str | int) -> None:
    if clause not in checking.plan.clauses:
        expected = _one_of("clause", clause, checking.plan.clauses)
        checking.complain(reference, *below, "clause", expected=expected, got=repr(clause))


def _check_provision(checking: _PlanChecking, provision: Provision) -> None:
    here = f"provision:{provision.id}"
    _check_clause(checking, here, provision.clause)
    for index, carrier in enumerate(provision.carried_by):
        if carrier not in checking.carriers or carrier == here:
            expected = _one_of("item or catalogue entry", carrier, checking.carriers)
            checking.complain(here, "carried_by", index, expected=expected, got=repr(carrier))
    right = RIGHT_KINDS[provision.shape]
    kinds = {carrier.partition(":")[0] for carrier in provision.carried_by}
    if not kinds & right:
        expected = f"a carrier of kind {' or '.join(sorted(right))} for {provision.shape}"
        checking.complain(here, "carried_by", expected=expected, got=", ".join(sorted(kinds)))


def _check_item(checking: _PlanChecking, reference: str, item: Item) -> None:
    _check_clause(checking, reference, item.clause)
    for below, value in values_of(item):
        if value.clause is not None:
            _check_clause(checking, reference, value.clause, *below)
        _check_value(checking, reference, below, value)
    subject = checking.vocabulary.relations.get(subject_of(item))
    if subject is None or not subject.subject:
        subjects = [r.id for r in checking.vocabulary.relations.values() if r.subject]
        got = repr(subject_of(item))
        checking.complain(reference, expected=f"a subject: {', '.join(sorted(subjects))}", got=got)
        return
    counted_under = (
        checking.vocabulary.relations["organisation"] if isinstance(item, Programme) else subject
    )
    for below, counted in measures_of(item):
        _check_counted(checking, reference, below, counted, item=item, subject=counted_under)
    names = item_symbols(
        subject,
        checking.vocabulary,
        measures=getattr(item, "measures", {}),
        values=item.values,
    )
    for below, text in expressions_of(item):
        checking.faults.extend(
            _expression_faults(text, names, checking.places, (reference, *below))
        )
    _check_kind(checking, reference, item)


def _check_value(
    checking: _PlanChecking, reference: str, below: tuple[str | int, ...], value: Value
) -> None:
    units, codes = checking.vocabulary.units, checking.vocabulary.codes
    if value.unit is None and value.codes is None:
        checking.complain(reference, *below, expected="a unit or codes", got="neither")
    if value.unit is not None and value.unit not in units:
        expected = _one_of("unit", value.unit, units)
        checking.complain(reference, *below, "unit", expected=expected, got=repr(value.unit))
    if value.codes is not None and value.codes not in codes:
        expected = _one_of("code list", value.codes, codes)
        checking.complain(reference, *below, "codes", expected=expected, got=repr(value.codes))
    for given in (value.value, *(at.value for at in value.by_date)):
        if given is None:
            continue
        if value.unit is not None and isinstance(given, str):
            expected = f"a number of {value.unit}"
            checking.complain(reference, *below, "value", expected=expected, got=repr(given))
        if value.codes in codes and given not in codes[value.codes].tokens:
            expected = f"a code of {value.codes}: {', '.join(codes[value.codes].tokens)}"
            checking.complain(reference, *below, "value", expected=expected, got=repr(given))


def _check_counted(
    checking: _PlanChecking,
    reference: str,
    below: tuple[str | int, ...],
    counted: Counted,
    *,
    item: Item,
    subject: Relation,
) -> None:
    vocabulary = checking.vocabulary
    measure = vocabulary.measures.get(counted.measure)
    if measure is None:
        expected = _one_of("measure", counted.measure, vocabulary.measures)
        checking.complain(
            reference, *below, "measure", expected=expected, got=repr(counted.measure)
        )
        return
    if vocabulary.path_to(measure.relation, subject.id) is None:
        got = f"{counted.measure!r}, which counts {measure.relation}"
        checking.complain(
            reference, *below, "measure", expected=f"a measure of a {subject.id}", got=got
        )
    relation = vocabulary.relations[measure.relation]
    if counted.where is not None:
        names = column_symbols(relation, vocabulary) | value_symbols(item.values, vocabulary)
        checking.faults.extend(
            _expression_faults(counted.where, names, checking.places, (reference, *below, "where"))
        )
    _check_window(checking, reference, (*below, "window"), counted, relation=relation)


def _check_window(
    checking: _PlanChecking,
    reference: str,
    below: tuple[str | int, ...],
    counted: Counted,
    *,
    relation: Relation,
) -> None:
    window = counted.window
    form = window.form if isinstance(window, Window) else window
    is_dated = bool(relation.dated.model_dump(exclude_none=True))
    if not is_dated and form != "as_of":
        got = f"{form} over {relation.id}, whose rows have no date"
        checking.complain(reference, *below, expected="the window as_of", got=got)
    if not isinstance(window, Window):
        return
    if form == "fixed" and (window.since is None or window.until is None):
        checking.complain(reference, *below, expected="since and until", got="fixed without them")
    if form == "rolling":
        try:
            Duration.parse(window.length or "")
        except ValueError as error:
            expected = str(error).removeprefix("expected ").partition(", got")[0]
            checking.complain(
                reference, *below, "length", expected=expected, got=repr(window.length)
            )


def _check_overlap(checking: _PlanChecking, reference: str, item: Standard) -> None:
    """The others are standards of the plan that say the same of both, and rows can be told apart:
    whom an exclusive one binds follows from columns alone.
    """
    if item.overlap is None:
        return
    standards = {
        f"standard:{one.id}": one
        for one in checking.plan.items.values()
        if isinstance(one, Standard)
    }
    for index, name in enumerate(item.overlap.others):
        other = standards.get(f"standard:{name}")
        if other is None or other is item:
            known = [one.id for one in standards.values() if one is not item]
            expected = _one_of("standard", name, known)
            checking.complain(
                reference, "overlap", "with", index, expected=expected, got=repr(name)
            )
        elif other.overlap is not None and other.overlap.policy != item.overlap.policy:
            expected = f"{other.overlap.policy}, as {name} says"
            checking.complain(
                reference, "overlap", "policy", expected=expected, got=item.overlap.policy
            )
    if item.overlap.policy == "exclusive" and item.measures:
        relation = checking.vocabulary.relations[item.subject]
        names = column_symbols(relation, checking.vocabulary)
        names |= value_symbols(item.values, checking.vocabulary)
        checking.faults.extend(
            _expression_faults(item.population, names, checking.places, (reference, "population"))
        )


def _check_kind(checking: _PlanChecking, reference: str, item: Item) -> None:
    if isinstance(item, Standard):
        _check_overlap(checking, reference, item)
    if isinstance(item, Indicator) and isinstance(item.figure, Total | Ratio):
        for name, measure in item.figure.model_dump(exclude={"kind"}).items():
            if measure not in item.measures:
                expected = _one_of("measure of the item", measure, item.measures)
                checking.complain(reference, "figure", name, expected=expected, got=repr(measure))
    if isinstance(item, Activity) and item.record not in checking.vocabulary.relations:
        expected = _one_of("relation", item.record, checking.vocabulary.relations)
        checking.complain(reference, "record", expected=expected, got=repr(item.record))
    if isinstance(item, Incentive) and item.reads is None and item.measures:
        checking.complain(reference, "measures", expected="reads beside measures", got="none")
    case = getattr(item, "case_type", None)
    if case is not None and f"case:{case}" not in checking.carriers:
        known = [entry.id for entry in checking.catalogue.cases]
        expected = _one_of("case type", case, known)
        checking.complain(reference, "case_type", expected=expected, got=repr(case))
    report = getattr(item, "report", None)
    if report is not None and f"report:{report}" not in checking.carriers:
        known = [entry.id for entry in checking.catalogue.reports]
        expected = _one_of("report", report, known)
        checking.complain(reference, "report", expected=expected, got=repr(report))


def _one_of(what: str, name: object, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.4)
    return f"a known {what}" + (f" (nearest is {near[0]!r})" if near else "")
