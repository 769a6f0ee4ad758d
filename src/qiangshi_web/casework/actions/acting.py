"""Somebody acts on a case: one wins, whoever comes second is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qiangshi.casework.deciding import decide
from qiangshi.casework.grounds import Ground, Refused
from qiangshi.casework.stepping import Act
from qiangshi_web.casework.actions.opening import open_case
from qiangshi_web.casework.actions.writing import Written, write
from qiangshi_web.casework.judging import findings
from qiangshi_web.casework.models import Case
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.parties import acts_as, roles_towards
from qiangshi_web.casework.queries import file_of, kind, standing_of
from qiangshi_web.kernel.records import Refused as RecordRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from qiangshi.casework.grounds import Finding
    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.standing import Standing
    from qiangshi_web.kernel.actors import Actor


@transaction.atomic
def act_on(
    case_id: int,
    *,
    verb: str,
    key: str,
    actor: Actor,
    on: date,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
    saw: int | None = None,
) -> Case:
    """One act on one case. `saw` is the number of events that the actor had before her eyes.

    Raises Refused with every ground, one of them that somebody else was quicker, or what the action
    of the owning context has against it; nothing at all has happened then.
    """
    held = Case.objects.select_for_update(of=("self",)).select_related("organisation")
    case = held.get(pk=case_id)
    kind_, standing = kind(case), standing_of(case)
    # what is judged is what will stand: what was just filled in, where something was
    filled = standing if payload is None else replace(standing, payload=payload)
    act = Act(
        verb=verb,
        key=key,
        by=acts_as(actor),
        roles=roles_towards(actor, case, kind_, standing),
        on=on,
        reason=reason,
        detail=dict(detail or {}),
        payload=payload,
        findings=seen_for(case, kind_, filled, key=key, on=on) if verb == "move" else (),
        open_parts=_open_parts(case, kind_),
        saw=saw,
        acted_at=_acted_at(case, kind_, acts_as(actor)),
    )
    event = decide(kind_, standing, act, rules())
    try:
        write([Written(case, [event], standing)], actor=actor, at=at)
    except RecordRefused as refused:
        raise Refused(Ground(one.text_zh, field=one.field) for one in refused.grounds) from refused
    if event.sub_case:
        open_case(
            event.sub_case,
            actor=actor,
            on=on,
            at=at,
            payload={},
            person_id=case.person_id or "",
            organisation_id=case.organisation_id,
            parent=case,
        )
    return case


def seen_for(
    case: Case, kind_: CaseType, standing: Standing, *, key: str, on: date
) -> tuple[Finding, ...]:
    """How the checks of a move come out for a case now."""
    move = next((one for one in kind_.moves_from(standing.place) if one.key == key), None)
    return findings(move, [file_of(case, standing)], on)[case.pk] if move else ()


def _acted_at(case: Case, kind_: CaseType, who: str) -> frozenset[str]:
    """Of the steps that this one is kept apart from, those at which the same person acted."""
    apart = frozenset(getattr(kind_.places[case.place], "apart_from", ()))
    acted = case.events.filter(body__by=who).values_list("body__source", flat=True)
    return apart.intersection(acted) if apart else apart


def _open_parts(case: Case, kind_: CaseType) -> int:
    awaited = getattr(kind_.places[case.place], "awaits", "")
    return case.parts.filter(type_key=awaited, ended_on=None).count() if awaited else 0


def act_on_many(
    wanted: Mapping[int, str],
    *,
    key: str,
    actor: Actor,
    on: date,
    at: datetime,
    saw: Mapping[int, int] | None = None,
) -> dict[int, Refused | None]:
    """The same move on many cases, each with its own reason; each stands or falls by itself.

    Case → None where it was done, else why not.
    """
    results: dict[int, Refused | None] = {}
    for one, reason in wanted.items():
        seen = (saw or {}).get(one)
        try:
            act_on(one, verb="move", key=key, actor=actor, on=on, at=at, reason=reason, saw=seen)
            results[one] = None
        except Refused as refused:
            results[one] = refused
    return results
