"""What a form about a round says, read and carried out: announced, filled, ranked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from qiangshi.casework.grounds import Ground, Refused
from qiangshi.casework.payloads import ask, asking
from qiangshi.casework.rounds import EVERYWHERE, Calendar, Quota, Ranking
from qiangshi_web.casework.actions import announce_round, draw_round, open_for, rank_round
from qiangshi_web.casework.pages import filling
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.organisations.queries import Organisation, named
from qiangshi_web.contexts.people.queries import visible_to as people_visible_to
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi_web.casework.models import Round
    from qiangshi_web.kernel.actors import ActorRequest


Words = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Announcement:
    """What an office says of a round."""

    label: str = ask("名称")
    opens_on: date = ask("受理开始", "date")
    closes_on: date = ask("受理截止", "date")
    quotas: str = ask("名额（每行一项：人数，或机构、类别、等级 人数）", "long", needed="optional")
    seed: str = ask("公开种子")


def announced(request: ActorRequest, organisation_id: str) -> Round:
    """A round as the form says. Raises Refused with every ground."""
    key, said = request.POST.get("kind", ""), filling.posted(Announcement, request.POST)
    days = (date.fromisoformat(said[name]) for name in ("opens_on", "closes_on"))
    return announce_round(
        key,
        label=said["label"],
        organisation_id=organisation_id,
        calendar=Calendar(*days),
        seed=said["seed"],
        actor=request.actor,
        at=timezone.now(),
        quotas=_quotas(said["quotas"] or "", organisation_id, words_of(key)),
        rule=Ranking(ties=("中位分",)),
    )


def _quotas(text: str, organiser: str, words: Words) -> list[Quota]:
    """One a line: a number for the whole, or after an organisation below, a kind or a level.

    Raises Refused.
    """
    quotas, wrong = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        *told, most = line.split()
        region = _region(" ".join(one for one in told if one not in words), organiser)
        if not (most.isascii() and most.isdigit() and len(most) < 7):
            wrong.append(Ground(f"名额“{line}”应为“机构名称或编码 人数”或人数", field="quotas"))
        elif region is None:
            wrong.append(Ground(f"名额“{line}”中的机构不在本批次范围内，或有重名", field="quotas"))
        else:
            bucket = dict(words[one] for one in told if one in words)
            quotas.append(Quota(int(most), region=region, **bucket))
    if wrong:
        raise Refused(wrong)
    return quotas


def words_of(key: str) -> Words:
    """What kinds and levels are called in the quotas of a type → which of the two, and its code."""
    one = newest(key)
    fields, lists = asking(one.kind.payload), vocabulary().codes
    told = [(part, fields[name].codes) for part, name in (one.ranked_by or {}).items()]
    return {
        pick(code.label): (part, code.code)
        for part, codes in told
        for code in (lists[codes].codes if codes else ())
    }


def quotas_of(shown: Round) -> list[tuple[str, int]]:
    """Whom each quota binds, in words, and how many."""
    words = {code: label for label, code in words_of(shown.type_key).items()}
    places = named([quota["region"] for quota in shown.quotas])
    words |= {("region", place): name for place, name in places.items()}
    names = ("·".join(filter(None, map(words.get, quota.items()))) for quota in shown.quotas)
    return [(name or say("全部"), q["most"]) for name, q in zip(names, shown.quotas, strict=True)]


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
    people = due(shown.organisation.path, on) if due else []
    return " ".join(one for one in people if one not in begun)


def carry_out(request: ActorRequest, shown: Round) -> None:
    """Draw the panels, rank the round, or begin cases for those named. Raises Refused."""
    match request.POST.get("verb"):
        case "draw":
            refused = draw_round(shown, actor=request.actor, on=request.today, at=timezone.now())
            _tell({say("第 {number} 件", number=one): why for one, why in refused.items()})
        case "rank":
            rank_round(shown.pk, actor=request.actor, at=timezone.now())
        case _:
            _open_picked(request, shown)


def _tell(refused: Mapping[str, Refused]) -> None:
    """Raises Refused with the grounds of all that could not be done; the others are done."""
    grounds = [
        replace(ground, text=f"{which}：{ground.text}")
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
    _tell(refused)
