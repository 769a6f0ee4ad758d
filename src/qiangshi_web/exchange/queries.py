"""Every read of files on their way into the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi_web.contexts.organisations.queries import scope
from qiangshi_web.exchange.models import IdentityQuestion, ImportFile, KnownHeadings
from qiangshi_web.identity.queries import User, actor_for
from qiangshi_web.kernel.actors import NOBODY, Area

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

__all__ = [
    "IdentityQuestion",
    "ImportFile",
    "KnownHeadings",
    "known_mapping",
    "open_questions",
    "visible_to",
    "who_ordered",
]


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


def who_ordered(user_id: int, on: date) -> Actor:
    """The person for whom a step of an import is done, with the rights of the day."""
    user = User.objects.filter(pk=user_id).first()
    return NOBODY if user is None else actor_for(user, on)
