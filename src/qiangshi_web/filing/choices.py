"""Finding a code or a row by what somebody types: label, code, initials of the pinyin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.organisations.queries import visible_to as organisations
from qiangshi_web.contexts.people.queries import Person, facts_visible_to, person_scope
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, what people call it, and what else finds it."""

    value: str
    label: str
    found_by: str


@cache
def initials(text: str) -> str:
    """First letters of the pinyin: 一级教师 is yjjs. What is no Chinese stays as it is."""
    # Its dictionaries take half a second to load, and most processes need none.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).casefold()


def choices_of(codes: str) -> list[Choice]:
    """The codes of a list, each found by label, code, initials, standard code and other names."""
    return [
        Choice(
            value=code.code,
            label=pick(code.label),
            found_by=" ".join(
                part
                for part in (initials(code.label.zh), code.code, code.standard, *code.aliases)
                if part
            ),
        )
        for code in vocabulary().codes[codes].codes
    ]


def code_named(codes: str, text: str) -> str | None:
    """The code that the text names, by any of its names or by initials that only it has."""
    found = vocabulary().codes[codes].find(text)
    if found is not None:
        return found
    typed = text.strip().casefold()
    same = [c.code for c in vocabulary().codes[codes].codes if initials(c.label.zh) == typed]
    return same[0] if len(same) == 1 else None


def rows_named(actor: Actor, target: type[Model], text: str) -> list[Choice]:
    """Rows within the actor's scope that a reference may mean: by number or part of the name."""
    found = _in_scope(actor, target)
    has_name = "name" in {field.name for field in target._meta.fields}
    if text:
        named = Q(pk__startswith=text)
        found = found.filter(named | Q(name__icontains=text) if has_name else named)
    return [Choice(str(row.pk), str(getattr(row, "name", row.pk)), "") for row in found[:_SHOWN]]


def row_named(actor: Actor, target: type[Model], text: str) -> str | None:
    """The key of the only row in scope that bears the number or the whole name."""
    found = _in_scope(actor, target)
    if found.filter(pk=text).exists():
        return text
    if "name" not in {field.name for field in target._meta.fields}:
        return None
    same = list(found.filter(name=text).values_list("pk", flat=True)[:2])
    return str(same[0]) if len(same) == 1 else None


def _in_scope(actor: Actor, target: type[Model]) -> QuerySet[Any]:
    found: QuerySet[Any]
    if target is Organisation:
        found = organisations(actor, Area.FIGURES).order_by("place")
    elif target is Person:
        found = Person.objects.filter(person_scope(actor)).order_by("pk")
    elif issubclass(target, Fact):
        found = facts_visible_to(actor, target).order_by("pk")
    else:
        raise TypeError(f"expected a table that facts refer to, got {target!r}")
    return found
