"""The roles: what each may do in which area of the record, within its organisation's subtree.

This table is the one place where it is said. The letters: `s` see, `w` write, `d` decide,
`a` administer; whoever may do anything in an area sees it. An area that is not named is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.kernel.actors import APART, Area, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

LETTERS = {
    "s": Level.SEE,
    "w": Level.WRITE,
    "d": Level.DECIDE,
    "a": Level.ADMINISTER,
}
LEVEL_LABELS = {
    Level.SEE: "查看",
    Level.WRITE: "填报",
    Level.DECIDE: "审定",
    Level.ADMINISTER: "管理",
}
AREA_LABELS = {
    Area.PLANS: "规划条款",
    Area.FIGURES: "测算结果",
    Area.PEOPLE: "教职工档案",
    Area.RECORDS: "台账登记",
    Area.OWN: "本人档案",
    Area.ETHICS: "师德",
    Area.HEALTH: "健康",
    Area.PAY: "薪酬",
    Area.IDENTITY: "证件号码",
    Area.EXPERTS: "专家身份",
    Area.ACCOUNTS: "账号与运行",
    Area.SECURITY: "授权管理",
    Area.LOG: "操作日志",
}
"""The areas in the order of the matrix."""

_P, _F, _S, _R, _O = Area.PLANS, Area.FIGURES, Area.PEOPLE, Area.RECORDS, Area.OWN


@dataclass(frozen=True, slots=True)
class Role:
    """A role that may be granted at an organisation.

    `is_delegable`: its holder may hand it on for a period. `is_apart`: an account that holds it
    holds nothing else (the three administrators).
    """

    id: str
    label: str
    levels: Mapping[Area, frozenset[Level]]
    is_delegable: bool = False
    is_apart: bool = False

    @property
    def areas(self) -> frozenset[Area]:
        """The areas that it opens."""
        return frozenset(self.levels)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is too little: it opens what is kept apart, or administers."""
        administers = any(Level.ADMINISTER in held for held in self.levels.values())
        return administers or bool(APART & self.areas)


def _role(id: str, label: str, told: Mapping[Area, str], **more: bool) -> Role:
    levels = {
        area: frozenset({Level.SEE, *(LETTERS[letter] for letter in held)})
        for area, held in told.items()
    }
    return Role(id, label, levels, **more)


ROLES = {
    role.id: role
    for role in (
        _role(
            "bureau_officer",
            "教育局工作人员",
            {_P: "sw", _F: "s", _S: "sw", _R: "sw"},
            is_delegable=True,
        ),
        _role(
            "bureau_leader",
            "教育局负责人",
            {_P: "sd", _F: "sd", _S: "sd", Area.ETHICS: "sd", Area.PAY: "sd"},
            is_delegable=True,
        ),
        _role(
            "unit_officer",
            "中心校（县区）工作人员",
            {_P: "s", _F: "s", _S: "sw", _R: "sw"},
            is_delegable=True,
        ),
        _role(
            "school_clerk",
            "学校人事干事",
            {_P: "s", _F: "s", _S: "sw", _R: "sw"},
            is_delegable=True,
        ),
        _role(
            "principal",
            "校（园）长",
            {_P: "s", _F: "s", _S: "sd", _R: "sw", Area.ETHICS: "sd"},
            is_delegable=True,
        ),
        _role("teacher", "教师", {_P: "s", _O: "sw"}),
        _role("teaching_researcher", "教研员", {_P: "s", _F: "s"}),
        _role("training_centre", "教师发展机构工作人员", {_P: "s", _F: "s", _S: "s"}),
        _role("supervisor", "督学", {_P: "s", _F: "s", _S: "s"}, is_delegable=True),
        _role(
            "ethics_officer",
            "师德工作人员",
            {_P: "s", _F: "s", _S: "s", _R: "sw", Area.ETHICS: "sw"},
        ),
        _role("pay_officer", "薪酬工作人员", {_P: "s", _F: "s", _S: "s", _R: "sw", Area.PAY: "sw"}),
        _role("counsellor", "心理健康工作人员", {_P: "s", Area.HEALTH: "sw"}),
        _role("identity_officer", "证件核验人员", {_P: "s", _F: "s", _S: "s", Area.IDENTITY: "sw"}),
        _role("panel_secretary", "评审办公室工作人员", {_P: "s", Area.EXPERTS: "sw"}),
        _role("expert", "评审专家", {_P: "s"}),
        _role("public", "社会公众", {_P: "s"}),
        _role("system_administrator", "系统管理员", {Area.ACCOUNTS: "sa"}, is_apart=True),
        _role("security_administrator", "安全管理员", {Area.SECURITY: "sa"}, is_apart=True),
        _role("audit_administrator", "审计管理员", {Area.LOG: "sa"}, is_apart=True),
    )
}
"""Role id → role. A teacher's grant lies at her school; what she sees of it is her own record."""

CHOICES = [(role.id, role.label) for role in ROLES.values()]


def letters(role: Role, area: Area) -> str:
    """What the role may do in the area, as the table says it; empty where it is closed."""
    held = role.levels.get(area, frozenset())
    return "".join(letter for letter, level in LETTERS.items() if level in held)
