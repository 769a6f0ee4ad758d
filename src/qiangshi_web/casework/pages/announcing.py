"""What a form about a round says, read and carried out: announced, filled, ranked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from qiangshi.casework.grounds import Ground, Refused, refuse
from qiangshi.casework.rounds import EVERYWHERE, Calendar, Quota, Ranking
from qiangshi_web.casework.actions import announce_round, draw_round, open_for, rank_round
from qiangshi_web.casework.queries import file_of, rounds_visible_to
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.queries import visible_to as people_visible_to

if TYPE_CHECKING:
    from qiangshi_web.casework.queries import Round
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


def due_in(request: ActorRequest, round_id: int) -> str:
    """Numbers of those for whom the round should begin, as the form takes them."""
    shown = rounds_visible_to(request.actor).get(pk=round_id)
    declared = newest(shown.type_key)
    if declared is None or declared.due is None:
        return ""
    begun = set(shown.cases.values_list("person_id", flat=True))
    due = declared.due(shown.organisation.path, request.today)
    return " ".join(one for one in due if one not in begun)


def carry_out(request: ActorRequest, round_id: int) -> None:
    """Draw the panels, rank the round, or begin cases for those named. Raises Refused."""
    match request.POST.get("verb"):
        case "draw":
            _draw(request, round_id)
        case "rank":
            _rank(request, round_id)
        case _:
            _open_picked(request, round_id)


def _draw(request: ActorRequest, round_id: int) -> None:
    shown = rounds_visible_to(request.actor).get(pk=round_id)
    refused = draw_round(shown, actor=request.actor, on=request.today, at=timezone.now())
    grounds = [
        Ground(f"第{number}件：{one.text}", one.clause, one.cure)
        for number, why in refused.items()
        for one in why.grounds
    ]
    if grounds:
        raise Refused(grounds)


def _rank(request: ActorRequest, round_id: int) -> None:
    shown = rounds_visible_to(request.actor).get(pk=round_id)
    declared = newest(shown.type_key)
    if declared is None or declared.entry is None:
        raise refuse("该批次不排名")
    files = [file_of(one) for one in shown.cases.filter(ended_on=None)]
    scored = [file for file in files if file.standing.score is not None]
    if not scored:
        raise refuse("本批次尚无已评分的办件", cure="评审完毕后再排名")
    entries = [declared.entry(file) for file in scored]
    rank_round(round_id, entries, actor=request.actor, at=timezone.now())


def _open_picked(request: ActorRequest, round_id: int) -> None:
    shown = rounds_visible_to(request.actor).get(pk=round_id)
    declared = newest(shown.type_key)
    people = people_visible_to(request.actor).filter(pk__in=request.POST.get("people", "").split())
    prefill = declared.prefill if declared else None
    found = {person.pk: prefill(person.pk, request.today) if prefill else {} for person in people}
    open_for(shown, found, actor=request.actor, on=request.today, at=timezone.now())
