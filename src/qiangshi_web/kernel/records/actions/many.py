"""Many rows of one relation at once: an import, a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qiangshi_web.kernel.records.actions.states import put_states
from qiangshi_web.kernel.records.actions.storing import put
from qiangshi_web.kernel.records.actions.writing import Writing, log, one_transaction, tell
from qiangshi_web.kernel.records.grounds import Refused
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.registry import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.actions.storing import Outcome
    from qiangshi_web.kernel.records.shapes import Shape


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many rows a bulk write recorded, corrected, and found to be so already."""

    recorded: int
    corrected: int
    unchanged: int


def record_many(
    relation: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    actor: Actor,
    at: datetime,
    source: str,
    on: date | None = None,
) -> Recorded:
    """All rows or none; the same rows twice are once.

    A row whose key is on record corrects it where it says something else; columns that no row
    tells stay as they are. For a relation of states (persons, organisations) the rows say what
    holds on the day `on`, that of `at` when not given: a state that differs ends the day before.
    Raises Refused with every ground, by row.
    """
    found, writing = register(relation), Writing(actor, at, source)
    told = [dict(row) for row in rows]
    with one_transaction(found.model):
        if found.state is None:
            outcomes = [(shape_of(found.facts), put(shape_of(found.facts), told, writing))]
        else:
            day = on or timezone.localdate(at)
            outcomes = put_states(found, told, writing, on=day)
        grounds = [ground for _, outcome in outcomes for ground in outcome.grounds]
        if grounds:
            raise Refused(grounds)
        for shape, outcome in outcomes:
            _leave_behind(shape, outcome, writing)
    last = outcomes[-1][1]
    return Recorded(len(last.recorded), len(last.corrected), last.unchanged)


def _leave_behind(shape: Shape, outcome: Outcome, writing: Writing) -> None:
    """One event for all, where there was anything to do."""
    if outcome.changes:
        keys = {
            "recorded": [change.key for change in outcome.recorded],
            "corrected": [change.key for change in outcome.corrected],
            "source": writing.source,
        }
        log("record_many", shape, writing, after=keys)
        tell(shape, writing, outcome.changes)
