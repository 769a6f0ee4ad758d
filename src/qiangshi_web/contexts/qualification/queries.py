"""Every read of qualification, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import OuterRef, Q, Subquery

from qiangshi_web.contexts.people.queries import Person, facts_visible_to
from qiangshi_web.contexts.qualification.models import (
    Departure,
    QualificationCertificate,
    Registration,
)
from qiangshi_web.kernel.records.facts import Fact

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "Departure",
    "QualificationCertificate",
    "Registration",
    "certificate_of",
    "due_for_registration",
    "latest_registration",
    "visible_to",
]


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of one of these ledgers that the actor may see."""
    return facts_visible_to(actor, model)


def latest_registration(person_id: str, on: date) -> Registration | None:
    """The last registration of a person up to a day."""
    found = Registration.objects.filter(person_id=person_id, decided_on__lte=on)
    return found.order_by("decided_on", "pk").last()


def certificate_of(person_id: str, on: date) -> QualificationCertificate | None:
    """The certificate that a person holds on a day: the newest one."""
    found = QualificationCertificate.objects.filter(person_id=person_id, valid_from__lte=on)
    return found.order_by("valid_from", "pk").last()


def due_for_registration(path: str, *, before: date) -> list[str]:
    """Teachers below a place in the tree whose registration ends before a day, or who have none."""
    last = Registration.objects.filter(person=OuterRef("pk")).order_by("-decided_on", "-pk")
    people = Person.objects.filter(organisation__path__startswith=path).annotate(
        ends=Subquery(last.values("valid_to")[:1])
    )
    teachers = people.filter(states__staff_class="teacher", states__valid_to=None).distinct()
    due = teachers.filter(Q(ends=None) | Q(ends__lt=before))
    return list(due.order_by("organisation__place", "pk").values_list("pk", flat=True))
