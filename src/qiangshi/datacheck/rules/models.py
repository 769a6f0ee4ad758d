"""A rule: which rows it is about, and what must hold of them."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field, model_validator

from qiangshi.policy.vocabulary import Name, Record, Slug, Text

Dimension = Literal["complete", "valid", "consistent", "current"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

ON = "on"
"""In place of a column: the day of the check."""

Conditions = dict[Name, tuple[str, ...]]
"""Column → values of which it has one; booleans are `true` and `false`."""


class Years(Record):
    """Full years from one day to another, within bounds."""

    since: Name
    until: Name
    at_least: int | None = None
    at_most: int | None = None


class Agrees(Record):
    """A column that repeats what an identity number says."""

    number: Name
    column: Name
    part: Literal["birth", "sex"]


class Implies(Record):
    """What rows must state, or which values they must have."""

    states: Name | None = None
    then: Conditions = Field(default_factory=dict)


class Has(Record):
    """A relation in which each subject has a row, not older than so many months."""

    relation: Name
    within_months: int | None = Field(default=None, ge=1)


class Rule(Record):
    """One rule. `when` limits it to rows with certain values; exactly one kind is stated.

    `cure` says what to do where it is broken; `weight` is its voice among the rules of its
    dimension.
    """

    id: Slug
    relation: Name
    dimension: Dimension
    label: Text
    cure: Text
    weight: int = Field(default=1, ge=1)
    refuses: bool = False
    when: Conditions = Field(default_factory=dict)
    order: tuple[Name, Name] | None = None
    years: Years | None = None
    agrees: Agrees | None = None
    implies: Implies | None = None
    apart: tuple[Name, ...] | None = None
    has: Has | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        kinds = (self.order, self.years, self.agrees, self.implies, self.apart, self.has)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("expected one of order, years, agrees, implies, apart, has")
        if self.refuses and (self.apart is not None or self.has is not None):
            raise ValueError("expected a rule about one row where it refuses rows")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the relation that the rule reads; the last is the one that is blamed."""
        named: list[str] = list(self.when)
        if self.order is not None:
            named += self.order
        elif self.years is not None:
            named += (self.years.since, self.years.until)
        elif self.agrees is not None:
            named += (self.agrees.number, self.agrees.column)
        elif self.implies is not None:
            named += (*self.implies.then, *([self.implies.states] if self.implies.states else []))
        elif self.apart is not None:
            named += self.apart
        return tuple(name for name in named if name != ON)

    @property
    def needs_day(self) -> bool:
        """Whether it compares with the day of the check."""
        named = self.order or ((self.years.since, self.years.until) if self.years else ())
        return ON in named or self.has is not None

    @property
    def blamed(self) -> str:
        """The column that a fault is told at; empty where it is the whole row."""
        if self.apart is not None or self.has is not None:
            return ""
        return self.columns[-1] if self.columns else ""
