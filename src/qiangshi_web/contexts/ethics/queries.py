"""Every read of ethics, in scope of the actor."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from qiangshi_web.casework.queries import Case, standing_of
from qiangshi_web.contexts.ethics.models import (
    EntryCheck,
    EthicsAppraisal,
    EthicsCommitment,
    EthicsDecision,
    EthicsReport,
    ExposureItem,
    HalfYearReport,
    IntegrityEntry,
    Receipt,
)
from qiangshi_web.contexts.ethics.receipts import digests
from qiangshi_web.contexts.organisations.queries import Organisation, scope
from qiangshi_web.contexts.people.queries import Person, facts_visible_to, state_on
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.records.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi.periods import Period
    from qiangshi_web.kernel.actors import Actor

F = TypeVar("F", bound=Fact)

__all__ = [
    "EntryCheck",
    "EthicsAppraisal",
    "EthicsCommitment",
    "EthicsDecision",
    "EthicsReport",
    "ExposureItem",
    "HalfYearReport",
    "IntegrityEntry",
    "case_of_receipt",
    "counts",
    "head_at",
    "named_like",
    "place_of_case",
    "place_of_report",
    "published",
    "reporter_of",
    "reports_visible_to",
    "running_case_of",
    "schools",
    "state_of_report",
    "visible_to",
]

REPORT, MISCONDUCT = "ethics.report", "ethics.misconduct-case"
HEAD = "principal"
DONE = ("sanctioned", "upheld", "final")
"""Where a case of misconduct has come to a decision that stands."""


def visible_to(actor: Actor, model: type[F]) -> QuerySet[F]:
    """Rows of a ledger that the actor may see; of persons only with the area of ethics."""
    return facts_visible_to(actor, model, area=Area.ETHICS)


def schools() -> list[tuple[str, str]]:
    """Number and name of every school and kindergarten there is, by place. Public."""
    found = Organisation.objects.filter(ended_on=None, tier="school")
    return list(found.order_by("place").values_list("organisation_id", "name"))


def place_of_report(organisation: Organisation) -> Organisation:
    """Where a report is weighed: above the organisation that it is about, so that its head, whom
    it may be about, does not read it.
    """
    return organisation.parent or organisation


def place_of_case(person_id: str, on: date) -> str:
    """Where a case against a person belongs: her organisation; of its head, the one above."""
    state = state_on(person_id, on)
    if state is None:
        person = Person.objects.filter(pk=person_id).first()
        return (person.organisation_id or "") if person else ""
    if state.staff_class == HEAD:
        return str(place_of_report(state.organisation).pk)
    return str(state.organisation_id)


def head_at(person_id: str, organisation_id: str, on: date) -> bool:
    """Whether the person leads the organisation on the day."""
    state = state_on(person_id, on)
    leads = state is not None and state.staff_class == HEAD
    return leads and state is not None and state.organisation_id == organisation_id


def running_case_of(person_id: str) -> Case | None:
    """The case of misconduct that is open against a person."""
    return Case.objects.filter(type_key=MISCONDUCT, person_id=person_id, ended_on=None).first()


def named_like(text: str, path: str) -> list[Person]:
    """Staff below a path whose names stand in a text: whom a report may mean. Not in any scope."""
    staff = Person.objects.filter(organisation__path__startswith=path).select_related(
        "organisation"
    )
    return [one for one in staff.order_by("organisation__place", "pk") if one.name in text][:20]


def reporter_of(case_number: int) -> str:
    """Who made a report, as she told; empty for an anonymous one. For who weighs it."""
    receipt = Receipt.objects.filter(case_id=case_number).first()
    return (receipt.contact or "") if receipt else ""


def case_of_receipt(code: str) -> Case | None:
    """The report that a code belongs to."""
    found = Receipt.objects.filter(digest__in=digests(code)).select_related("case").first()
    return found.case if found else None


def state_of_report(case: Case) -> str:
    """How a report stands, as its reporter may know it: `triage`, the outcome where it led to no
    inquiry, else `inquiry`, `cleared` or `handled`. No name, no sanction.
    """
    if case.place != "accepted":
        return case.place
    inquiry = case.parts.order_by("pk").first()
    if inquiry is None or inquiry.ended_on is None:
        return "inquiry"
    return "cleared" if inquiry.place in _CLEARED else "handled"


_CLEARED = {"unfounded", "annulled"}


def published(on: date) -> list[tuple[ExposureItem, str]]:
    """Cases shown to the public on a day, the newest first, each with its text."""
    shown = ExposureItem.objects.filter(published_on__lte=on, withdrawn_on=None)
    shown = shown.order_by("-published_on", "pk")
    numbers = {item.pk: int(item.pk.rpartition("-")[2]) for item in shown if _is_ours(item.pk)}
    cases = Case.objects.in_bulk(list(numbers.values()))
    texts = {pk: str(standing_of(cases[n]).payload["text"]) for pk, n in numbers.items()}
    return [(item, texts.get(item.pk, "")) for item in shown]


def _is_ours(item_id: str) -> bool:
    """Whether an item came of a case here, and was not brought in from elsewhere."""
    return item_id.startswith("case-") and item_id.count("-") == 2


def reports_visible_to(actor: Actor) -> QuerySet[HalfYearReport]:
    """Half-yearly reports of organisations in the actor's reach in the area of ethics."""
    found = HalfYearReport.objects.filter(scope(actor, Area.ETHICS, prefix="organisation__"))
    return found.select_related("organisation")


def counts(organisation: Organisation, half: Period) -> list[dict[str, Any]]:
    """Reports and decisions of a half year below an organisation, by organisation and kind.

    Each row: organisation, kind, received, closed, substantiated, and sanction → decisions. What
    is counted are facts on record; no row tells of a person.
    """
    found: dict[tuple[str, str], Counter[str]] = {}
    for name, kind, what in [*_reports(organisation, half), *_decisions(organisation, half)]:
        found.setdefault((name, kind), Counter())[what] += 1
    return [
        {"organisation": name, "kind": kind, **counted}
        for (name, kind), counted in sorted(found.items())
    ]


def _reports(organisation: Organisation, half: Period) -> Iterable[tuple[str, str, str]]:
    below = EthicsReport.objects.filter(organisation__path__startswith=organisation.path)
    for one in below.select_related("organisation"):
        name, kind = one.organisation.name, one.kind or "other"
        if half.contains(one.received_on):
            yield name, kind, "received"
        if one.closed_on is not None and half.contains(one.closed_on):
            yield name, kind, "closed"
            if one.is_substantiated:
                yield name, kind, "substantiated"


def _decisions(organisation: Organisation, half: Period) -> Iterable[tuple[str, str, str]]:
    days = (half.first, half.last)
    below = EthicsDecision.objects.filter(
        person__organisation__path__startswith=organisation.path, valid_from__range=days
    )
    for one in below.select_related("person__organisation"):
        place = one.person.organisation
        yield (place.name if place else organisation.name), one.kind, f"sanction-{one.sanction}"
