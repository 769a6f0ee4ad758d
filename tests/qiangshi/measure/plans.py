"""Plans of a few items, written where they are tested."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from qiangshi.policy.models import ITEM_KINDS, Clause, Plan, PlanHead
from qiangshi.policy.vocabulary import Text, Validity

if TYPE_CHECKING:
    from qiangshi.policy.models import Item

WORDS = {"zh": "试行", "en": "Trial"}


def plan_of(scope: str = "TRUE", **items: dict[str, Any]) -> Plan:
    """A plan for 2021–2025 with items such as `standard_hours={...}`; what is missing is filled."""
    made: dict[str, Item] = {}
    for name, given in items.items():
        kind, _, slug = name.partition("_")
        whole = {"id": slug.replace("_", "-"), "clause": "一", "title": WORDS, "summary": WORDS}
        item = ITEM_KINDS[kind].model_validate(whole | given)
        made[f"{kind}:{item.id}"] = item
    head = PlanHead(
        id="trial-2021",
        title=Text(zh="甲县试行方案", en="Trial plan"),
        issuer=Text(**WORDS),
        validity=Validity(since=date(2021, 1, 1), until=date(2025, 12, 31)),
        level="county",
        region=Text(zh="甲县示范区", en="Trial county"),
        scope=scope,
    )
    clause = Clause(path="一", label=Text(**WORDS))
    return Plan(head=head, clauses={"一": clause}, provisions={}, items=made)
