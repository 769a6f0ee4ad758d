"""The plan language: what a plan may say, and the kinds of item that carry its provisions.

Every value has its clause: its own, or that of the item it stands in; both must be in the plan's
clause tree. What the source prints unreadably or ambiguously is marked `confirm` and is shown but
never evaluated.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from qiangshi.policy.vocabulary import Name, Record, Slug, Text, Validity

if TYPE_CHECKING:
    from collections.abc import Mapping

Shape = Literal[
    "indicator_target",
    "person_standard",
    "org_standard",
    "programme_quota",
    "gate_rule",
    "fund_rule",
    "process",
    "system",
    "report",
    "incentive",
    "task",
    "principle",
]
Comparison = Literal[">=", "<=", "=", ">", "<"]
Level = Literal["region", "county", "township", "school", "every"]
Per = Literal["year", "school_year", "term", "plan", "round", "once"]
Term = Annotated[str, StringConstraints(max_length=12)]
ClausePath = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Source(Record):
    """The document that a plan was read from; its text stays with the user."""

    file: str
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    note: Text | None = None


class Damage(Record):
    """A place where the source is misprinted, and how it was read."""

    clause: ClausePath | None = None
    note: Text


class PlanHead(Record):
    """`plan.yaml`: what the document is, for whom and for how long it holds."""

    id: Slug
    title: Text
    issuer: Text
    number: str | None = None
    issued_on: date | None = None
    published_on: date | None = None
    validity: Validity
    level: Literal["national", "province", "city", "county"]
    region: Text
    division_code: str | None = None
    parents: tuple[str, ...] = ()
    implements: tuple[Text, ...] = ()
    supersedes: tuple[str, ...] = ()
    scope: str = "TRUE"
    source: Source | None = None
    damage: tuple[Damage, ...] = ()


class Clause(Record):
    """A place in the outline of the document: its path, and a term that stands in it."""

    path: ClausePath
    parent: ClausePath | None = None
    label: Text
    term: Term | None = None


class Provision(Record):
    """One atomic demand of a clause, and what carries it.

    `carried_by` holds references of the form `kind:id`; which kinds may carry which shape is
    fixed in `qiangshi.policy.carriers`. `numbers` are the figures that the clause prints, as a
    reader may check them, for instance `>=360 class_hour / 5 year`.
    """

    id: str
    clause: ClausePath
    shape: Shape
    subject: str
    summary: Text
    term: Term | None = None
    numbers: tuple[str, ...] = ()
    due: date | Literal["recurring"] | None = None
    departments: tuple[str, ...] = ()
    carried_by: tuple[str, ...] = Field(min_length=1)
    note: Text | None = None


class ValueAt(Record):
    """A value from a day on."""

    since: date
    value: float | str


class Value(Record):
    """A number (or code) that the plan prints: the only place where one may stand.

    Give `value`, or `by_date` where it changes. `clause` defaults to the item's.
    """

    unit: Name | None = None
    codes: Name | None = None
    value: float | str | None = None
    by_date: tuple[ValueAt, ...] = ()
    clause: ClausePath | None = None
    label: Text | None = None
    confirm: Text | None = None

    @model_validator(mode="after")
    def _given_once(self) -> Value:
        if self.confirm is None and (self.value is None) == (not self.by_date):
            raise ValueError("expected one of value and by_date")
        return self

    def on(self, day: date) -> float | str | None:
        """The value in force on `day`; None before the first."""
        if self.value is not None:
            return self.value
        in_force = [at for at in self.by_date if at.since <= day]
        return max(in_force, key=lambda at: at.since).value if in_force else None


class Window(Record):
    """The days over which rows count: exactly one of the forms.

    `plan` is the plan's validity, `fixed` two days, `rolling` a duration such as P5Y that ends on
    the day of measuring, `year`, `school_year` and `term` the one around that day, `as_of` what is
    open on that day.
    """

    form: Literal["plan", "fixed", "rolling", "year", "school_year", "term", "as_of"]
    since: date | None = None
    until: date | None = None
    length: str | None = None


class Counted(Record):
    """A measure of the vocabulary, over a window, perhaps of fewer rows."""

    measure: Name
    window: Literal["plan", "year", "school_year", "term", "as_of"] | Window = "plan"
    where: str | None = None


class Item(Record):
    """What all kinds of item have in common."""

    id: Slug
    clause: ClausePath
    title: Text
    summary: Text
    values: dict[Name, Value] = Field(default_factory=dict)
    confirm: Text | None = None
    note: Text | None = None
    precedence: Text | None = None


class Overlap(Record):
    """Whether a row that counts here may count for other standards on the same ledger.

    `exclusive`: it counts for the one that stands first in the plan and binds the subject.
    """

    policy: Literal["shared", "exclusive"]
    others: tuple[Slug, ...] = Field(alias="with", default=())
    note: Text | None = None


class Standard(Item):
    """Something each person, organisation or other subject must have or do.

    `population` says who is bound, `requires` what they must satisfy: SQL scalar expressions over
    the subject's columns, those of the organisation above it, `measures` and `values`.
    """

    subject: Name
    population: str = "TRUE"
    measures: dict[Name, Counted] = Field(default_factory=dict)
    requires: str
    due: date | Literal["recurring"] | None = None
    share: Value | None = None
    overlap: Overlap | None = None


class Target(Record):
    """What an indicator must reach, by when, and at which level of the organisation tree."""

    op: Comparison | None = None
    value: Value | None = None
    direction: Literal["up", "down"] | None = None
    by: date | Literal["recurring"] | None = None
    level: Level = "region"

    @model_validator(mode="after")
    def _says_something(self) -> Target:
        if (self.op is None) != (self.value is None):
            raise ValueError("expected op and value together")
        if self.op is None and self.direction is None:
            raise ValueError("expected op and value, or direction")
        return self


class Share(Record):
    """Of a population, the share that satisfies a condition: a rate in [0, 1]."""

    kind: Literal["share"]
    subject: Name
    population: str = "TRUE"
    requires: str


class Count(Record):
    """How many of a subject satisfy a condition."""

    kind: Literal["count"]
    subject: Name
    population: str = "TRUE"


class Total(Record):
    """A measure added up over the organisation's subtree."""

    kind: Literal["total"]
    of: Name


class Ratio(Record):
    """One measure over another, each added up first: numerator and denominator are explicit."""

    kind: Literal["ratio"]
    numerator: Name
    denominator: Name


class Indicator(Item):
    """A figure of a region, county or school, with dated targets."""

    measures: dict[Name, Counted] = Field(default_factory=dict)
    figure: Annotated[Share | Count | Total | Ratio, Field(discriminator="kind")]
    unit: Name
    targets: tuple[Target, ...] = Field(min_length=1)


class Quota(Record):
    """How many a programme takes or holds, per period, at a level."""

    op: Comparison = ">="
    value: Value
    per: Per = "plan"
    level: Level = "region"
    by: date | None = None


class Programme(Item):
    """Something that is run for a number of people or bodies: a cohort, a selection, a contest.

    `counts` names what is counted toward the quota; a programme whose source names no number has
    no quota and is carried by its register and its rounds.
    """

    counts: Counted
    quotas: tuple[Quota, ...] = ()
    level: Term | None = None
    cycle: Per = "plan"
    due: date | Literal["recurring"] | None = None
    eligibility: str | None = None
    subject: Name = "person"


class FundRule(Item):
    """Money that must be set aside: a share of a base, or an amount, or growth.

    `amount` over `base` must lie at or above `floor` (and, where `ceiling_binds`, at or below
    `ceiling`), for each organisation of `population` or for the whole at `level`.
    """

    amount: Counted
    base: Counted | None = None
    floor: Value | None = None
    ceiling: Value | None = None
    ceiling_binds: bool = False
    direction: Literal["up"] | None = None
    level: Level = "region"
    population: str = "TRUE"
    due: date | Literal["recurring"] | None = None


class Gate(Item):
    """A check bound to a case type: who fails it is refused, deferred, or ranked behind."""

    case_type: str
    subject: Name = "person"
    measures: dict[Name, Counted] = Field(default_factory=dict)
    requires: str | None = None
    effect: Literal["refuse", "defer", "prefer", "count"] = "refuse"
    scores: bool = False


class Procedure(Item):
    """The numbers that a case type looks up: limits, publicity days, ratios, members of a panel."""

    case_type: str


class Activity(Item):
    """Something done again and again, with the register that holds its record."""

    record: Name
    per: Per = "year"
    at_least: Value | None = None
    owners: tuple[str, ...] = ()


class Task(Item):
    """Something that named bodies must do, by when or how often, and what shows that it is done."""

    owners: tuple[str, ...] = Field(min_length=1)
    with_: tuple[str, ...] = Field(alias="with", default=())
    due: date | None = None
    recurs: Per | None = None
    evidence: Text


class Report(Item):
    """A report that is due: what the catalogue calls it, how often, to whom."""

    report: str
    recurs: Per
    recipients: tuple[str, ...] = ()


class Incentive(Item):
    """A rule by which evaluation, pay or support follows a fact."""

    reads: str | None = None
    subject: Name = "person"
    measures: dict[Name, Counted] = Field(default_factory=dict)
    effect: Text


ITEM_KINDS: dict[str, type[Item]] = {
    "standard": Standard,
    "indicator": Indicator,
    "programme": Programme,
    "fund": FundRule,
    "gate": Gate,
    "procedure": Procedure,
    "activity": Activity,
    "task": Task,
    "report": Report,
    "incentive": Incentive,
}
"""Kind → model; the items of a kind stand in `<kind>s.yaml` of the plan's folder."""


class Plan(Record):
    """A whole plan: head, clause tree, provisions, and items by reference (`standard:hours`)."""

    head: PlanHead
    clauses: dict[str, Clause]
    provisions: dict[str, Provision]
    items: dict[str, Item]
    beside: dict[str, Item] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """The plan's id, also the name of its folder."""
        return self.head.id

    @property
    def known(self) -> dict[str, Item]:
        """Its items and those `beside` them, in file order."""
        return {name: self.items.get(name, item) for name, item in self.beside.items()} | self.items

    def only(self, items: Mapping[str, Item]) -> Plan:
        """The plan with these items alone; the others, of which they may speak, stand `beside`."""
        return self.model_copy(update={"items": dict(items), "beside": self.known})

    def kind(self, kind: str) -> list[Item]:
        """All items of one kind, in file order."""
        return [item for ref, item in self.items.items() if ref.startswith(f"{kind}:")]
