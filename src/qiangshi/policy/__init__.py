"""Plans as data: the language, its vocabulary, and loading with every fault at its line."""

from qiangshi.policy.loading import (
    load_catalogue,
    load_plan,
    load_plans,
    load_vocabulary,
    plan_ids,
)

__all__ = ["load_catalogue", "load_plan", "load_plans", "load_vocabulary", "plan_ids"]
