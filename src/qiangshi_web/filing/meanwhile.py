"""What became of a fact while somebody had it open in a form: no change is undone unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime

from qiangshi_web.filing.forms import RecordForm, filled
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.records import beliefs
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.kernel.records.facts import Fact


def stand_of(fact: Fact) -> str:
    """Since when the fact is believed as it stands; empty where it is withdrawn."""
    known_from: datetime | None = fact.known_from
    return "" if known_from is None else known_from.isoformat()


def rebased(form: RecordForm, fact: Fact, opened: str) -> RecordForm:
    """The form on the fact as it stands now, where it was filled in on its stand of `opened`.

    What was typed stands; what was left as it was follows the record. Says who changed what.
    """
    who: Any = {"actor": form.actor, "sight": form.sight}
    now = filled(form.ledger, row_of(fact, form.ledger.shape), **who)
    held = beliefs(form.ledger.model, fact.key)
    row = next((one.row for one in held if one.known_from.isoformat() == opened), None)
    before = form if row is None else filled(form.ledger, row, **who)
    typed = {
        column.id: form.texts[column.id]
        for column in form.columns
        if form.texts[column.id] != before.texts[column.id]
    }
    changed = [
        say("“{what}”现为“{now}”", what=pick(column.label), now=now.texts[column.id] or "—")
        for column in form.columns
        if now.texts[column.id] != before.texts[column.id]
    ]
    said = say(
        "您打开本页后，{who}已于{at}改动这条记录，尚未保存。请核对后再次提交",
        who=fact.recorded_by,
        at=f"{localtime(fact.known_from):%Y-%m-%d %H:%M}",
    )
    return replace(now, texts=now.texts | typed, general=[said, *changed])
