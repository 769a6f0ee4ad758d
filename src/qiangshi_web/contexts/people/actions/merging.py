"""Two numbers of one person become one; everything can be turned back.

What was recorded under the number given up stands under the kept one afterwards, in every ledger
that refers to persons. Where both say something that excludes the other, the kept number's stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db import models, transaction

from qiangshi.datacheck.identity.numbers import lengthened, plain_number
from qiangshi_web.contexts.people.actions.spans import outside
from qiangshi_web.contexts.people.models import Person, PersonMerger, PossibleDuplicate
from qiangshi_web.kernel.records import Ground, Refused, correct, operation, record, withdraw
from qiangshi_web.kernel.records.authorship import as_source
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from typing import Unpack

    from qiangshi_web.kernel.records.actions.writing import Change
    from qiangshi_web.kernel.records.authorship import By
    from qiangshi_web.kernel.records.shapes import Row, Shape

_ABOUT_NUMBERS = (PersonMerger, PossibleDuplicate)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merger did. `number` undoes it; `outdone` are the ledgers where the kept number's
    row stood against another one of the number given up."""

    number: str
    moved: int
    repeated: int
    outdone: tuple[str, ...]


@transaction.atomic
def merge_persons(former: str, kept: str, *, on: date, **by: Unpack[By]) -> Merged:
    """Let `former` be another number of the person `kept`; `undo(number)` turns it back.

    Raises Refused with every ground: a number that is none or was given up, two different
    identity numbers.
    """
    persons = _hold(former, kept)
    with operation("merge_persons") as number:
        _complete(persons[kept], persons[former], **by)
        outcomes = [
            _hand_over(fact, column, kept, **by)
            for model, column in referring()
            for fact in model.objects.filter(**{column: former}).order_by("pk")
        ]
        for merger in PersonMerger.objects.filter(kept=former):
            correct(merger, {"kept_id": kept}, **by)
        values = {"former_id": former, "kept_id": kept, "on": on}
        record(PersonMerger, values, **as_source(by))
    outdone = {label for what, label in outcomes if what == "outdone"}
    repeated = sum(what != "moved" for what, _ in outcomes)
    return Merged(number, len(outcomes) - repeated, repeated, tuple(sorted(outdone)))


def _hold(former: str, kept: str) -> dict[str, Person]:
    """Both persons, locked. Raises Refused."""
    held = Person.objects.filter(pk__in=(former, kept)).order_by("pk").select_for_update()
    persons = {person.pk: person for person in held}
    given_up = set(PersonMerger.objects.filter(former__in=persons).values_list("former", flat=True))
    grounds = [
        Ground(f"教师编号“{number}”不在教职工记录中")
        for number in (former, kept)
        if number not in persons
    ]
    grounds += [Ground(f"教师编号“{number}”已并入他号") for number in sorted(given_up)]
    if former == kept:
        grounds.append(Ground("同一编号不需要合并"))
    numbers = {plain for one in persons.values() if (plain := _identity(one))}
    if len(numbers) > 1:
        grounds.append(
            Ground("两人的身份证件号不同，不能合并；如有填错，请先更正", field="id_number")
        )
    if grounds:
        raise Refused(grounds)
    return persons


def _identity(person: Person) -> str:
    return lengthened(plain_number(person.id_number)) if person.id_number else ""


def _complete(kept: Person, former: Person, **by: Unpack[By]) -> None:
    """The kept row learns what only the other one knew."""
    shape = shape_of(Person)
    own, other = row_of(kept, shape), row_of(former, shape)
    learned = {
        name: other[name]
        for name, value in own.items()
        if value is None and other[name] is not None
    }
    if learned:
        correct(kept, learned, **by)


@cache
def referring() -> tuple[tuple[type[Fact], str], ...]:
    """Ledgers of all contexts that refer to persons, each with the column that does.

    Those of the higher contexts are found through their models: nothing there is called.
    """
    return tuple(
        (model, column)
        for model in apps.get_models()
        if issubclass(model, Fact) and model not in _ABOUT_NUMBERS
        for column, target in shape_of(model).references.items()
        if target is Person
    )


def _hand_over(fact: Fact, column: str, kept: str, **by: Unpack[By]) -> tuple[str, str]:
    """Put a row under the kept number; what became of it, and the name of its ledger."""
    model = type(fact)
    shape = shape_of(model)
    row = row_of(fact, shape) | {column: kept}
    label = str(model._meta.verbose_name)
    if column in model.one_at_a_time:
        return _hand_over_span(fact, row, **by), label
    met = _met(fact, shape, row, column)
    if met is None:
        correct(fact, {column: kept}, **by)
        return "moved", label
    withdraw(fact, **by)
    return ("repeated" if _says_the_same(row_of(met, shape), row, shape) else "outdone"), label


def _met(fact: Fact, shape: Shape, row: Row, column: str) -> Fact | None:
    """The kept number's row that leaves no place for this one: the same, or one that excludes."""
    model = shape.model
    for names in _exclusive(model, column):
        found = model.objects.exclude(pk=fact.pk).filter(**{name: row[name] for name in names})
        if (met := found.first()) is not None:
            return cast("Fact", met)
    told = {name: value for name, value in row.items() if name != model._meta.pk.attname}
    same = model.objects.exclude(pk=fact.pk).filter(**told).first()
    return cast("Fact | None", same)


def _exclusive(model: type[Fact], column: str) -> Iterator[tuple[str, ...]]:
    """Sets of columns, the person's among them, that no two rows may share."""
    if column in model.natural_key:
        yield model.natural_key
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            columns = {field.name: field.attname for field in model._meta.concrete_fields}
            names = tuple(columns[name] for name in constraint.fields)
            if column in names:
                yield names


def _says_the_same(one: Row, other: Row, shape: Shape) -> bool:
    key = shape.model._meta.pk.attname
    return all(other[name] == value for name, value in one.items() if name != key)


def _hand_over_span(fact: Fact, row: Row, **by: Unpack[By]) -> str:
    """Put a span under the kept number, as far as that number's own spans leave days for it."""
    model, shape = type(fact), shape_of(type(fact))
    since, until = shape.since or "", shape.until or ""
    same = {name: row[name] for name in model.one_at_a_time}
    own = model.objects.filter(**same).values_list(since, until)
    free = outside((row[since], row[until]), list(own))
    withdraw(fact, **by)
    key: Any = model._meta.pk.attname
    for first, last in free:
        piece = row | {since: first, until: last}
        if first != row[since]:
            piece.pop(key, None)
        record(model, piece, **as_source(by))
    whole = [(row[since], row[until])]
    return "moved" if free == whole else "outdone"


def keep_off_former_numbers(
    *, sender: type[Fact], changes: Collection[Change], **_: object
) -> None:
    """Subscribed to every write: nothing is recorded under a number that was given up."""
    columns = [column for model, column in referring() if model is sender]
    if not columns:
        return
    leads = dict(PersonMerger.objects.values_list("former_id", "kept_id"))
    if not leads:
        return
    used = {change.after[column] for change in changes if change.after for column in columns}
    grounds = [
        Ground(f"教师编号“{number}”已并入“{leads[number]}”，请使用后者", field="person_id")
        for number in sorted(used & leads.keys())
    ]
    if grounds:
        raise Refused(grounds)
