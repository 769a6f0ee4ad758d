"""The parts of an item that checks and engines read, whatever its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.policy.models import (
    Activity,
    Count,
    FundRule,
    Gate,
    Incentive,
    Indicator,
    Programme,
    Share,
    Standard,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.policy.models import Counted, Item

Below = tuple[str | int, ...]


def subject_of(item: Item) -> str:
    """The relation whose rows the item is about; whole organisations where it says nothing."""
    match item:
        case Standard() | Gate() | Incentive() | Programme():
            return item.subject
        case Indicator(figure=Share(subject=subject) | Count(subject=subject)):
            return subject
        case _:
            return "organisation"


def values_of(item: Item) -> Iterator[tuple[Below, Value]]:
    """Every value that the item holds, with the keys that lead to it."""
    for name, value in item.values.items():
        yield ("values", name), value
    match item:
        case Standard(share=Value() as share):
            yield ("share",), share
        case Indicator():
            for index, target in enumerate(item.targets):
                if target.value is not None:
                    yield ("targets", index, "value"), target.value
        case Programme():
            for index, quota in enumerate(item.quotas):
                yield ("quotas", index, "value"), quota.value
        case FundRule():
            for name in ("floor", "ceiling"):
                bound = getattr(item, name)
                if bound is not None:
                    yield (name,), bound
        case Activity(at_least=Value() as at_least):
            yield ("at_least",), at_least


def measures_of(item: Item) -> Iterator[tuple[Below, Counted]]:
    """Everything that the item counts, with the keys that lead to it."""
    for name, counted in getattr(item, "measures", {}).items():
        yield ("measures", name), counted
    match item:
        case Programme():
            yield ("counts",), item.counts
        case FundRule():
            yield ("amount",), item.amount
            if item.base is not None:
                yield ("base",), item.base


def expressions_of(item: Item) -> Iterator[tuple[Below, str]]:
    """Every condition of the item over its subject, with the keys that lead to it."""
    match item:
        case Standard():
            yield ("population",), item.population
            yield ("requires",), item.requires
        case Indicator(figure=Share() as figure):
            yield ("figure", "population"), figure.population
            yield ("figure", "requires"), figure.requires
        case Indicator(figure=Count() as figure):
            yield ("figure", "population"), figure.population
        case Programme(eligibility=text) if text is not None:
            yield ("eligibility",), text
        case FundRule():
            yield ("population",), item.population
        case Gate(requires=text) if text is not None:
            yield ("requires",), text
        case Incentive(reads=text) if text is not None:
            yield ("reads",), text


def is_confirmed(item: Item) -> bool:
    """Whether everything that the item evaluates was printed readably in its source."""
    return item.confirm is None and all(value.confirm is None for _, value in values_of(item))
