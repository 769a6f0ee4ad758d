"""What every write leaves behind: the event, the belief that it replaced, the news of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records.circumstances import present
from qiangshi_web.kernel.records.grounds import Ground, Refused, refuse
from qiangshi_web.kernel.records.rights import require_right
from qiangshi_web.kernel.records.shapes import rows_of
from qiangshi_web.kernel.records.signals import written
from qiangshi_web.kernel.records.values import told
from qiangshi_web.kernel.superseded import Superseded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from django.db.models import Model

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.records.shapes import Row, Shape

_LONGEST = 400  # characters that the columns for sources and reasons take
_NAME = 80
SYSTEM = "系统"
"""Who acts where nobody signed in: a command, a subscription."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, when, from what source, and why."""

    actor: Actor
    at: datetime
    source: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"expected an instant with a time zone, got {self.at!r}")
        if max(len(self.source), len(self.reason)) > _LONGEST:
            raise refuse(f"来源、事由最多{_LONGEST}字")

    @property
    def name(self) -> str:
        """How the record names the actor."""
        return (self.actor.name or SYSTEM)[:_NAME]

    def belief(self) -> dict[str, object]:
        """What a row carries from this write on."""
        return {
            "known_from": self.at,
            "recorded_by": self.name,
            "recorded_source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A row before and after a write; None where there was or is none."""

    key: str
    before: Row | None
    after: Row | None


@contextmanager
def one_transaction(model: type[Model]) -> Iterator[None]:
    """All or nothing; what only the database noticed is refused in words too."""
    try:
        with transaction.atomic():
            yield
    except ProtectedError as error:
        raise refuse(f"{model._meta.verbose_name}尚被其他记录引用，不能撤销") from error
    except IntegrityError as error:
        raise Refused([_in_words(error, model)]) from error


def _in_words(error: IntegrityError, model: type[Model]) -> Ground:
    said = str(error)
    for constraint in model._meta.constraints:
        if constraint.name in said:
            return Ground(str(constraint.violation_error_message))
    if "no_overlap" in said:
        return Ground(f"时间重叠：{model._meta.verbose_name}已有另一段")
    if "unique" in said.casefold():
        return Ground(f"{model._meta.verbose_name}：该编号或该对象、该日期的记录已存在")
    return Ground(f"{model._meta.verbose_name}：与数据库中的记录不相容")


def lock(shape: Shape, rows: Iterable[Row]) -> None:
    """Hold what the rows are about until the end, so that no other writer overlaps with them.

    SQLite's one writer holds everything already.
    """
    for name in shape.model.one_at_a_time[:1]:
        target = shape.references[name]
        keys = {row[name] for row in rows}
        held = rows_of(target).filter(pk__in=keys).order_by("pk").select_for_update()
        list(held.values_list("pk"))


def supersede(shape: Shape, facts: Collection[Fact], writing: Writing) -> None:
    """Keep what is believed of the facts now: it ends at the write's instant."""
    Superseded.objects.bulk_create(
        [
            Superseded(
                relation=shape.model.ledger(),
                key=fact.key,
                row=told(fact, shape),
                known_from=fact.known_from,
                known_to=writing.at,
                by=writing.name,
                reason=writing.reason,
            )
            for fact in facts
        ],
        batch_size=1000,
    )


def log(
    verb: str,
    shape: Shape,
    writing: Writing,
    *,
    key: str = "",
    before: Row | None = None,
    after: Row | None = None,
) -> Event:
    """The event of a write."""
    around = present()
    return Event.objects.create(
        at=writing.at,
        actor=writing.name,
        actor_id=writing.actor.user_id,
        on_behalf_of=around.on_behalf_of,
        verb=verb,
        relation=shape.model.ledger(),
        key=key,
        before=before,
        after=after,
        reason=writing.reason,
        operation=around.operation,
        operation_id=around.operation_id,
        request_id=around.request_id,
    )


def tell(shape: Shape, writing: Writing, changes: Collection[Change]) -> None:
    """Subscribers hear of the changes while they can still object.

    Raises Refused where the actor may not write such rows: here everything that a verb does
    passes, once, with what was and what is.
    """
    if changes:
        rows = (row for change in changes for row in (change.before, change.after))
        require_right(shape, rows, writing.actor)
        written.send(sender=shape.model, changes=changes, at=writing.at, actor=writing.actor)
