"""What every act leaves behind: events, standing, asks, effects, papers, notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qiangshi.casework import jsonform
from qiangshi.casework.kinds import APPLICANT, EXPERT, Outcome
from qiangshi.casework.options import asked
from qiangshi.casework.standing import after
from qiangshi.casework.ticking import wakes_on
from qiangshi_web.casework.actions.papers import issue
from qiangshi_web.casework.actions.telling import tell
from qiangshi_web.casework.models import Ask, Case, CaseEvent
from qiangshi_web.casework.parties import stands_in_for
from qiangshi_web.casework.queries import file_of, kind, standing_of
from qiangshi_web.casework.registry import Deed, declared, operation_of, take_back
from qiangshi_web.kernel.chain.actions import add_rows
from qiangshi_web.kernel.records import by_right_of, operation
from qiangshi_web.kernel.records.circumstances import on_behalf_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qiangshi.casework.standing import Event, Standing
    from qiangshi_web.kernel.actors import Actor

_BATCH = 500
FIELDS = ("place", "since", "due", "wakes_on", "ended_on", "events_seen", "standing")
SYSTEM = "系统"


@dataclass
class Written:
    """A case with the events that happen to it in one transaction, in order."""

    case: Case
    events: list[Event]
    before: Standing | None = None
    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        known = None if is_new(self.case) else (self.before or standing_of(self.case))
        self.before = known
        for event in self.events:
            known = after(known, event)
        assert known is not None, "expected an event, got none"
        self.standing = known


def is_new(case: Case) -> bool:
    """Whether the case has never been stored."""
    return case._state.adding  # noqa: SLF001 - Django's documented way to ask


def write(all_written: Sequence[Written], *, actor: Actor, at: datetime) -> None:
    """Keep everything; call the effects of outcomes; say whom each case waits for now.

    A number of queries that does not grow with the cases, but for effects and papers, which are
    the owners' own. The caller holds the transaction and the rows.
    """
    for written in all_written:
        _set_fields(written)
    fresh = [written.case for written in all_written if is_new(written.case)]
    known = [written.case for written in all_written if not is_new(written.case)]
    for case in fresh:
        case.save()
    # An upsert: Django's own bulk_update spells one CASE a field and takes fifty times as long.
    Case.objects.bulk_create(
        known,
        batch_size=_BATCH,
        update_conflicts=True,
        update_fields=FIELDS,
        unique_fields=("id",),
    )
    with on_behalf_of(_principals(all_written, actor)):
        _log(all_written, actor=actor, at=at)
        _ask_anew(all_written)
        for written in all_written:
            _take_effect(written, actor=actor, at=at)
    tell(all_written)


def _principals(all_written: Sequence[Written], actor: Actor) -> str:
    """Whom the actor stands in for: who delegated the roles in which she acts."""
    acts = ((one.case, event.role) for one in all_written for event in one.events)
    return "、".join(sorted({stands_in_for(actor, case, role) for case, role in acts} - {""}))


def _log(all_written: Sequence[Written], *, actor: Actor, at: datetime) -> None:
    """The rows of what happened, and one event of the log that holds them all."""
    verbs = {event.verb for one in all_written for event in one.events}
    verb = verbs.pop() if len(verbs) == 1 else "act"
    key = str(all_written[0].case.pk) if len(all_written) == 1 else ""
    add_rows(CaseEvent, _rows(all_written, actor, at), verb, key=key, actor=actor, at=at)


def _set_fields(written: Written) -> None:
    case, now, kind_ = written.case, written.standing, kind(written.case)
    case.place, case.since, case.due = now.place, now.since, now.due
    case.wakes_on = wakes_on(kind_, now)
    case.ended_on = now.since if kind_.is_end(now.place) else None
    case.events_seen = now.events
    case.standing = jsonform.told(now)


def _rows(all_written: Sequence[Written], actor: Actor, at: datetime) -> list[CaseEvent]:
    return [
        CaseEvent(
            case=one.case,
            number=number,
            at=at,
            on=event.on,
            user_id=actor.user_id,
            name=actor.name or SYSTEM,
            on_behalf_of=stands_in_for(actor, one.case, event.role),
            verb=event.verb,
            body=jsonform.told(event),
        )
        for one in all_written
        for number, event in enumerate(one.events, one.standing.events - len(one.events) + 1)
    ]


def _ask_anew(all_written: Sequence[Written]) -> None:
    """Only where whom the case waits for has changed."""
    all_written = [written for written in all_written if _asks_others(written)]
    cases = [written.case for written in all_written]
    Ask.objects.filter(case__in=cases).delete()
    asks = []
    for written in all_written:
        case = written.case
        for role in sorted(asked(kind(case), written.standing)):
            persons = [case.person_id if role == APPLICANT else None]
            if role == EXPERT:
                persons = [one.expert for one in written.standing.members if one.score is None]
            asks += [Ask(case=case, role=role, person_id=person) for person in persons]
    Ask.objects.bulk_create(asks, batch_size=_BATCH)


def _asks_others(written: Written) -> bool:
    before, now, kind_ = written.before, written.standing, kind(written.case)
    same_seats = before is not None and before.seats == now.seats
    return not same_seats or before is None or asked(kind_, before) != asked(kind_, now)


def _take_effect(written: Written, *, actor: Actor, at: datetime) -> None:
    case = written.case
    one = declared(case.type_key, case.type_version)
    file = file_of(case, written.standing)
    for event in written.events:
        deed = Deed(event, actor, at, event.on)
        with by_right_of(operation_of(case.pk)):  # the step was its actor's to take
            if event.verb == "reopen":
                take_back(file, deed)
            if event.effect:
                with operation(operation_of(case.pk)):
                    one.effects[event.effect](file, deed)
        if event.verb in {"reopen", "appeal"}:
            # a case that is taken up again: its papers no longer hold
            case.decisions.filter(withdrawn_on=None).update(withdrawn_on=event.on)
        place = file.kind.places[event.target]
        if isinstance(place, Outcome) and event.source != event.target:
            issue(case, file, event, actor=actor, at=at)
