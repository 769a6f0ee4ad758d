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
)
"""Zhou has the right role in another unit: what he may not see does not exist for him."""
