"""The tree of today, as the states of organisations tell it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from qiangshi.measure.tables import tree_order
from qiangshi_web.contexts.organisations.models import SEPARATOR, Organisation, OrganisationState
from qiangshi_web.kernel.records import refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date, datetime

    import pyarrow as pa

    from qiangshi_web.kernel.records.actions.writing import Change

_WRITTEN = ["parent", "path", "depth", "place", "name", "kind", "tier"]
_REPEATED = ("parent_id", "name", "kind", "tier", "ended_on")
_PLACED = ("path", "depth", "place")


@transaction.atomic
def load_organisations(*, table: pa.Table) -> int:
    """Take over the organisations of a snapshot; the count of them. The same table twice is once.

    An organisation that the table no longer has stays: results and grants of the past name it.
    Their states are not recorded: `load_snapshot` does that.
    """
    rows = {str(row["organisation_id"]): row for row in table.to_pylist()}
    paths: dict[str, str] = {}
    made: list[Organisation] = []
    for place, organisation_id in enumerate(tree_order(table)):
        made.append(_organisation(rows[organisation_id], paths=paths, place=place))
        paths[organisation_id] = made[-1].path
    Organisation.objects.bulk_create(
        made,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["organisation_id"],
        update_fields=_WRITTEN,
    )
    return len(made)


def _organisation(row: dict[str, Any], *, paths: dict[str, str], place: int) -> Organisation:
    parent_id = row["parent_id"]
    path = f"{paths.get(parent_id, '')}{row['organisation_id']}{SEPARATOR}"
    return Organisation(
        organisation_id=row["organisation_id"],
        parent_id=parent_id,
        path=path,
        depth=path.count(SEPARATOR) - 1,
        place=place,
        name=row["name"],
        kind=row["kind"],
        tier=row["tier"],
    )


def follow_states(*, changes: Collection[Change], at: datetime, **_: object) -> None:
    """Subscribed to the states: the tree is that of the day on which they were written."""
    _forget({change.before["organisation_id"] for change in changes if change.before})
    refresh_tree(on=timezone.localdate(at))


def _forget(organisation_ids: Collection[str]) -> None:
    """Remove organisations whose last state was withdrawn: they never were.

    One that other records name stays, under its last state.
    """
    for one in Organisation.objects.filter(pk__in=organisation_ids, states=None):
        with suppress(ProtectedError):
            one.delete()


@transaction.atomic
def refresh_tree(*, on: date) -> int:
    """Let every organisation say how it stands on the day `on`; how many changed.

    One that is no more keeps its last state, one that is not yet shows its first. Raises Refused
    when organisations stand above each other in a circle.
    """
    organisations = {one.pk: one for one in Organisation.objects.select_for_update()}
    before = {pk: _shown(one) for pk, one in organisations.items()}
    for state, ended_on in _states(on):
        one = organisations[state.organisation_id]
        one.parent_id, one.name, one.ended_on = state.parent_id, state.name, ended_on
        one.kind, one.tier = state.kind, state.tier
    _place(organisations)
    changed = [one for pk, one in organisations.items() if _shown(one) != before[pk]]
    fields = [*_WRITTEN, "ended_on"]
    Organisation.objects.bulk_update(changed, fields, batch_size=500)
    return len(changed)


def _shown(one: Organisation) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in (*_REPEATED, *_PLACED))


def _states(on: date) -> Iterator[tuple[OrganisationState, date | None]]:
    """The state to show of each organisation that has any, and its last day when it is no more."""
    shown: dict[str, OrganisationState] = {}
    for state in OrganisationState.objects.order_by("organisation_id", "valid_from"):
        if state.organisation_id not in shown or state.valid_from <= on:
            shown[state.organisation_id] = state
    last = dict(
        OrganisationState.objects.order_by("valid_from").values_list("organisation_id", "valid_to")
    )
    for organisation_id, state in shown.items():
        ended_on = last[organisation_id]
        yield state, ended_on if ended_on is not None and ended_on < on else None


def _place(organisations: Mapping[str, Organisation]) -> None:
    """Path, depth and place of each, in a walk from the top."""
    below: dict[str | None, list[str]] = {}
    for pk in sorted(organisations, reverse=True):
        below.setdefault(organisations[pk].parent_id, []).append(pk)
    waiting, placed = below.pop(None, []), 0
    while waiting:
        one = organisations[waiting.pop()]
        above = organisations[one.parent_id].path if one.parent_id else ""
        one.path = f"{above}{one.pk}{SEPARATOR}"
        one.depth, one.place = one.path.count(SEPARATOR) - 1, placed
        placed += 1
        waiting += below.pop(one.pk, [])
    if below:
        around = "、".join(sorted(pk for some in below.values() for pk in some)[:3])
        raise refuse(f"机构的上级关系成环：{around}", "parent_id")
