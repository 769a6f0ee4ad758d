"""Organisations change, merge, split and close; what was before stays on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from qiangshi_web.contexts.organisations.actions.groups import hand_over_groups, leave_all_groups
from qiangshi_web.contexts.organisations.announcements import closing, merged
from qiangshi_web.contexts.organisations.models import (
    Organisation,
    OrganisationState,
    OrganisationSuccession,
)
from qiangshi_web.contexts.organisations.queries import is_above, state_on
from qiangshi_web.kernel.records import (
    Ground,
    Refused,
    change,
    correct,
    operation,
    record,
    refuse,
)
from qiangshi_web.kernel.records.authorship import as_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Unpack

    from qiangshi_web.kernel.records.authorship import By

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """A new organisation split off from another: its number, its name, and in what it differs."""

    organisation_id: str
    name: str
    differs: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def change_organisation(
    organisation_id: str,
    changes: Mapping[str, Any],
    *,
    on: date,
    **by: Unpack[By],
) -> OrganisationState:
    """Rename an organisation, put it under another, or change what else it is, from `on`."""
    state = _open_state(organisation_id, on)
    with operation("change_organisation"):
        return change(state, changes, on=on, **by)


@transaction.atomic
def merge_organisations(
    predecessors: Sequence[str],
    successor: str,
    *,
    on: date,
    **by: Unpack[By],
) -> str:
    """Let organisations go up in another one from the day `on`; the number to undo it by.

    They end the day before. What stood below them, their groups and, by subscription, their staff
    go over. Raises Refused with every ground.
    """
    hold([*predecessors, successor])
    _require_mergeable(predecessors, successor, on)
    with operation("merge_organisations") as number:
        for predecessor in predecessors:
            _succeed(predecessor, successor, kind="merge", on=on, **by)
            _hand_over_below(predecessor, successor, on=on, **by)
            hand_over_groups(predecessor, successor, on=on, **by)
            sent = {"predecessor": predecessor, "successor": successor, "on": on}
            merged.send(sender=Organisation, by=by, **sent)
            _end(predecessor, last_day=on - _DAY, **by)
    return number


def hold(organisation_ids: Sequence[str]) -> None:
    """Lock organisations until the end of the transaction, always in the same order."""
    held = Organisation.objects.filter(pk__in=organisation_ids).order_by("pk")
    list(held.select_for_update().values_list("pk"))


def _require_mergeable(predecessors: Sequence[str], successor: str, on: date) -> None:
    grounds = [
        Ground(f"机构“{one}”在{on}不存在或已终止")
        for one in (*predecessors, successor)
        if state_on(one, on) is None
    ]
    if successor in predecessors:
        grounds.append(Ground(f"机构“{successor}”不能并入自己"))
    grounds += [
        Ground(f"机构“{one}”是“{successor}”的上级，不能并入其下级")
        for one in predecessors
        if is_above(one, successor)
    ]
    if not predecessors or len({*predecessors}) < len(predecessors):
        grounds.append(Ground("被并入的机构应至少一个，且不能重复"))
    if grounds:
        raise Refused(grounds)


def _succeed(
    predecessor: str,
    successor: str,
    *,
    kind: str,
    on: date,
    **by: Unpack[By],
) -> None:
    values = {"predecessor_id": predecessor, "successor_id": successor, "on": on, "kind": kind}
    record(OrganisationSuccession, values, **as_source(by))


def _hand_over_below(predecessor: str, successor: str, *, on: date, **by: Unpack[By]) -> None:
    """What stands, or is to stand, below the predecessor on or after the day stands below the
    successor."""
    for state in OrganisationState.objects.filter(_from(on), parent_id=predecessor):
        since = max(on, state.valid_from)
        to = {"parent_id": successor}
        change(state, to, on=since, **by)


def _from(on: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=on)


def _open_state(organisation_id: str, on: date) -> OrganisationState:
    state = state_on(organisation_id, on)
    if state is None:
        raise refuse(f"机构“{organisation_id}”在{on}不存在或已终止", "organisation_id")
    return state


def _end(organisation_id: str, *, last_day: date, **by: Unpack[By]) -> OrganisationState:
    state = _open_state(organisation_id, last_day)
    later = OrganisationState.objects.filter(
        organisation_id=organisation_id, valid_from__gt=last_day
    )
    if later.exclude(pk=state.pk).exists():
        raise refuse(f"机构“{organisation_id}”在{last_day}之后另有变动，请先撤销")
    return correct(state, {"valid_to": last_day}, **by)


@transaction.atomic
def split_organisation(
    organisation_id: str,
    parts: Sequence[Part],
    *,
    on: date,
    **by: Unpack[By],
) -> str:
    """Split new organisations off from one that goes on; the number to undo it by.

    A part is what the whole is on the day `on`, but for its name and what it says to differ in.
    Raises Refused with every ground.
    """
    hold([organisation_id])
    whole = _open_state(organisation_id, on)
    taken = Organisation.objects.filter(pk__in=[part.organisation_id for part in parts])
    grounds = [Ground(f"机构编码“{one.pk}”已被使用", "organisation_id") for one in taken]
    if grounds:
        raise Refused(grounds)
    with operation("split_organisation") as number:
        for part in parts:
            _found(part, whole, on=on, **by)
            _succeed(organisation_id, part.organisation_id, kind="split", on=on, **by)
    return number


def _found(part: Part, whole: OrganisationState, *, on: date, **by: Unpack[By]) -> None:
    """A new organisation in the likeness of another. What was counted of the whole is not known."""
    inherited = ("parent_id", "kind", "tier", "ownership", "urban_rural", "area_kind", "managed_by")
    values = {
        **{name: getattr(whole, name) for name in inherited},
        **part.differs,
        "organisation_id": part.organisation_id,
        "name": part.name,
        "opened_on": on,
        "valid_from": on,
    }
    Organisation.unplaced(part.organisation_id).save(force_insert=True)
    record(OrganisationState, values, **as_source(by))


@transaction.atomic
def close_organisation(organisation_id: str, *, on: date, **by: Unpack[By]) -> str:
    """Let an organisation end with the day `on`, without a successor; the number to undo it by.

    Raises Refused while others stand below it or, by subscription, staff work there.
    """
    hold([organisation_id])
    below = OrganisationState.objects.filter(_from(on + _DAY), parent_id=organisation_id)
    if below.exists():
        names = "、".join(state.name for state in below[:3])
        raise refuse(f"机构“{organisation_id}”下还有机构（{names}），不能撤销")
    with operation("close_organisation") as number:
        closing.send(sender=Organisation, organisation_id=organisation_id, on=on)
        leave_all_groups(organisation_id, on=on, **by)
        _end(organisation_id, last_day=on, **by)
    return number
