"""The demonstration's accounts: who plays which role."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One account of the demonstration."""

    username: str
    name: str
    role: str
    place: str  # key of the organisation or person that the builder binds it to


CAST = (
    Part("zhao", "赵科长", "bureau_officer", "region"),
    Part("qian", "钱主任", "unit_officer", "unit"),
    Part("sun", "孙校长", "principal", "school"),
    Part("li", "李老师", "teacher", "person"),
    Part("zhou", "周主任", "unit_officer", "other_unit"),
    Part("zheng", "郑局长", "bureau_leader", "region"),
    Part("wang", "王干事", "school_clerk", "school"),
    Part("feng", "冯教研员", "teaching_researcher", "region"),
    Part("chen", "陈主任", "training_centre", "region"),
    Part("chu", "褚督学", "supervisor", "unit"),
    Part("wei", "卫干事", "ethics_officer", "region"),
    Part("jiang", "蒋干事", "pay_officer", "region"),
    Part("shen", "沈老师", "counsellor", "region"),
    Part("han", "韩核验", "identity_officer", "region"),
    Part("yang", "杨秘书", "panel_secretary", "region"),
    Part("zhu", "朱专家", "expert", "judge"),
    Part("qin", "秦女士", "public", "region"),
    Part("xu", "许系统", "system_administrator", "region"),
    Part("he", "何安全", "security_administrator", "region"),
    Part("lv", "吕审计", "audit_administrator", "region"),
    Part("ma", "马老师", "teacher", "ready"),
    Part("jin", "金干事", "ethics_officer", "unit"),
    Part("tao", "陶干事", "ethics_officer", "other_unit"),
)
"""Zhou and Tao have the right roles in another unit: what they may not see does not exist for them.
Li lacks hours; Ma, at the same school, has more than enough.
"""

JUDGES = tuple(Part(f"judge{n}", f"评审专家{n}", "expert", "judge") for n in range(2, 10))
"""Who is on the register of judges beside Zhu, so that a panel can be drawn."""
