"""Tables of organisations, each with how many items of a plan it meets, misses or leaves open."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.queries import with_tallies
from qiangshi_web.analytics.records import code_text
from qiangshi_web.contexts.organisations.queries import directly_below
from qiangshi_web.kernel.bars import STATUS_MARKS
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.query_tables import Facet, QueryTable
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.groups import GroupSeen
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation

_COUNTED = ("not_met", "unknown", "met")


def children_table(
    run: MeasuredSnapshot, plan: Plan, shown: Organisation
) -> QueryTable[Organisation]:
    """The organisations directly below, page by page, each with its items by status."""
    children = directly_below(shown).order_by("place")
    return QueryTable(
        name="below",
        caption=say("{name}下级机构", name=shown.name),
        columns=(_name(), _coded("kind", "机构类别"), _coded("tier", "层级"), *_counts()),
        rows=(),
        source=with_tallies(children, run, plan.id, _COUNTED),
        facets={
            "name": Facet(order=("name",), contains="name"),
            "kind": _codes_facet("kind"),
            "tier": _codes_facet("tier"),
            **{status: Facet(order=(f"count_{status}",)) for status in _COUNTED},
        },
    )


def members_table(
    run: MeasuredSnapshot, plan: Plan, seen: GroupSeen, members: QuerySet[Organisation]
) -> Table[Organisation]:
    """The members of a group that are in sight, each with its role; a hundred at most."""
    role: Column[Organisation] = Column(
        key="role",
        label="成员角色",
        value=lambda row: _role(seen.group.members[row.pk]),
        filter="choice",
    )
    return Table(
        name="members",
        caption=say("{name}成员", name=seen.group.name),
        columns=(_name(), role, _coded("kind", "机构类别"), *_counts()),
        rows=list(with_tallies(members, run, plan.id, _COUNTED)),
    )


def _role(code: str | None) -> str | None:
    return None if code is None else code_text("group_role", code)


def _name() -> Column[Organisation]:
    return Column(
        key="name",
        label="机构",
        value=lambda row: row.name,
        link=lambda row: reverse("organisation", args=[row.pk]),
        filter="contains",
    )


def _coded(field: str, label: str) -> Column[Organisation]:
    return Column(
        key=field,
        label=label,
        value=lambda row: code_text(f"organisation_{field}", getattr(row, field)),
        filter="choice",
    )


def _codes_facet(field: str) -> Facet:
    known = vocabulary().codes[f"organisation_{field}"].codes
    return Facet(order=(field,), choices={pick(one.label): Q(**{field: one.code}) for one in known})


def _counts() -> list[Column[Organisation]]:
    return [
        Column(
            key=status,
            label=STATUS_MARKS[status][1],
            unit="项",
            kind="number",
            value=attrgetter(f"count_{status}"),
        )
        for status in _COUNTED
    ]
