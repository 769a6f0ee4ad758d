"""What a form about a round says, read and carried out: announced, filled, ranked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from qiangshi.casework.grounds import Ground, Refused
from qiangshi.casework.rounds import EVERYWHERE, Calendar, Quota, Ranking
from qiangshi_web.casework.actions import announce_round, draw_round, open_for, rank_round
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.queries import visible_to as people_visible_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi_web.casework.models import Round
    from qiangshi_web.kernel.actors import ActorRequest


def announced(request: ActorRequest, organisation_id: str) -> Round:
    """A round as the form says. Raises Refused with every ground."""
    given, grounds = request.POST, []
    days = {}
    for name in ("opens_on", "closes_on"):
        try:
            days[name] = date.fromisoformat(given.get(name, ""))
        except ValueError:
            grounds.append(Ground("受理起止日期应为日期，如2026-03-01", field=name))
    seed, label = given.get("seed", "").strip(), given.get("label", "").strip()
    if not seed or not label:
        grounds.append(Ground("名称和公开种子均须填写", field="seed"))
    quotas, wrong = _quotas(given.get("quotas", ""), organisation_id)
    grounds += wrong
    if grounds:
        raise Refused(grounds)
    return announce_round(
        given.get("kind", ""),
        label=label,
        organisation_id=organisation_id,
        calendar=Calendar(days["opens_on"], days["closes_on"]),
        seed=seed,
        actor=request.actor,
        at=timezone.now(),
        quotas=quotas,
        rule=Ranking(ties=("中位分",)),
    )


def _quotas(text: str, organiser: str) -> tuple[list[Quota], list[Ground]]:
    """One a line: a number for the whole, or an organisation below by code or name, and its own."""
    quotas, wrong = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        told, _, most = line.rpartition(" ")
        if not (most.isascii() and most.isdigit() and len(most) < 7):
            wrong.append(Ground(f"名额“{line}”应为“机构名称或编码 人数”或人数", field="quotas"))
        elif (region := _region(told.strip(), organiser)) is None:
            wrong.append(Ground(f"名额“{line}”中的机构不在本批次范围内，或有重名", field="quotas"))
        else:
            quotas.append(Quota(int(most), region=region))
    return quotas, wrong


def _region(told: str, organiser: str) -> str | None:
    if not told:
        return EVERYWHERE
    below = Organisation.objects.filter(path__contains=f"{organiser}/")
    found = list(below.filter(Q(pk=told) | Q(name=told)).values_list("pk", flat=True)[:2])
    return str(found[0]) if len(found) == 1 else None


def due_in(shown: Round, on: date) -> str:
    """Numbers of those for whom the round should begin, as the form takes them."""
    due = newest(shown.type_key).due
    begun = set(shown.cases.values_list("person_id", flat=True))
    return (
        " ".join(one for one in due(shown.organisation.path, on) if one not in begun) if due else ""
    )


def carry_out(request: ActorRequest, shown: Round) -> None:
    """Draw the panels, rank the round, or begin cases for those named. Raises Refused."""
    match request.POST.get("verb"):
        case "draw":
            refused = draw_round(shown, actor=request.actor, on=request.today, at=timezone.now())
            _tell("第{}件", refused)
        case "rank":
            rank_round(shown.pk, actor=request.actor, at=timezone.now())
        case _:
            _open_picked(request, shown)


def _tell(words: str, refused: Mapping[Any, Refused]) -> None:
    """Raises Refused with the grounds of all that could not be done; the others are done."""
    grounds = [
        replace(ground, text=f"{words.format(which)}：{ground.text}")
        for which, why in refused.items()
        for ground in why.grounds
    ]
    if grounds:
        raise Refused(grounds)


def _open_picked(request: ActorRequest, shown: Round) -> None:
    prefill = newest(shown.type_key).prefill
    people = people_visible_to(request.actor).filter(pk__in=request.POST.get("people", "").split())
    found = {person.pk: prefill(person.pk, request.today) if prefill else {} for person in people}
    at = timezone.now()
    _, refused = open_for(shown, found, actor=request.actor, on=request.today, at=at)
    _tell("{}", refused)
