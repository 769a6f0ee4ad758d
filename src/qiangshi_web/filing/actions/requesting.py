"""A correction asked for, decided, carried out: the fact changes in the decision's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from qiangshi_web.contexts.people.queries import numbers_of, own_numbers
from qiangshi_web.desk.actions import notice, notify
from qiangshi_web.desk.models import CORRECTION
from qiangshi_web.filing.evidence import checked
from qiangshi_web.filing.forms import changes_in
from qiangshi_web.filing.ledgers import area_of_column
from qiangshi_web.filing.models import CorrectionRequest, Evidence
from qiangshi_web.filing.queries import fact_of
from qiangshi_web.identity.queries import accounts_of
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.records import Ground, Refused, correct, operation, refuse
from qiangshi_web.kernel.records.values import as_kept, read_back, row_of
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.filing.evidence import Brought
    from qiangshi_web.filing.forms import RecordForm
    from qiangshi_web.filing.queries import Seen
    from qiangshi_web.kernel.actors import Actor

_RELATION = "correction_request"
_LONGEST = 400
_DECIDED = "您的更正申请第{number}号{state}"


def ask_correction(
    form: RecordForm,
    seen: Seen,
    files: list[Brought],
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> CorrectionRequest:
    """Ask that a fact say what the form says. Raises Refused with every ground.

    The record itself stays as it is until somebody decides.
    """
    row = row_of(seen.fact, form.ledger.shape)
    changes = changes_in(form, row)
    grounds = form.faults()
    if not changes and not grounds:
        grounds.append(Ground("没有任何改动"))
    if not reason or len(reason) > _LONGEST:
        grounds.append(Ground(f"请填写理由，最多{_LONGEST}字", "reason"))
    try:
        brought = checked(files)
    except Refused as refused:
        grounds += refused.grounds
    if grounds:
        form.take([ground for ground in grounds if ground.field not in form.problems])
        raise Refused(grounds)
    shape = form.ledger.shape
    columns = shape.columns
    areas = [area for name in changes if (area := area_of_column(columns[name]))]
    asked = CorrectionRequest(
        person_id=seen.about.pk,
        ledger=form.ledger.name,
        key=seen.fact.key,
        seen_from=seen.fact.known_from,
        area=(areas or [form.ledger.area])[0],
        before=as_kept({name: row[name] for name in changes}, shape),
        changes=as_kept(changes, shape),
        reason=reason,
        asked_at=at,
        asked_by=actor.name,
        state="asked",
    )
    try:
        with transaction.atomic():
            asked.save()
            for one in brought:
                Evidence.objects.create(
                    request=asked,
                    name=one.name,
                    content_type=one.content_type,
                    sha256=one.sha256,
                    content=one.content,
                )
            _log("ask", asked, actor=actor, at=at, reason=reason, after=_told(asked))
    except IntegrityError as error:
        raise _taken(form) from error
    return asked


def _taken(form: RecordForm) -> Refused:
    refused = refuse("这条记录已有一份更正申请在办理，办结后可再申请")
    form.take(refused.grounds)
    return refused


def approve_correction(
    asked: CorrectionRequest, *, actor: Actor, at: datetime, answer: str = ""
) -> None:
    """Correct the fact as asked, and tell the person. Raises Refused with every ground.

    Whoever asked does not decide; a fact that changed since it was seen is not corrected.
    """
    with transaction.atomic(), operation(_RELATION):
        held = _held(asked, actor)
        found = fact_of(held.ledger, held.key)
        if found is None or found[1].known_from != held.seen_from:
            raise refuse("这条记录在申请之后已有变动，请退回，由本人按现在的记载重新申请")
        ledger, fact = found
        changes = read_back(held.changes, ledger.shape)
        why = f"更正申请第{held.pk}号：{held.reason}"[:_LONGEST]
        correct(fact, changes, actor=actor, at=at, reason=why)
        _decide(held, "approved", actor=actor, at=at, answer=answer)


def return_correction(asked: CorrectionRequest, *, actor: Actor, at: datetime, answer: str) -> None:
    """Leave the fact as it is, and tell the person why. Raises Refused."""
    if not answer.strip():
        raise refuse("退回须写明原因", "answer")
    with transaction.atomic(), operation(_RELATION):
        _decide(_held(asked, actor), "returned", actor=actor, at=at, answer=answer)


def take_back_correction(asked: CorrectionRequest, *, actor: Actor, at: datetime) -> None:
    """The person asks no more. Raises Refused when it is decided already."""
    with transaction.atomic(), operation(_RELATION):
        held = CorrectionRequest.objects.select_for_update().get(pk=asked.pk)
        _require_open(held)
        _close(held, "taken_back", actor=actor, at=at, answer="")


def _held(asked: CorrectionRequest, actor: Actor) -> CorrectionRequest:
    """The request, locked, open, and not the actor's own."""
    held = CorrectionRequest.objects.select_for_update().get(pk=asked.pk)
    _require_open(held)
    if actor.person_id and own_numbers(actor.person_id).filter(pk=held.person_id).exists():
        raise refuse("本人的更正申请须由他人审核")
    return held


def _require_open(held: CorrectionRequest) -> None:
    if held.state != "asked":
        raise refuse(f"这份申请已由{held.decided_by}办结：{held.state_label}")


def _decide(
    held: CorrectionRequest, state: str, *, actor: Actor, at: datetime, answer: str
) -> None:
    _close(held, state, actor=actor, at=at, answer=answer.strip()[:_LONGEST])
    told: dict[str, str | int | Said] = {"number": held.pk, "answer": held.answer}
    told["state"] = Said(held.state_label)
    words = "您的更正申请第{number}号{state}：{answer}" if held.answer else _DECIDED
    said = Said(words, told)
    key, link = f"{held.pk}/{state}", reverse("correction", args=[held.pk])
    notify(
        notice(user_id, CORRECTION, key, said, link=link, on=localdate(at))
        for user_id in accounts_of(numbers_of(held.person_id))
    )


def _close(held: CorrectionRequest, state: str, *, actor: Actor, at: datetime, answer: str) -> None:
    before = _told(held)
    held.state, held.answer = state, answer
    held.decided_at, held.decided_by = at, actor.name
    held.save()
    _log(state, held, actor=actor, at=at, reason=answer, before=before, after=_told(held))


def _told(asked: CorrectionRequest) -> dict[str, Any]:
    return {field.attname: getattr(asked, field.attname) for field in asked._meta.concrete_fields}


def _log(
    verb: str,
    asked: CorrectionRequest,
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    key = str(asked.pk)
    note(verb, _RELATION, key, actor=actor, at=at, reason=reason, before=before, after=after)
