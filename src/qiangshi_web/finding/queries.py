"""Every search, in scope of the actor: four queries, however much there is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.urls import reverse

from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.casework.queries import kind as kind_of_case
from qiangshi_web.casework.queries import visible_to as cases_visible_to
from qiangshi_web.contexts.organisations.queries import visible_to as organisations_visible_to
from qiangshi_web.contexts.people.queries import visible_to as people_visible_to
from qiangshi_web.finding.letters import letters_of_words
from qiangshi_web.finding.models import ORGANISATION, PERSON, NameEntry
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import language, pick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

MOST = 20
LONGEST = 60
_LETTERS = re.compile(r"[a-z]+")
_LAST = chr(0x10FFFF)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is called, what tells it from its namesakes, and its page."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind. `is_cut`: there is more than is shown."""

    kind: str
    hits: list[Hit]
    is_cut: bool


def search(actor: Actor, text: str, *, most: int = MOST) -> list[Hits]:
    """Persons, organisations, clauses and cases that go by `text`; kinds without any left out.

    A name, or what follows the surname; the first letters of its pinyin; the beginning of a
    number. Only what the actor may see is there.
    """
    typed = " ".join(text.split())[:LONGEST].casefold()
    if not typed:
        return []
    found = (
        ("教职工", _people(actor, typed, most)),
        ("机构", _organisations(actor, typed, most)),
        ("条款", _clauses(actor, typed, most)),
        ("办件", _cases(actor, typed, most)),
    )
    return [Hits(kind, hits[:most], len(hits) > most) for kind, hits in found if hits]


def _begins(field: str, text: str) -> Q:
    """Filter for what begins with the text, in the form that the database's index answers."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + _LAST})


def _by_name(kind: str, typed: str) -> QuerySet[NameEntry, Any]:
    goes = _begins("word", typed)
    if _LETTERS.fullmatch(typed):
        goes |= _begins("letters", typed)
    return NameEntry.objects.filter(goes, kind=kind).values("key")


def _joined(number: str, place: str | None) -> str:
    return f"{number} · {place}" if place else number


def _people(actor: Actor, typed: str, most: int) -> list[Hit]:
    if not (actor.may_see(Area.PEOPLE) or actor.may_see(Area.OWN)):
        return []
    named = Q(pk__in=_by_name(PERSON, typed)) | _begins("pk", typed.upper())
    rows = people_visible_to(actor).filter(named).select_related("organisation")[: most + 1]
    return [
        Hit(
            row.name,
            _joined(row.pk, row.organisation.name if row.organisation else None),
            reverse("person", args=[row.pk]),
        )
        for row in rows
    ]


def _organisations(actor: Actor, typed: str, most: int) -> list[Hit]:
    if not actor.may_see(Area.FIGURES):
        return []
    named = Q(name__icontains=typed) | _begins("pk", typed.upper())
    if _LETTERS.fullmatch(typed):
        within = NameEntry.objects.filter(kind=ORGANISATION, letters__contains=typed)
        named |= Q(pk__in=within.values("key"))
    rows = organisations_visible_to(actor, Area.FIGURES).filter(named).select_related("parent")
    return [
        Hit(
            row.name,
            _joined(row.pk, row.parent.name if row.parent else None),
            reverse("organisation", args=[row.pk]),
        )
        for row in rows.order_by("depth", "place")[: most + 1]
    ]


def _cases(actor: Actor, typed: str, most: int) -> list[Hit]:
    named = Q(person__in=_by_name(PERSON, typed)) | Q(title__icontains=typed)
    named |= Q(decisions__number__iexact=typed)
    if typed.isascii() and typed.isdigit() and len(typed) < LONGEST // 4:
        named |= Q(pk=int(typed))
    rows = cases_visible_to(actor).filter(named).order_by("-pk").distinct()[: most + 1]
    return [
        Hit(f"#{row.pk} {row.title}", _case_detail(row), reverse("case", args=[row.pk]))
        for row in rows
    ]


def _case_detail(row: Any) -> str:
    kind = kind_of_case(row)
    label = kind.label_en if language() == "en" else kind.label
    return f"{label} · {kind.places[row.place].label} · {row.organisation.name}"


def _clauses(actor: Actor, typed: str, most: int) -> list[Hit]:
    if not actor.may_see(Area.PLANS):
        return []
    run = current_run()
    plan_ids: Iterable[str] = () if run is None else reversed(run.plan_ids)
    hits: list[Hit] = []
    for plan_id in plan_ids:
        plan = load(plan_id)
        for reference, found_by in _words_of(plan_id):
            if len(hits) > most:
                return hits
            if typed in found_by:
                item = plan.items[reference]
                detail = f"{pick(plan.head.title)} {item.clause}"
                url = reverse("policy-item", args=[plan_id, reference])
                hits.append(Hit(pick(item.title), detail, url))
    return hits


@lru_cache(maxsize=64)
def _words_of(plan_id: str) -> tuple[tuple[str, str], ...]:
    """Item → everything that it is found by: title, summary, clause, letters of the title."""
    plan = load(plan_id)
    return tuple(
        (
            reference,
            "\n".join(
                (
                    item.title.zh.casefold(),
                    item.title.en.casefold(),
                    str(item.clause).casefold(),
                    reference,
                    letters_of_words(item.title.zh),
                )
            ),
        )
        for reference, item in plan.items.items()
    )
