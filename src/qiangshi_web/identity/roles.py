"""The roles, and the areas of the record that each opens within its organisation's subtree."""

from __future__ import annotations

from dataclasses import dataclass

from qiangshi_web.kernel.actors import Area


@dataclass(frozen=True, slots=True)
class Role:
    """A role that may be granted at an organisation."""

    id: str
    label: str
    areas: frozenset[Area]


_OFFICE = frozenset({Area.PLANS, Area.FIGURES, Area.PEOPLE, Area.RECORDS})

ROLES = {
    role.id: role
    for role in (
        Role("bureau_officer", "教育局工作人员", _OFFICE),
        Role("unit_officer", "中心校（县区）工作人员", _OFFICE),
        Role("principal", "校（园）长", _OFFICE),
        Role("teacher", "教师", frozenset({Area.PLANS, Area.OWN})),
    )
}
"""Role id → role. A teacher's grant lies at her school; what she sees of it is her own record."""

CHOICES = [(role.id, role.label) for role in ROLES.values()]
