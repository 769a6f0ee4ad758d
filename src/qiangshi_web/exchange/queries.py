"""Every read of files on their way into the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.contexts.organisations.queries import scope
from qiangshi_web.exchange.folders import folder_of
from qiangshi_web.exchange.models import (
    CHECKING,
    RECEIVED,
    UNDOING,
    WRITING,
    IdentityQuestion,
    ImportFile,
    KnownHeadings,
)
from qiangshi_web.identity.queries import User, actor_for
from qiangshi_web.kernel.actors import NOBODY, Area
from qiangshi_web.kernel.events import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

__all__ = [
    "IdentityQuestion",
    "ImportFile",
    "KnownHeadings",
    "at_rest_since",
    "files_behind",
    "known_mapping",
    "open_questions",
    "visible_to",
    "who_ordered",
]


_AT_WORK = (RECEIVED, CHECKING, WRITING, UNDOING)


def visible_to(actor: Actor) -> QuerySet[ImportFile]:
    """Files of organisations in whose part of the tree the actor may write, the newest first."""
    within = scope(actor, Area.RECORDS, prefix="organisation__")
    return ImportFile.objects.filter(within).select_related("organisation")


def known_mapping(organisation_id: str, key: str) -> str:
    """What was said of these headings before, as text; empty where nothing was."""
    found = KnownHeadings.objects.filter(organisation=organisation_id, key=key).first()
    return "" if found is None else found.mapping


def open_questions(file: ImportFile) -> QuerySet[IdentityQuestion]:
    """Questions that keep a row back and wait for an answer."""
    return file.questions.filter(answer="", holds=True)


def at_rest_since(instant: datetime) -> list[ImportFile]:
    """Files that were handed in before it, that nothing works on, and whose contents are kept."""
    old = ImportFile.objects.filter(handed_in_at__lt=instant)
    return [one for one in old.exclude(state__in=_AT_WORK) if folder_of(one).is_dir()]


def files_behind(relation: str, keys: Collection[str], at: Collection[datetime]) -> set[int]:
    """The files that wrote or corrected those rows of a ledger, at one of the instants."""
    events = Event.objects.filter(relation=relation, verb="record_many", at__in=at)
    wrote = {
        event.operation_id
        for event in events.exclude(operation_id="")
        if {*keys} & _rows_of(event.after or {})
    }
    return set(ImportFile.objects.filter(operation_id__in=wrote).values_list("pk", flat=True))


def _rows_of(told: Mapping[str, Sequence[str]]) -> set[str]:
    return {*told.get("recorded", ()), *told.get("corrected", ())}


def who_ordered(user_id: int, on: date) -> Actor:
    """The person for whom a step of an import is done, with the rights of the day."""
    user = User.objects.filter(pk=user_id).first()
    return NOBODY if user is None else actor_for(user, on)
