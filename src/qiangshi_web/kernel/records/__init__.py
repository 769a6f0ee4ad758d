"""Records: what is believed now, what was believed before, and who changed it when and why.

A fact's table holds what is believed now. A correction or a withdrawal keeps the old row in
`Superseded`; the days on which a fact is true stand in the row itself. So there are two questions
of time, and both have an answer: what held on a day, and what was known at an instant.

    record(TrainingEntry, {...}, actor=…, at=…, source="附件2.xlsx")
    end(state, on=…, actor=…, at=…, reason=…)
    change(state, {"organisation_id": "S2"}, on=…, actor=…, at=…, reason=…)
    correct(entry, {"hours": 12}, actor=…, at=…, reason=…)
    withdraw(entry, actor=…, at=…, reason=…)
    erase(entry, actor=…, at=…, reason=…)
    record_many("training_entry", rows, actor=…, at=…, source=…)
    as_known(TrainingEntry, at=…)

Each verb checks everything first and raises `Refused` with every ground; each leaves an `Event`.
It asks too whether whoever signed in may write there, unless `by_right_of` names another right.
"""

from qiangshi_web.kernel.records.actions import (
    Recorded,
    change,
    correct,
    end,
    erase,
    record,
    record_many,
    undo,
    withdraw,
)
from qiangshi_web.kernel.records.circumstances import by_right_of, in_request, operation
from qiangshi_web.kernel.records.grounds import Ground, Refused, refuse
from qiangshi_web.kernel.records.history import Belief, as_known, beliefs

__all__ = [
    "Belief",
    "Ground",
    "Recorded",
    "Refused",
    "as_known",
    "beliefs",
    "by_right_of",
    "change",
    "correct",
    "end",
    "erase",
    "in_request",
    "operation",
    "record",
    "record_many",
    "refuse",
    "undo",
    "withdraw",
]
