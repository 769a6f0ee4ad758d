"""What may be measured: relations, columns, code lists, units and measures.

The vocabulary is the contract of the snapshot: `policy/vocabulary/*.yaml` names every table and
column, and both plans and records are held to it.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
ColumnType = Literal["text", "integer", "decimal", "boolean", "date", "code", "reference"]
Aggregate = Literal["count", "sum", "count_distinct", "max", "min"]
Sensitivity = Literal["open", "personal", "identity", "ethics", "health", "pay"]


class Record(BaseModel):
    """Base of everything read from YAML: frozen, and a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Text(Record):
    """The same words in Chinese, which people see, and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Unit(Record):
    """A unit; those of dimension `ratio` are pure numbers and go with any other."""

    id: Name
    label: Text
    dimension: Name


class Code(Record):
    """One code of a list: our token, its label, and its code in the published standard."""

    code: str = Field(min_length=1)
    label: Text
    standard: str | None = None
    aliases: tuple[str, ...] = ()


class CodeList(Record):
    """A closed list of codes; when `ordered`, from lowest to highest."""

    id: Name
    label: Text
    standard: str | None = None
    ordered: bool = False
    codes: tuple[Code, ...] = Field(min_length=1)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The codes alone, in order."""
        return tuple(code.code for code in self.codes)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Code → Chinese label."""
        return {code.code: code.label.zh for code in self.codes}

    def find(self, text: str) -> str | None:
        """The code that `text` names: by code, Chinese or English label, standard code, alias."""
        return self._by_any_name.get(text.strip().casefold())

    @cached_property
    def _by_any_name(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for code in self.codes:
            for name in (code.code, code.label.zh, code.label.en, code.standard, *code.aliases):
                if name is not None:
                    names.setdefault(name.casefold(), code.code)
        return names


class Column(Record):
    """One column of a relation. `codes` names its code list, `of` the relation it refers to."""

    id: Name
    label: Text
    type: ColumnType
    required: bool = False
    unit: Name | None = None
    codes: Name | None = None
    of: Name | None = None
    at_least: float | None = None
    at_most: float | None = None
    standard: str | None = None
    sensitivity: Sensitivity = "open"
    note: Text | None = None


class Dated(Record):
    """Which columns date a row: a day (`on`), a span (`since`, `until`; open when empty), a year.

    `year` names an integer column with a calendar year, `school_year` one with the year in which
    the school year begins.
    """

    on: Name | None = None
    since: Name | None = None
    until: Name | None = None
    year: Name | None = None
    school_year: Name | None = None


class Relation(Record):
    """One table of the snapshot. Its key is `<id>_id` where it has such a column.

    `belongs_to` names the relation whose rows it is counted under: entries belong to persons,
    persons to organisations. `when_absent` says what no row at all means for a subject: `zero`
    for registers (no row, no honour), `unknown` for ledgers that a school may not have handed in.
    """

    id: Name
    label: Text
    owner: Name
    belongs_to: Name | None = None
    dated: Dated = Dated()
    when_absent: Literal["zero", "unknown"] = "zero"
    subject: bool = False
    note: Text | None = None
    columns: tuple[Column, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> dict[str, Column]:
        """Column id → column."""
        return {column.id: column for column in self.columns}

    @cached_property
    def key(self) -> str | None:
        """The column that names a row, if rows have names."""
        name = f"{self.id}_id"
        return name if name in self.by_id else None

    @cached_property
    def parent_key(self) -> str | None:
        """The column that holds the key of the relation it belongs to."""
        return None if self.belongs_to is None else f"{self.belongs_to}_id"


class Measure(Record):
    """Something that can be counted or summed for a subject over a window."""

    id: Name
    label: Text
    relation: Name
    aggregate: Aggregate
    column: Name | None = None
    where: str | None = None
    unit: Name
    note: Text | None = None


class Vocabulary(Record):
    """Everything in `policy/vocabulary/`, by id."""

    units: dict[str, Unit]
    codes: dict[str, CodeList]
    relations: dict[str, Relation]
    measures: dict[str, Measure]

    def path_to(self, relation: str, subject: str) -> tuple[str, ...] | None:
        """Relations from `relation` up to `subject` along `belongs_to`; None if it is not above.

        `path_to("training_entry", "organisation")` is
        `("training_entry", "person", "organisation")`.
        """
        path = [relation]
        while path[-1] != subject:
            above = self.relations[path[-1]].belongs_to
            if above is None or above in path:
                return None
            path.append(above)
        return tuple(path)


class Validity(Record):
    """From when to when something holds; open at the end where the source names none."""

    since: date
    until: date | None = None
