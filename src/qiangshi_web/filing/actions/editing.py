"""A fact written through a form: what was typed wrong and what the record refuses come together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi_web.contexts.organisations.actions import change_organisation
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.actions import move_person
from qiangshi_web.contexts.people.queries import state_on
from qiangshi_web.filing.evidence import checked
from qiangshi_web.filing.forms import changes_in
from qiangshi_web.filing.models import KeptFile
from qiangshi_web.filing.sight import ARCHIVE, areas_at
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.records import (
    Ground,
    Refused,
    by_right_of,
    change,
    correct,
    end,
    record,
    refuse,
    withdraw,
)
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import Unpack

    from qiangshi_web.filing.evidence import Brought
    from qiangshi_web.filing.forms import RecordForm
    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.authorship import By, From
    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.records.shapes import Row


def add_fact(
    form: RecordForm, subject_id: str, *, files: Sequence[Brought] = (), **told: Unpack[From]
) -> Fact:
    """A new fact about a person or an organisation. Raises Refused with every ground.

    An entry of the growth archive may come with one file, which is kept with it.
    """
    ledger = form.ledger
    values = form.values() | {ledger.subject_column: subject_id}
    if form.sight.is_own and ledger.name == ARCHIVE:
        with by_right_of("own"):
            return _whole(form, lambda: _added(ledger, values, files, **told))
    return _whole(form, lambda: _added(ledger, values, files, **told))


def _added(ledger: Ledger, values: Row, files: Sequence[Brought], **told: Unpack[From]) -> Fact:
    if ledger.name != ARCHIVE or not files:
        return record(ledger.model, values, **told)
    if len(files) > 1:
        raise refuse("一条记载附一份文件，其余请另记")
    kept = checked(list(files))[0]
    names = {"file_name": kept.name, "file_sha256": kept.sha256}
    entry = record(ledger.model, values | names, **told)
    KeptFile.objects.create(
        entry_id=entry.pk, name=kept.name, content_type=kept.content_type, content=kept.content
    )
    return entry


def correct_fact(form: RecordForm, fact: Fact, **by: Unpack[By]) -> Fact:
    """What the form says instead of the fact. Raises Refused with every ground."""
    changes = changes_in(form, row_of(fact, form.ledger.shape))
    _require_reason(by["reason"])
    if not changes and not form.problems:
        raise refuse("没有任何改动")
    return _whole(form, lambda: correct(fact, changes, **by))


def change_state(form: RecordForm, fact: Fact, *, on: date, **by: Unpack[By]) -> None:
    """Let what the form says hold from the day on. Raises Refused with every ground.

    A person who changes schools is moved, her employment with her; the receiving school must lie
    in the actor's reach too.
    """
    shape = form.ledger.shape
    changes = changes_in(form, row_of(fact, shape))
    for name in (shape.since, shape.until):
        changes.pop(name or "", None)
    _require_reason(by["reason"])
    if not changes and not form.problems:
        raise refuse("没有任何改动")
    _whole(form, lambda: _changed(form, fact, changes, on=on, by=by))


def _changed(form: RecordForm, fact: Fact, changes: Row, *, on: date, by: By) -> Fact:
    if form.ledger.name == "organisation_state":
        return change_organisation(getattr(fact, "organisation_id", ""), changes, on=on, **by)
    if form.ledger.name == "person_state" and "organisation_id" in changes:
        to = changes.pop("organisation_id")
        _require_reach(by["actor"], to)
        person_id = getattr(fact, "person_id", "")
        move_person(person_id, to=to, on=on, changes=changes, **by)
        return state_on(person_id, on) or fact
    return change(fact, changes, on=on, **by)


def _require_reach(actor: Actor, organisation_id: str) -> None:
    place = Organisation.objects.filter(pk=organisation_id).first()
    if place is None or Area.RECORDS not in areas_at(actor, place.path, Level.WRITE):
        raise refuse(
            "调入单位不在您的管理范围内，请由两校共同的上级单位办理调动", "organisation_id"
        )


def end_fact(fact: Fact, *, on: date, **by: Unpack[By]) -> Fact:
    """The last day of a fact. Raises Refused."""
    _require_reason(by["reason"])
    return end(fact, on=on, **by)


def withdraw_fact(fact: Fact, **by: Unpack[By]) -> None:
    """It never was so. Raises Refused."""
    _require_reason(by["reason"])
    withdraw(fact, **by)


def _whole(form: RecordForm, write: Callable[[], Fact]) -> Fact:
    """Write, unless something was typed wrong; either way every ground is told."""
    grounds: list[Ground] = []
    fact: Fact | None = None
    try:
        with transaction.atomic():
            fact = write()
            if form.problems:
                raise Refused(form.faults())
    except Refused as refused:
        grounds = refused.grounds
    if grounds or fact is None:
        form.take(grounds)
        raise Refused(grounds)
    return fact


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("请填写事由", "reason")
