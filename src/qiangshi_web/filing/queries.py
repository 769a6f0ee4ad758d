"""Every read of files, in scope of the actor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection

from qiangshi_web.contexts.organisations.queries import Organisation, path_to_organisation
from qiangshi_web.contexts.people.queries import Person, person_scope
from qiangshi_web.filing.ledgers import ledgers, ledgers_about
from qiangshi_web.filing.models import KeptFile
from qiangshi_web.filing.sight import ARCHIVE, sight_of_person, sight_of_place
from qiangshi_web.kernel.records import beliefs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Model

    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.facts import Fact


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact, the ledger that it stands in, and what the actor sees of whom it is about."""

    fact: Fact
    ledger: Ledger
    about: Person | Organisation
    sight: Sight


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of a ledger about one subject, newest first."""

    ledger: Ledger
    facts: tuple[Fact, ...]


def person_in_scope(actor: Actor, person_id: str) -> Person | None:
    """A person whom the actor may see, or herself; anybody else does not exist."""
    found = Person.objects.filter(person_scope(actor)).select_related("organisation")
    return found.filter(pk=person_id).first()


def fact_seen(actor: Actor, ledger_name: str, key: str) -> Seen | None:
    """A fact that the actor may see, or last could if it was withdrawn; others do not exist."""
    ledger = ledgers().get(ledger_name)
    if ledger is None:
        return None
    parts = key.split("/", len(ledger.shape.key) - 1)
    if len(parts) != len(ledger.shape.key):
        return None
    where = _where(ledger, parts)
    if where is None:
        return None
    fact = ledger.model.objects.filter(**where).first() or _withdrawn(ledger, key)
    return None if fact is None else _seen(actor, fact, ledger)


def _withdrawn(ledger: Ledger, key: str) -> Fact | None:
    """A fact that was withdrawn, as it was last believed; None where there never was one."""
    found = beliefs(ledger.model, key)
    return ledger.model(**found[-1].row) if found else None


def _where(ledger: Ledger, parts: Sequence[str]) -> dict[str, Any] | None:
    """A filter for the parts of a key; None where one of them is no value of its column."""
    fields = ledger.shape.fields
    try:
        return {
            name: fields[name].to_python(part)
            for name, part in zip(ledger.shape.key, parts, strict=True)
        }
    except (ValueError, TypeError, ValidationError):
        return None


def _seen(actor: Actor, fact: Fact, ledger: Ledger) -> Seen | None:
    if ledger.subject == "person":
        person_id = str(getattr(fact, ledger.subject_column))
        person = person_in_scope(actor, person_id)
        if person is None:
            return None
        sight = sight_of_person(actor, person)
        return Seen(fact, ledger, person, sight) if sight.sees(ledger) else None
    place = place_of(fact, ledger)
    sight = sight_of_place(actor, "" if place is None else place.path)
    if place is None or not sight.sees(ledger):
        return None
    return Seen(fact, ledger, place, sight)


def place_of(fact: Fact, ledger: Ledger) -> Organisation | None:
    """The organisation that a row counts for, up along what it belongs to."""
    found: Any = fact
    for step in path_to_organisation(ledger.model).split("__"):
        found = None if found is None else getattr(found, step)
    return found if isinstance(found, Organisation) else None


def file_of_person(person: Person, sight: Sight) -> list[Kept]:
    """Everything on record about a person already in scope that the actor may see.

    One query finds the ledgers that hold anything, one more reads each of these.
    """
    return _kept(ledgers_about("person"), person, sight)


def file_of_organisation(organisation: Organisation, sight: Sight) -> list[Kept]:
    """The same of an organisation, without what it holds of persons."""
    return _kept(ledgers_about("organisation"), organisation, sight)


def _kept(candidates: Iterable[Ledger], subject: Person | Organisation, sight: Sight) -> list[Kept]:
    seen = tuple(ledger for ledger in candidates if sight.sees(ledger))
    return [
        Kept(ledger, _rows_about(subject, ledger))
        for ledger, holds in zip(seen, _which_hold(seen, subject.pk), strict=True)
        if holds
    ]


def _rows_about(subject: Person | Organisation, ledger: Ledger) -> tuple[Fact, ...]:
    if isinstance(subject, ledger.model):
        return (subject,)
    first, _ = ledger.dates
    facts = ledger.model.objects.filter(**{ledger.subject_column: subject.pk})
    return tuple(facts.order_by(f"-{first}" if first else "pk", "pk"))


def _which_hold(seen: tuple[Ledger, ...], subject_id: str) -> list[bool]:
    """Whether each ledger has rows about the subject, in one query."""
    if not seen:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_holding(seen), [subject_id] * len(seen))
        row = cursor.fetchone()
    return [bool(holds) for holds in row]


@cache
def _holding(seen: tuple[Ledger, ...]) -> str:
    quote = connection.ops.quote_name
    parts = [
        f"EXISTS(SELECT 1 FROM {quote(ledger.model._meta.db_table)}"
        f" WHERE {quote(ledger.subject_column)} = %s)"
        for ledger in seen
    ]
    return f"SELECT {', '.join(parts)}"


def names_of(
    facts: Mapping[Ledger, Iterable[Fact]], *, at_hand: Organisation | None = None
) -> dict[tuple[str, str], str]:
    """(relation, key) → name of everything that the facts refer to, one query a relation.

    None for an organisation that is at hand.
    """
    wanted: dict[Any, set[str]] = {}
    for ledger, rows in facts.items():
        for column, target in _named_by(ledger).items():
            wanted.setdefault(target, set()).update(getattr(row, column) for row in rows)
    found: dict[tuple[str, str], str] = {}
    if at_hand is not None:
        found["organisation", at_hand.pk] = at_hand.name
        wanted.get(Organisation, set()).discard(at_hand.pk)
    for target, keys in wanted.items():
        if keys := keys - {None}:
            named = target._meta.default_manager.filter(pk__in=keys).values_list("pk", "name")
            found |= {(target.vocabulary_relation, str(pk)): name for pk, name in named}
    return found


@cache
def _named_by(ledger: Ledger) -> Mapping[str, type[Model]]:
    """The columns that refer to something with a name, beside that of the subject."""
    return {
        column: target
        for column, target in ledger.shape.references.items()
        if column != ledger.subject_column and "name" in {f.name for f in target._meta.fields}
    }


def file_kept_with(seen: Seen) -> KeptFile | None:
    """The file that an entry of the growth archive came with; None where it has none."""
    if seen.ledger.name != ARCHIVE:
        return None
    return KeptFile.objects.filter(entry=seen.fact.pk).first()


def fact_of(ledger_name: str, key: str) -> tuple[Ledger, Fact] | None:
    """A fact by its name, in nobody's scope; None where it is not on record."""
    ledger = ledgers()[ledger_name]
    where = _where(ledger, key.split("/", len(ledger.shape.key) - 1))
    fact = None if where is None else ledger.model.objects.filter(**where).first()
    return None if fact is None else (ledger, fact)
