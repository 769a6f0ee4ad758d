"""A panel is drawn: from the pool that the owning context names, without those who have ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.casework.grounds import refuse
from qiangshi.casework.panels import seat_panel
from qiangshi_web.casework.actions.acting import act_on
from qiangshi_web.casework.models import Case
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.queries import file_of, kind, standing_of
from qiangshi_web.casework.registry import declared

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor


@transaction.atomic
def draw_panel(
    case_id: int, *, seed: str, actor: Actor, on: date, at: datetime, saw: int | None = None
) -> Case:
    """Draw the experts of a case from a public seed; all that is needed to repeat it is kept.

    Raises Refused where the step has no panel or the pool is too small.
    """
    case = Case.objects.get(pk=case_id)
    file = file_of(case)
    step = kind(case).step(standing_of(case).place)
    one = declared(case.type_key, case.type_version)
    if step.panel is None or one.pool is None or one.conflicts is None:
        raise refuse(f"环节“{step.label}”没有评审组")
    pool = one.pool(file, on)
    seating = seat_panel(
        pool,
        rules().whole(step.panel.size, on),
        applicant=file.person_id,
        conflicts=one.conflicts(file, pool),
        seed=seed,
        purpose=str(case.pk),
    )
    detail = {
        "experts": list(seating.experts),
        "seed": seed,
        "purpose": str(case.pk),
        "pool_sha256": seating.draw.pool_sha256,
        "pool": list(seating.draw.pool),
        "excluded": dict(seating.excluded),
    }
    return act_on(
        case_id, verb="seat", key="seat", actor=actor, on=on, at=at, detail=detail, saw=saw
    )
