"""Every read of corrections asked for, in scope of the actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from qiangshi_web.contexts.organisations.queries import scope, within
from qiangshi_web.contexts.people.queries import own_numbers
from qiangshi_web.filing.ledgers import area_of_column, ledgers
from qiangshi_web.filing.models import CorrectionRequest
from qiangshi_web.filing.queries import names_of
from qiangshi_web.filing.words import value_text
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.records.values import read_back

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.kernel.actors import Actor

__all__ = ["CorrectionRequest", "asked_change", "requests_visible_to"]


@dataclass(frozen=True, slots=True)
class AskedChange:
    """One column of a request: as it was seen and as it should be."""

    label: str
    before: str
    after: str


def requests_visible_to(actor: Actor) -> QuerySet[CorrectionRequest]:
    """What the actor asked for herself, and what she may decide; the newest first."""
    writes = scope(actor, Area.RECORDS, prefix="person__organisation__")
    found = writes & _areas_seen(actor)
    if actor.may_see(Area.OWN) and actor.person_id:
        found |= Q(person__in=own_numbers(actor.person_id))
    requests = CorrectionRequest.objects.filter(found)
    return requests.select_related("person", "person__organisation")


def _areas_seen(actor: Actor) -> Q:
    """Those whose area the actor sees where the person works; areas of one reach together."""
    by_reach: dict[tuple[str, ...], list[Area]] = {}
    for area in (Area.PEOPLE, Area.ETHICS, Area.PAY, Area.HEALTH, Area.IDENTITY):
        if reach := actor.reach(area):
            by_reach.setdefault(reach, []).append(area)
    seen = Q(pk__in=())
    for reach, areas in by_reach.items():
        seen |= Q(area__in=areas) & within(reach, prefix="person__organisation__")
    return seen


def requests_about(actor: Actor, ledger: str, key: str) -> list[CorrectionRequest]:
    """Those about one fact that the actor may see, the newest first."""
    return list(requests_visible_to(actor).filter(ledger=ledger, key=key))


def may_decide(asked: CorrectionRequest, sight: Sight) -> bool:
    """Whether who has this sight of the person may decide: all that is asked must be seen."""
    ledger = ledgers()[asked.ledger]
    areas = {area_of_column(ledger.shape.columns[name]) for name in asked.changes}
    is_seen = {ledger.area, *(area for area in areas if area)} <= sight.areas
    return asked.state == "asked" and sight.may_write and not sight.is_own and is_seen


def asked_change(asked: CorrectionRequest, sight: Sight) -> list[AskedChange]:
    """What is asked, column by column, for somebody who may see it: of a number that stands on
    record no more than anybody sees of it, and the number that it should be."""
    ledger = ledgers()[asked.ledger]
    before = read_back(asked.before, ledger.shape)
    after = read_back(asked.changes, ledger.shape)
    names = names_of({ledger: [ledger.model(**before), ledger.model(**after)]})
    columns = ledger.shape.columns
    return [
        AskedChange(
            pick(columns[name].label),
            value_text(columns[name], sight.masked(columns[name], before[name]), names),
            value_text(columns[name], value, names),
        )
        for name, value in after.items()
    ]
