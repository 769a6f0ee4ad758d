"""Every read of cases, in scope of the actor."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case as Choice
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value, When

from qiangshi.casework import jsonform
from qiangshi.casework.kinds import APPLICANT, EXPERT, WITHDRAWN
from qiangshi.casework.standing import rebuilt
from qiangshi_web.casework.models import Ask, Case, CaseEvent, Decision, Document, Round
from qiangshi_web.casework.registry import File, declarations, kind_of
from qiangshi_web.contexts.organisations.queries import scope, within
from qiangshi_web.kernel.actors import Area

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.standing import Standing
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor

__all__ = [
    "Ask", "Case", "CaseEvent", "Decision", "Document", "Round",
    "asked_of", "begun_since", "documents_for", "file_of", "kind", "nominated", "open_round",
    "placed", "rounds_visible_to", "standing_of", "standing_on_entering",
    "state_of", "visible_to", "waiting", "worklist",
]  # fmt: skip


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases in the actor's reach, of areas that her roles open; her own; those she judges."""
    parts = [
        Q(area__in=areas) & within(reach, prefix="organisation__") & _not_against(actor, areas)
        for reach, areas in _areas_by_reach(actor).items()
    ]
    parts += _own(actor)
    seen = reduce(or_, parts, Q(pk__in=()))
    return Case.objects.filter(seen).select_related("organisation", "person")


def _areas_by_reach(actor: Actor) -> dict[tuple[str, ...], list[str]]:
    """The areas that the actor sees, those of one reach together: one condition instead of many."""
    found: dict[tuple[str, ...], list[str]] = {}
    for area in Area:
        if reach := actor.reach(area):
            found.setdefault(reach, []).append(area.value)
    return found


def _not_against(actor: Actor, areas: Collection[str]) -> Q:
    """No office opens a case of ethics to the person whom it is about."""
    if Area.ETHICS.value not in areas or not actor.person_id:
        return Q()
    not_hers = Q(person_id=None) | ~Q(person_id=actor.person_id)
    return ~Q(area=Area.ETHICS.value) | not_hers


def _kept_from_her() -> Q:
    """Cases of which the person concerned has not been told; one sent back stays told."""
    kinds = [one.kind for one in declarations() if one.kind.secret]
    parts = [Q(type_key=kind.key, place__in=kind.secret, standing__resume="") for kind in kinds]
    return reduce(or_, parts, Q(pk__in=()))


def _own(actor: Actor) -> list[Q]:
    parts = []
    if actor.person_id:
        own = Q(person_id=actor.person_id) & ~_kept_from_her()
        parts.append(own if actor.may_see(Area.OWN) else own & Q(area=Area.ETHICS.value))
        judged = Ask.objects.filter(role=EXPERT, person_id=actor.person_id, case=OuterRef("pk"))
        parts.append(Q(Exists(judged)))
    if actor.user_id is not None:
        parts.append(Q(opened_by_id=actor.user_id) & ~Q(area=Area.ETHICS.value))
    return parts


def asked_of(actor: Actor) -> QuerySet[Ask]:
    """What waits for the actor: for a role of hers where it reaches, or for herself."""
    parts = [
        Q(role=holding.role, case__organisation__path__startswith=holding.path)
        & Q(case__area__in=[area.value for area in holding.areas])
        for holding in actor.holdings
    ]
    if actor.person_id:
        parts.append(Q(role__in=(APPLICANT, EXPERT), person_id=actor.person_id))
    if actor.user_id is not None:
        parts.append(Q(role=APPLICANT, person=None, case__opened_by_id=actor.user_id))
    return Ask.objects.filter(reduce(or_, parts, Q(pk__in=())))


def waiting(actor: Actor) -> QuerySet[Case]:
    """Open cases in scope with `mine`: whether they wait for the actor; the most urgent first.

    Hers come first, by the day on which they are due: so the late ones lead. See `state_of`.
    """
    mine = Exists(asked_of(actor).filter(case=OuterRef("pk")))
    open_cases = visible_to(actor).filter(ended_on=None).annotate(mine=mine)
    return open_cases.order_by("-mine", F("due").asc(nulls_last=True), "pk")


def state_of(on: date, *, mine: bool, due: date | None) -> str:
    """`todo`, `overdue` (to do and late) or `waiting`."""
    if not mine:
        return "waiting"
    return "overdue" if due is not None and due < on else "todo"


def worklist(actor: Actor, on: date) -> QuerySet[Case]:
    """Open cases in scope, the most urgent first, with `state` as in `state_of`; one query."""
    late = When(mine=True, due__lt=on, then=Value("overdue"))
    state = Choice(late, When(mine=True, then=Value("todo")), default=Value("waiting"))
    return waiting(actor).annotate(state=state)


def kind(case: Case) -> CaseType:
    """The type that a case runs under."""
    return kind_of(case.type_key, case.type_version, case.variant)


def standing_of(case: Case) -> Standing:
    """Where a case stands, as stored."""
    return jsonform.standing(case.standing)


def standing_on_entering(case_number: int, step: str) -> Standing | None:
    """Where a case stood when it last came to a step; None where it never did."""
    bodies = CaseEvent.objects.filter(case_id=case_number).order_by("number")
    events = [jsonform.event(body) for body in bodies.values_list("body", flat=True)]
    came = [n for n, one in enumerate(events, 1) if one.target == step and one.source != step]
    return rebuilt(events[: came[-1]]) if came else None


def file_of(case: Case, standing: Standing | None = None) -> File:
    """A case as its context sees it."""
    return File(
        number=case.pk or 0,
        kind=kind(case),
        title=case.title,
        person_id=case.person_id or "",
        organisation_id=case.organisation_id,
        standing=standing or standing_of(case),
        opened_on=case.opened_on,
        round_id=case.round_id,
        parent=case.parent_id,
    )


def documents_for(actor: Actor, case: Case) -> QuerySet[Document]:
    """Documents of a visible case; of one against herself the person concerned sees her own."""
    against_her = bool(kind(case).secret) and case.person_id == actor.person_id
    return case.documents.filter(by_id=actor.user_id) if against_her else case.documents.all()


def rounds_visible_to(actor: Actor) -> QuerySet[Round]:
    """Rounds of organisations in the actor's reach, and those that reach her own."""
    above = [one for holding in actor.holdings for one in holding.path.strip("/").split("/")]
    return Round.objects.filter(
        Q(organisation_id__in=above) | scope(actor, Area.FIGURES, prefix="organisation__")
    )


def open_round(key: str, organisation: Organisation, on: date) -> Round | None:
    """The round of a type that takes applications in from an organisation on a day."""
    above = organisation.path.strip("/").split("/")
    found = Round.objects.filter(type_key=key, organisation_id__in=above)
    return found.filter(opens_on__lte=on, closes_on__gte=on).order_by("-opens_on", "pk").first()


def begun_since(key: str, day: date) -> set[str]:
    """Persons for whom a case of a type began after a day, or is open still."""
    found = Case.objects.filter(Q(opened_on__gt=day) | Q(ended_on=None), type_key=key)
    return {person for person in found.values_list("person_id", flat=True) if person}


def nominated(file: File) -> tuple[int, int | None]:
    """How many others of her school are put forward in the round, and how many may be.

    None: the round sets no number for the school.
    """
    others = Case.objects.filter(round_id=file.round_id or 0, organisation_id=file.organisation_id)
    others = others.exclude(pk=file.number).exclude(place__in=(file.kind.first.key, WITHDRAWN))
    quotas = _of_round(file, "quotas") or ()
    own = [quota["most"] for quota in quotas if quota["region"] == file.organisation_id]
    return others.count(), (own[0] if own else None)


def placed(file: File) -> Mapping[str, Any] | None:
    """How a case came out of its round's ranking; None before it is ranked."""
    listed = (_of_round(file, "result") or {}).get("placed", ())
    return next((one for one in listed if one["case"] == str(file.number)), None)


def _of_round(file: File, column: str) -> Any:
    return Round.objects.filter(pk=file.round_id or 0).values_list(column, flat=True).first()
