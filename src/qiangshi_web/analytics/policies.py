"""Every plan that the product holds: what each says, what carries it, and whether that runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from qiangshi.commands.running import running
from qiangshi.measure.examples import read_examples
from qiangshi.measure.rule_words import rule_words
from qiangshi.policy import load_catalogue, load_plans
from qiangshi.policy.comparing import compare, shown_value, shown_window
from qiangshi.policy.coverage import carrier_reason, coverage
from qiangshi.policy.files import plan_folders, policy_root
from qiangshi.policy.item_parts import expressions_of, measures_of, values_of
from qiangshi.policy.vocabulary import Text
from qiangshi_web.analytics.plans import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.measure.examples import Example
    from qiangshi.measure.rule_words import RuleWords
    from qiangshi.policy.comparing import Demand
    from qiangshi.policy.coverage import Coverage, Running
    from qiangshi.policy.models import Clause, Item, Plan, Provision, Value


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries a provision; `reason` says why it does not run yet, empty where it does."""

    reference: str
    title: Text | None
    is_item: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Demanded:
    """A provision with its carriers."""

    provision: Provision
    carriers: tuple[Carrier, ...]

    @property
    def is_live(self) -> bool:
        """Whether everything that carries it runs."""
        return not any(carrier.reason for carrier in self.carriers)


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause with its provisions and its items."""

    clause: Clause
    demands: tuple[Demanded, ...]
    items: tuple[tuple[str, Item], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """An item laid open: values and conditions by name, what is counted, examples."""

    reference: str
    item: Item
    values: tuple[tuple[str, str, str, Text | None], ...]
    conditions: tuple[tuple[str, str], ...]
    counted: tuple[tuple[str, Text, Text, str], ...]
    words: RuleWords | None
    provisions: tuple[Provision, ...]
    examples: tuple[Example, ...]


_PARTS: Mapping[str | int, Text] = {
    "targets": Text(zh="目标", en="Target"),
    "quotas": Text(zh="名额", en="Quota"),
    "share": Text(zh="应达比例", en="Share asked for"),
    "floor": Text(zh="下限", en="Floor"),
    "ceiling": Text(zh="上限", en="Ceiling"),
    "at_least": Text(zh="至少", en="At least"),
}
"""What values are called that have no name of their own, by where they stand in the item."""


@cache
def policies() -> dict[str, Plan]:
    """All plans by id, national first."""
    return load_plans()


@cache
def _running() -> Running:
    return running()


@cache
def coverage_of(plan_id: str) -> Coverage:
    """How much of a plan is carried, and runs."""
    return coverage(policies()[plan_id], _running())


@cache
def passages(plan_id: str) -> tuple[Passage, ...]:
    """A plan in the order of its document."""
    plan = policies()[plan_id]
    return tuple(
        Passage(
            clause,
            tuple(_demanded(p, plan) for p in plan.provisions.values() if p.clause == path),
            tuple((ref, item) for ref, item in plan.items.items() if item.clause == path),
        )
        for path, clause in plan.clauses.items()
    )


def _demanded(provision: Provision, plan: Plan) -> Demanded:
    return Demanded(provision, tuple(_carrier(ref, plan) for ref in provision.carried_by))


def _carrier(reference: str, plan: Plan) -> Carrier:
    entry = load_catalogue_once().get(reference)
    item = plan.items.get(reference)
    kind, _, name = reference.partition(":")
    title = item.title if item else entry if entry else None
    if kind == "provision":
        title = plan.provisions[name].summary
    reason = carrier_reason(reference, plan, _running()) or ""
    return Carrier(reference, title, item is not None, reason)


@cache
def load_catalogue_once() -> dict[str, Text]:
    """Catalogue reference → its label."""
    return {ref: entry.label for ref, entry in load_catalogue().references().items()}


@cache
def rule(plan_id: str, reference: str) -> Rule:
    """One item with everything that it says. Raises KeyError where the plan has none."""
    plan, words = policies()[plan_id], vocabulary()
    item = plan.items[reference]
    folder = plan_folders(policy_root())[plan_id] / "examples"
    examples = read_examples(plan, folder, vocabulary=words)
    return Rule(
        reference=reference,
        item=item,
        values=tuple(
            (
                _named(below),
                shown_value(value, words),
                value.clause or item.clause,
                name_of_value(below, value),
            )
            for below, value in values_of(item)
        ),
        conditions=tuple(
            (_named(below), text) for below, text in expressions_of(item) if text != "TRUE"
        ),
        counted=tuple(
            (_named(below), words.measures[c.measure].label, shown_window(c), c.where or "")
            for below, c in measures_of(item)
        ),
        words=_in_words(plan, reference),
        provisions=tuple(p for p in plan.provisions.values() if reference in p.carried_by),
        examples=tuple(example for _, example in examples if example.item == reference),
    )


def _in_words(plan: Plan, reference: str) -> RuleWords | None:
    on = plan.head.validity.until or plan.head.validity.since
    return rule_words(plan, reference, vocabulary=vocabulary(), on=on)


def name_of_value(below: Sequence[str | int], value: Value) -> Text | None:
    """What a value is called, by itself or by where it stands; None where nothing tells."""
    return value.label or _PARTS.get(below[0])


def demands_on(matter: str) -> Sequence[Demand]:
    """What all plans ask on a matter."""
    return compare(policies().values(), matter, vocabulary()) if matter else []


def _named(below: Sequence[str | int]) -> str:
    return ".".join(str(step) for step in below)
