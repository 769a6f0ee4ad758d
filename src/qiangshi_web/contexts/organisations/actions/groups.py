"""Groups of schools (学区, 教育集团, 共同体): who belongs to them, from when to when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from qiangshi_web.contexts.organisations.models import OrganisationMembership
from qiangshi_web.contexts.organisations.queries import state_on
from qiangshi_web.kernel.records import (
    correct,
    end,
    record,
    refuse,
    withdraw,
)
from qiangshi_web.kernel.records.authorship import as_source

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack

    from django.db.models import QuerySet

    from qiangshi_web.kernel.records.authorship import By

_DAY = timedelta(days=1)


def join_group(
    organisation_id: str,
    *,
    group_name: str,
    group_kind: str,
    on: date,
    role: str | None = None,
    **by: Unpack[By],
) -> OrganisationMembership:
    """Make an organisation a member of a group from the day `on`.

    Raises Refused when it is one then or later, or does not exist on that day.
    """
    if state_on(organisation_id, on) is None:
        raise refuse(f"机构“{organisation_id}”在{on}不存在或已终止", "organisation_id")
    values = {
        "organisation_id": organisation_id,
        "valid_from": on,
        "group_name": group_name,
        "group_kind": group_kind,
        "role": role,
    }
    return record(OrganisationMembership, values, **as_source(by))


def leave_group(
    membership: OrganisationMembership, *, on: date, **by: Unpack[By]
) -> OrganisationMembership:
    """Let a membership end with the day `on`."""
    return end(membership, on=on, **by)


def _held(organisation_id: str, *, since: date) -> QuerySet[OrganisationMembership]:
    """Memberships of an organisation that last beyond the day before `since`."""
    lasting = Q(valid_to=None) | Q(valid_to__gte=since)
    return OrganisationMembership.objects.filter(lasting, organisation_id=organisation_id)


def hand_over_groups(predecessor: str, successor: str, *, on: date, **by: Unpack[By]) -> None:
    """The predecessor leaves its groups; the successor joins those that it is not in."""
    own = {held.group_name for held in _held(successor, since=on)}
    taken_over = [held for held in _held(predecessor, since=on) if held.group_name not in own]
    leave_all_groups(predecessor, on=on - _DAY, **by)
    for held in taken_over:
        values = {
            "organisation_id": successor,
            "valid_from": max(on, held.valid_from),
            "valid_to": held.valid_to,
            "group_name": held.group_name,
            "group_kind": held.group_kind,
            "role": held.role,
        }
        record(OrganisationMembership, values, **as_source(by))


def leave_all_groups(organisation_id: str, *, on: date, **by: Unpack[By]) -> None:
    """Every membership ends with the day `on`; one that would begin later is withdrawn."""
    for held in _held(organisation_id, since=on + _DAY):
        if held.valid_from > on:
            withdraw(held, **by)
        else:
            correct(held, {"valid_to": on}, **by)
