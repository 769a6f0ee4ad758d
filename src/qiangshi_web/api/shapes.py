"""What goes over the wire: every field has its Chinese title and, where it has one, its unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from annotated_types import Ge, Le
from ninja import Field, Schema
from pydantic import StringConstraints

T = TypeVar("T")

Key = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=120)]
"""A number, a code or a name as it stands in the record: no control characters."""

Number = Annotated[int, Ge(1), Le(2**63 - 1)]
Limit = Annotated[int, Ge(1), Le(500)]
Status = Literal["met", "not_met", "unknown", "not_applicable", "informational"]


class Problem(Schema):
    """Why there is no answer; `grounds` holds every one, in Chinese."""

    detail: str
    grounds: list[str] = Field(default_factory=list)


class Unreadable(Schema):
    """A request that does not fit the description."""

    detail: list[dict[str, Any]]


class Page(Schema, Generic[T]):
    """Part of a list; `next` goes into `after` for the part that follows, null at the end."""

    items: list[T]
    next: str | None = None


class PlanHead(Schema):
    """A plan (规划)."""

    id: str
    title_zh: str
    title_en: str
    level: str
    valid_from: date | None
    valid_to: date | None
    clauses: int
    provisions: int
    items: int


class Demand(Schema):
    """One demand of a clause (要求), and what carries it."""

    id: str
    shape: str
    summary_zh: str
    summary_en: str
    numbers: list[str]
    carried_by: list[str]


class Clause(Schema):
    """A clause (条款) with its demands and the items that compute it."""

    path: str
    parent: str | None
    label_zh: str
    label_en: str
    demands: list[Demand]
    items: list[str]


class PlanWhole(PlanHead):
    """A plan with its clauses, in the order of the document."""

    outline: list[Clause]


class Organisation(Schema):
    """An organisation (机构) as it is today."""

    organisation_id: str
    name: str
    kind: str
    tier: str
    parent_id: str | None


class Figure(Schema):
    """How an organisation stands on an item (测算结果).

    `low` and `high` bound the value over all that is unknown. Null is unknown or does not apply:
    never zero.
    """

    plan: str
    clause: str
    item: str
    kind: str
    title: str
    organisation_id: str
    organisation: str
    period: str
    numerator: float | None
    denominator: float | None
    not_met: int | None
    unknown: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    op: str
    target: float | None
    status: Status


class Figures(Page[Figure]):
    """Results of one run: the day of its records and their hash."""

    on: date
    snapshot: str


class StaffMember(Schema):
    """A person at work (教职工) today; what is kept apart is not here."""

    person_id: str
    name: str
    organisation_id: str
    organisation: str
    staff_class: str | None
    employment_kind: str | None
    stage: str | None
    subject: str | None
    title_rank: str | None
    education_level: str | None
    status: str | None


class CaseLine(Schema):
    """A case (办件) that is open: to do, overdue, or waiting for somebody else."""

    case_id: int
    kind: str
    kind_zh: str
    place: str
    place_zh: str
    subject: str
    organisation_id: str
    organisation: str
    since: date
    due: date | None
    state: Literal["todo", "overdue", "waiting"]


class ImportLine(Schema):
    """A file on its way into the record (导入文件)."""

    file_id: int
    name: str
    sha256: str
    organisation_id: str
    on: date
    state: str
    state_zh: str
    problem: str
    rows_read: int | None
    rows_bad: int | None
    handed_in_at: datetime
    job_id: int | None


class Held(Schema):
    """A grant in force (授权)."""

    role: str
    organisation_id: str
    organisation: str
    areas: list[str]


class Me(Schema):
    """Who asks, and what opens to her in this request."""

    name: str
    person_id: str | None
    on: date
    holdings: list[Held]
