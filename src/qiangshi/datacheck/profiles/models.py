"""What a profile says: which heading of which table is which column of which relation."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from qiangshi.policy.vocabulary import Name, Record, Slug, Text

Reads = Literal["year_start", "year_end", "span_start", "span_end", "contains"]
"""How a cell gives its value where it is not simply written: the first or last day of a year, the
first or last day of `2018.09-2023.09`, or the longest name of a code that the text contains."""

FINDERS = {
    "who": ("person_id", "id_number", "name", "born_on"),
    "where": ("organisation_id", "code", "name"),
}
"""Targets that store nothing and only tell whose row it is: `who.id_number`, `where.name`."""

ANY_OTHER = "*"
"""Among the names of a value: whatever no other value names."""

NOT_STATED = "-"
"""As a value: the names that say nothing which the column could keep."""


class Target(Record):
    """How a column's cells become values of one target; `values` names a list of the profile."""

    values: Name | None = None
    reads: Reads | None = None


def _targets(stated: Any) -> Any:
    """`to: a.b`, `to: [a.b, c.d]` and `to: {a.b: list}` say the same as the full form."""
    if stated is None:
        return {}
    if isinstance(stated, str):
        stated = [stated]
    if isinstance(stated, list | tuple):
        return {name: {} for name in stated}
    if isinstance(stated, dict):
        return {
            name: {"values": about} if isinstance(about, str) else about or {}
            for name, about in stated.items()
        }
    return stated


Targets = Annotated[dict[str, Target], BeforeValidator(_targets)]


class ProfileColumn(Record):
    """A heading, and where its cells go; without a target the column is known but not kept.

    `confidence` is V where the heading was seen in a public source and M where it was not.
    """

    header: str = Field(min_length=1)
    also: tuple[str, ...] = ()
    to: Targets = Field(default_factory=dict)
    confidence: Literal["V", "M", "M+V"] = "V"


class ProfileRows(Record):
    """Rows of one relation that each row of the table gives.

    `key` are columns whose values together name a row where the file gives it no number; `when`
    are those of which one must be stated for there to be a row (all of its own, if none is
    named); `split` are columns whose cells may hold several entries, one a line. Rows about an
    organisation that is not on the register are refused, or left out where that is ordinary.
    """

    relation: Name
    id: Name | None = None
    key: tuple[Name, ...] = ()
    fixed: dict[str, str | bool | int] = Field(default_factory=dict)
    when: tuple[Name, ...] = ()
    split: tuple[Name, ...] = ()
    elsewhere: Literal["refuse", "leave_out"] = "refuse"

    @property
    def group(self) -> str:
        """What targets call these rows."""
        return self.id or self.relation


class ProfileTable(Record):
    """A table as people hand it in. `names` are what its sheet or file may be called."""

    id: Name
    label: Text
    names: tuple[str, ...] = ()
    columns: tuple[ProfileColumn, ...] = Field(min_length=1)
    rows: tuple[ProfileRows, ...] = ()

    @cached_property
    def groups(self) -> dict[str, ProfileRows]:
        """Rows by what targets call them."""
        return {rows.group: rows for rows in self.rows}


class Profile(Record):
    """Tables that one system or office hands in. `columns` may stand in every table.

    `values` are lists of the profile's own: value of our column → the names that the file uses.
    """

    id: Slug
    label: Text
    source: str
    as_of: str
    columns: tuple[ProfileColumn, ...] = ()
    values: dict[Name, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    tables: tuple[ProfileTable, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> dict[str, ProfileTable]:
        """Table id → table."""
        return {table.id: table for table in self.tables}

    def columns_of(self, table: ProfileTable) -> tuple[ProfileColumn, ...]:
        """The table's own columns, and those of every table that it does not have itself."""
        own = {column.header for column in table.columns}
        return table.columns + tuple(c for c in self.columns if c.header not in own)


def split_target(target: str) -> tuple[str, str]:
    """`person.name` as group and column."""
    group, _, column = target.partition(".")
    return group, column
