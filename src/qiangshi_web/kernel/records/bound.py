"""The verbs, bound to the ledgers of one context: nobody writes another's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from qiangshi_web.kernel.records import actions
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.registry import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.actions import Recorded

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Ledgers:
    """The ledgers of the context that is the Django application `context`.

    Each verb raises ValueError for a ledger of another context, and else what the verb raises.
    """

    context: str

    def record(
        self,
        relation: str,
        values: Mapping[str, Any],
        *,
        actor: Actor,
        at: datetime,
        source: str,
    ) -> Fact:
        """A new fact of a relation of the vocabulary."""
        model = register(relation).facts
        self._require_own(model)
        return actions.record(model, values, actor=actor, at=at, source=source)

    def record_many(
        self,
        relation: str,
        rows: Iterable[Mapping[str, Any]],
        *,
        actor: Actor,
        at: datetime,
        source: str,
        on: date | None = None,
    ) -> Recorded:
        """Many rows of a relation, all or none."""
        self._require_own(register(relation).model)
        return actions.record_many(relation, rows, actor=actor, at=at, source=source, on=on)

    def end(self, fact: F, *, on: date, actor: Actor, at: datetime, reason: str) -> F:
        """The last day of a fact."""
        self._require_own(type(fact))
        return actions.end(fact, on=on, actor=actor, at=at, reason=reason)

    def correct(
        self, fact: F, changes: Mapping[str, Any], *, actor: Actor, at: datetime, reason: str
    ) -> F:
        """What holds instead."""
        self._require_own(type(fact))
        return actions.correct(fact, changes, actor=actor, at=at, reason=reason)

    def withdraw(self, fact: Fact, *, actor: Actor, at: datetime, reason: str) -> None:
        """It never was so."""
        self._require_own(type(fact))
        actions.withdraw(fact, actor=actor, at=at, reason=reason)

    def _require_own(self, model: type[Any]) -> None:
        owner = model._meta.app_label
        if owner != self.context:
            raise ValueError(f"expected a ledger of {self.context}, got {owner}.{model.__name__}")
