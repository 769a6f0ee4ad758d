"""Panels are drawn from the register of judges, without those who have ties, by a public seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.casework.grounds import Refused, refuse
from qiangshi.casework.panels import seat_panel
from qiangshi_web.casework.actions.acting import act_on
from qiangshi_web.casework.judges import conflicts, pool_of
from qiangshi_web.casework.models import Case, Round
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.queries import file_of, kind
from qiangshi_web.casework.registry import declared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor


def draw_panel(case_id: int, *, actor: Actor, on: date, at: datetime) -> None:
    """Draw the experts of a case. Raises Refused where it has no panel or the pool is too small."""
    case = Case.objects.select_related("round").get(pk=case_id)
    if case.round is None:
        raise refuse("该件不在批次内，没有公开种子", cure="在批次内办理")
    (refused,) = _draw(case.round, [case], actor=actor, on=on, at=at).values() or (None,)
    if refused is not None:
        raise refused


def draw_round(round_: Round, *, actor: Actor, on: date, at: datetime) -> dict[int, Refused]:
    """Draw for every case of a round that waits for its panel; case → why it could not be."""
    waiting = [case for case in round_.cases.filter(ended_on=None) if _awaits_panel(case)]
    return _draw(round_, waiting, actor=actor, on=on, at=at)


def _awaits_panel(case: Case) -> bool:
    panel = kind(case).step(case.place).panel
    return panel is not None and not case.standing["seats"]


@transaction.atomic
def _draw(
    round_: Round, cases: Sequence[Case], *, actor: Actor, on: date, at: datetime
) -> dict[int, Refused]:
    """All that is needed to repeat each draw is kept with it; the seed is the round's own, which
    was public before anybody applied. One graph of ties serves all.
    """
    files = [file_of(case) for case in cases]
    refused: dict[int, Refused] = {}
    if not files:
        return refused
    one = declared(cases[0].type_key, cases[0].type_version)
    pool = pool_of(one, round_.organisation.path, on)
    graph = conflicts(files, pool)
    for file in files:
        panel = getattr(file.kind.places[file.standing.place], "panel", None)
        try:
            if panel is None:
                raise refuse("本环节没有评审组")
            seating = seat_panel(
                pool,
                rules().whole(panel.size, on),
                applicant=file.person_id,
                conflicts=graph,
                seed=round_.seed,
                purpose=str(file.number),
            )
            act_on(
                file.number, verb="seat", key="seat", actor=actor, on=on, at=at, detail=seating.told
            )
        except Refused as error:
            refused[file.number] = error
    return refused
