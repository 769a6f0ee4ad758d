"""Every write to the index of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.finding.letters import letters_of_words, words_of_person
from qiangshi_web.finding.models import ORGANISATION, PERSON, NameEntry
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import JOBS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.actions.writing import Change

Words = list[tuple[str, str]]

REFRESHING = "refresh-names"
AT_ONCE = 2000  # changed rows that a write takes along; more are left to a job
_BATCH = 2000


def follow_persons(*, changes: Collection[Change], at: datetime, actor: Actor, **_: object) -> None:
    """Subscribed to persons: their names are found as soon as they are written."""
    named = {
        change.key: words_of_person(str(change.after["name"] or "")) if change.after else []
        for change in changes
        if (change.before or {}).get("name") != (change.after or {}).get("name")
    }
    if len(named) > AT_ONCE:
        start(JOBS[REFRESHING], {"on": at.date().isoformat()}, order=Order(actor), at=at)
    elif named:
        keep(PERSON, named)


def follow_organisations(*, changes: Collection[Change], **_: object) -> None:
    """Subscribed to the states of organisations: found by the name that the tree shows."""
    rows = [change.after or change.before or {} for change in changes]
    keys = sorted({str(row["organisation_id"]) for row in rows})
    for some in (keys[at : at + _BATCH] for at in range(0, len(keys), _BATCH)):
        found = dict(Organisation.objects.filter(pk__in=some).values_list("pk", "name"))
        keep(ORGANISATION, {key: words_of_organisation(found.get(key, "")) for key in some})


def words_of_organisation(name: str) -> Words:
    """The name and its letters; none for what is no more."""
    return [(name.casefold(), letters_of_words(name))] if name else []


@transaction.atomic
def keep(kind: str, words: Mapping[str, Words]) -> int:
    """Let each of the keys be found under exactly these words; how many keys changed."""
    known: dict[str, dict[str, str]] = {}
    entries = NameEntry.objects.filter(kind=kind, key__in=words)
    for key, word, letters in entries.values_list("key", "word", "letters"):
        known.setdefault(key, {})[word] = letters
    changed = [key for key, told in words.items() if known.get(key, {}) != dict(told)]
    if any(key in known for key in changed):
        entries.filter(key__in=changed).delete()
    NameEntry.objects.bulk_create(
        (
            NameEntry(kind=kind, key=key, word=word, letters=letters)
            for key in changed
            for word, letters in words[key]
        ),
        batch_size=_BATCH,
    )
    return len(changed)


def refresh_names() -> int:
    """Make the index say what the records say, a part at a time; how many keys changed."""
    changed = 0
    for kind, model, words in (
        (PERSON, Person, words_of_person),
        (ORGANISATION, Organisation, words_of_organisation),
    ):
        names = model.objects.order_by("pk").values_list("pk", "name")
        last = ""
        # Each part is read to its end before it is written: SQLite lets nobody write who still
        # reads what another has changed meanwhile.
        while some := list(names.filter(pk__gt=last)[:_BATCH]):
            changed += keep(kind, {key: words(name) for key, name in some})
            last = some[-1][0]
        gone = NameEntry.objects.filter(kind=kind).exclude(key__in=model.objects.values("pk"))
        changed += gone.delete()[0]
    return changed
