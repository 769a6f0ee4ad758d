"""Panels are drawn from the register of judges, without those who have ties, by a public seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from qiangshi.casework.grounds import Refused, refuse
from qiangshi.casework.panels import seat_panel
from qiangshi_web.casework.actions.acting import act_on
from qiangshi_web.casework.judges import conflicts, pool_of
from qiangshi_web.casework.models import Case, Round
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.queries import file_of, kind
from qiangshi_web.casework.registry import newest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor


def draw_panel(
    case_id: int, *, actor: Actor, on: date, at: datetime, instead_of: str = "", reason: str = ""
) -> None:
    """Draw the experts of a case, or the next by lot in the place of one who cannot judge it.

    Raises Refused where it has no panel or the pool is too small.
    """
    case = Case.objects.select_related("round").get(pk=case_id)
    if case.round is None:
        raise refuse("该件不在批次内，没有公开种子", cure="在批次内办理")
    who = {"actor": actor, "at": at, "reason": reason}
    refused = _draw(case.round, [case], on=on, instead_of=instead_of, **who)
    if refused:
        raise refused[case_id]


def draw_round(round_: Round, *, actor: Actor, on: date, at: datetime) -> dict[int, Refused]:
    """Draw for every case of a round that waits for its panel; case → why it could not be."""
    cases = round_.cases.filter(ended_on=None).select_related("organisation")
    waiting = [
        one for one in cases if not one.standing["seats"] and kind(one).step(one.place).panel
    ]
    return _draw(round_, waiting, actor=actor, on=on, at=at)


@transaction.atomic
def _draw(
    round_: Round, cases: Sequence[Case], *, on: date, instead_of: str = "", **act: Any
) -> dict[int, Refused]:
    """All that is needed to repeat each draw is kept with it; the seed is the round's own, which
    was public before anybody applied. One graph of ties serves all.
    """
    files = [file_of(case) for case in cases]
    pool = pool_of(newest(round_.type_key), round_.organisation.path, on)
    graph, refused = conflicts(files, pool), {}
    verb, key = ("replace", instead_of) if instead_of else ("seat", "seat")
    for file in files:
        panel = getattr(file.kind.places[file.standing.place], "panel", None)
        sat = {seat.expert for seat in file.standing.seats}
        try:
            if panel is None:
                raise refuse("本环节没有评审组")
            seating = seat_panel(
                [one for one in pool if one not in sat],
                1 if instead_of else rules().whole(panel.size, on),
                applicant=file.person_id,
                conflicts=graph,
                seed=round_.seed,
                purpose=str(file.number),
            )
            told = seating.told | {"expert": seating.experts[0]}
            act_on(file.number, verb=verb, key=key, on=on, detail=told, **act)
        except Refused as error:
            refused[file.number] = error
    return refused
