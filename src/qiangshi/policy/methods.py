"""How figures are judged and published: the product's own numbers, in `policy/measuring/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import Field

from qiangshi.errors import Fault, PolicyError
from qiangshi.policy.files import policy_root
from qiangshi.policy.schema import fit, fit_list
from qiangshi.policy.vocabulary import Name, Record, Slug, Text
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from pathlib import Path

Method = TypeVar("Method", bound=Record)


class TrendMethod(Record):
    """How the course of a figure is judged: days between snapshots, quantiles, horizon."""

    least_snapshots: int = Field(ge=2)
    least_days_between: int = Field(ge=1)
    year_before_days: tuple[int, int]
    outer_slopes: float = Field(ge=0, lt=0.5)
    horizon_years: int = Field(ge=1)
    note: Text


class PublicationMethod(Record):
    """What leaves the office: counts below `smallest_cell`, unless nought, do not."""

    smallest_cell: int = Field(ge=1)
    note: Text


class BalanceStage(Record):
    """The items whose spread between schools is measured, and the value that is its ceiling.

    `kinds` are the organisations that count as schools of the stage.
    """

    most: Name
    kinds: tuple[Name, ...] = Field(min_length=1)
    items: tuple[str, ...] = Field(min_length=1)


class BalanceMethod(Record):
    """A version of the coefficient of variation between schools, weighted by pupils."""

    id: Slug
    plan: Slug
    procedure: str
    stages: dict[Name, BalanceStage]
    note: Text


class Band(Record):
    """Completed years below `below`, and not below the band before; the last has no end."""

    id: Slug
    label: Text
    below: int | None = None


class Breakdown(Record):
    """By what a figure may be parted: the value of a column (`person.stage`), or its band.

    Of `columns` the first that a subject has, or leads to, parts it. With `bands` the column is a
    date, and the value the completed years up to the day of measuring.
    """

    id: Slug
    label: Text
    columns: tuple[str, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = ()


def load_breakdowns(root: Path | None = None) -> dict[str, Breakdown]:
    """`policy/measuring/breakdowns.yaml` by id. Raises PolicyError with every fault."""
    name = "policy/measuring/breakdowns.yaml"
    file = read_marked((root or policy_root()) / "measuring" / "breakdowns.yaml", name=name)
    faults: list[Fault] = []
    found = {breakdown.id: breakdown for _, breakdown in fit_list(Breakdown, file, faults)}
    if faults:
        raise PolicyError(faults)
    return found


def load_trend_method(root: Path | None = None) -> TrendMethod:
    """`policy/measuring/trend.yaml`. Raises PolicyError with every fault."""
    return _one(TrendMethod, "trend", root)


def load_publication_method(root: Path | None = None) -> PublicationMethod:
    """`policy/measuring/publication.yaml`. Raises PolicyError with every fault."""
    return _one(PublicationMethod, "publication", root)


def load_balance_methods(root: Path | None = None) -> dict[str, BalanceMethod]:
    """`policy/measuring/balance.yaml` by id, newest first. Raises PolicyError."""
    name = "policy/measuring/balance.yaml"
    file = read_marked((root or policy_root()) / "measuring" / "balance.yaml", name=name)
    faults: list[Fault] = []
    found = {method.id: method for _, method in fit_list(BalanceMethod, file, faults)}
    if faults:
        raise PolicyError(faults)
    return found


def _one(model: type[Method], name: str, root: Path | None) -> Method:
    path = (root or policy_root()) / "measuring" / f"{name}.yaml"
    faults: list[Fault] = []
    found = fit(model, read_marked(path, name=f"policy/measuring/{name}.yaml"), faults)
    if found is None or faults:
        raise PolicyError(faults)
    return found
