"""Plans as data: the language, its vocabulary, and loading with every fault at its line.

The loaders are read when first asked for: who needs only the vocabulary's types, as the process
that checks a file does, is spared the plans and the parser of their expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qiangshi.policy.loading import (
        load_catalogue,
        load_plan,
        load_plans,
        load_vocabulary,
        plan_ids,
    )

__all__ = ["load_catalogue", "load_plan", "load_plans", "load_vocabulary", "plan_ids"]


def __getattr__(name: str) -> Any:
    """A loader. Raises AttributeError for any other name."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from qiangshi.policy import loading

    return getattr(loading, name)
