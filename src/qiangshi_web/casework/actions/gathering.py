"""Rounds: announced, filled with cases, and ranked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qiangshi.casework.grounds import Ground, Refused, refuse
from qiangshi.casework.rounds import Quota, Ranking, allot
from qiangshi_web.casework.actions.opening import open_case, present_kind
from qiangshi_web.casework.judges import entry_of
from qiangshi_web.casework.models import Case, Round
from qiangshi_web.casework.parties import roles_at
from qiangshi_web.casework.queries import file_of
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.kernel.chain.actions import note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from qiangshi.casework.rounds import Calendar, Ranked
    from qiangshi_web.kernel.actors import Actor

OFFICES = frozenset({"bureau_officer", "unit_officer"})


@transaction.atomic
def announce_round(
    key: str,
    *,
    label: str,
    organisation_id: str,
    calendar: Calendar,
    seed: str,
    actor: Actor,
    at: datetime,
    quotas: Sequence[Quota] = (),
    rule: Ranking | None = None,
) -> Round:
    """A round of a type in a region. Raises Refused where the actor holds no office there."""
    kind_ = present_kind(key)
    place = Organisation.objects.filter(pk=organisation_id).first()
    grounds = []
    if place is None or not OFFICES & roles_at(actor, place, kind_.area):
        grounds.append(Ground("批次由教育局或中心校工作人员在本单位范围内组织"))
    if not kind_.in_rounds:
        grounds.append(Ground(f"“{kind_.label}”不分批次办理"))
    if calendar.closes_on < calendar.opens_on:
        grounds.append(Ground("受理截止不能早于受理开始", field="closes_on"))
    if grounds or place is None:
        raise Refused(grounds)
    ranking = rule or Ranking()
    made = Round.objects.create(
        type_key=key,
        label=label,
        organisation=place,
        **asdict(calendar),
        quotas=[asdict(quota) for quota in quotas],
        ties=list(ranking.ties),
        least=ranking.least,
        seed=seed,
    )
    _log("announce", made, actor=actor, at=at)
    return made


@transaction.atomic
def open_for(
    round_: Round,
    people: Mapping[str, Mapping[str, Any]],
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> tuple[list[Case], dict[str, Refused]]:
    """Begin a case in the round for each person, with what the record knows of her.

    Those for whom it cannot begin are told with the reason; the others begin all the same.
    """
    if round_.calendar.phase(on) != "open":
        raise refuse(f"批次“{round_.label}”受理时间为{round_.opens_on}至{round_.closes_on}")
    opened, refused = [], {}
    for person_id, payload in people.items():
        try:
            case = open_case(
                round_.type_key,
                actor=actor,
                on=on,
                at=at,
                payload=payload,
                person_id=person_id,
                round=round_,
            )
        except Refused as error:
            refused[person_id] = error
        else:
            opened.append(case)
    return opened, refused


@transaction.atomic
def rank_round(round_id: int, *, actor: Actor, at: datetime) -> Ranked:
    """Rank what a panel has scored of a round and keep the result, once. Raises Refused."""
    round_ = Round.objects.select_for_update().get(pk=round_id)
    one = newest(round_.type_key)
    if not OFFICES & roles_at(actor, round_.organisation, one.kind.area):
        raise refuse("批次由教育局或中心校工作人员在本单位范围内组织")
    if round_.result is not None or one.ranked_by is None:
        raise refuse(f"批次“{round_.label}”不排名，或已排名，结果不能更改")
    files = [file_of(case) for case in round_.cases.filter(ended_on=None)]
    entries = [entry_of(file, one.ranked_by) for file in files if file.standing.score is not None]
    if not entries:
        raise refuse("本批次尚无已评分的办件", cure="评审完毕后再排名")
    ranked = allot(entries, [Quota(**quota) for quota in round_.quotas], round_.ranking)
    round_.result = {
        "placed": [
            {"case": one.entry.case, "place": one.place, "score": one.entry.score,
             "result": one.result, "why": one.why}
            for one in ranked.placed
        ],
        "by_lot": [list(same) for same in ranked.by_lot],
    }  # fmt: skip
    round_.save(update_fields=["result"])
    _log("rank", round_, actor=actor, at=at)
    return ranked


def _log(verb: str, round_: Round, *, actor: Actor, at: datetime) -> None:
    after = {name: getattr(round_, name) for name in ("label", "seed", "quotas", "result")}
    note(verb, "casework_round", str(round_.pk), actor=actor, at=at, after=after)
