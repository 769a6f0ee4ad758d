"""Every write to the ledgers of ethics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from qiangshi_web.casework.actions import open_case
from qiangshi_web.contexts.ethics.models import (
    EthicsDecision,
    EthicsReport,
    ExposureItem,
    HalfYearReport,
    IntegrityEntry,
    Receipt,
)
from qiangshi_web.contexts.ethics.queries import counts, place_of_report
from qiangshi_web.contexts.ethics.receipts import digests, new_code
from qiangshi_web.kernel.actors import Actor, Area, Holding
from qiangshi_web.kernel.records import correct, operation, record, withdraw
from qiangshi_web.kernel.records.bound import Ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from qiangshi.periods import Period
    from qiangshi_web.contexts.organisations.queries import Organisation

__all__ = [
    "annul_decision",
    "close_report",
    "file_decision",
    "freeze_half_year",
    "ledgers",
    "note_appeal",
    "publish_case",
    "receive_report",
    "record_decision",
    "take_down",
]

ledgers = Ledgers("ethics")
REPORT = "ethics.report"
PUBLIC = "社会公众"


def keyed(case_number: int) -> str:
    """The number of what a case leaves on record."""
    return f"case-{case_number}"


@transaction.atomic
def receive_report(
    payload: Mapping[str, Any], *, school: Organisation, contact: str, on: date, at: datetime
) -> str:
    """A report from anybody, as a case and a fact; the code by which its reporter asks about it.

    Nobody's account is kept with it, whoever was signed in. `contact` may be empty.
    """
    place = place_of_report(school)
    holding = Holding("public", PUBLIC, place.pk, place.name, place.path, frozenset({Area.ETHICS}))
    anybody = Actor(user_id=None, name=PUBLIC, person_id="", holdings=(holding,))
    with operation("ethics-report"):
        case = open_case(
            REPORT, actor=anybody, on=on, at=at, payload=payload, organisation_id=place.pk
        )
        values = {
            "ethics_report_id": keyed(case.pk),
            "organisation_id": place.pk,
            "received_on": on,
            "source": payload["source"],
            "kind": payload["kind"],
        }
        record(EthicsReport, values, actor=anybody, at=at, source="举报")
    code = new_code()
    Receipt.objects.create(case=case, digest=digests(code)[-1], contact=contact or None)
    return code


def close_report(
    case_number: int | None,
    *,
    on: date,
    is_substantiated: bool | None,
    actor: Actor,
    at: datetime,
    reason: str,
) -> None:
    """How a report ended; nothing where there was none, as in a case that an office began."""
    found = EthicsReport.objects.filter(pk=keyed(case_number or 0)).first()
    if found is not None:
        changes = {"closed_on": on, "is_substantiated": is_substantiated}
        correct(found, changes, actor=actor, at=at, reason=reason[:400])


def record_decision(
    values: Mapping[str, Any], *, actor: Actor, at: datetime, source: str
) -> EthicsDecision:
    """A sanction from its first day to its last; a serious one is on the integrity record too.

    `values`: case_number, person_id, kind, sanction, is_serious, valid_from, valid_to.
    Raises Refused.
    """
    own = {**values}
    number = keyed(own.pop("case_number"))
    made = record(
        EthicsDecision, {**own, "ethics_decision_id": number}, actor=actor, at=at, source=source
    )
    if own["is_serious"]:
        entry = {
            "integrity_entry_id": number,
            "kind": "ethics_breach",
            "is_serious": True,
            "basis": f"师德处理决定{number}",
        } | {name: own[name] for name in ("person_id", "valid_from", "valid_to")}
        record(IntegrityEntry, entry, actor=actor, at=at, source=source)
    return made


def file_decision(
    case_number: int, *, on: date, actor: Actor, at: datetime, reason: str
) -> EthicsDecision:
    """The decision was reported upwards. Raises Refused."""
    found: EthicsDecision = EthicsDecision.objects.get(pk=keyed(case_number))
    return correct(found, {"reported_on": on}, actor=actor, at=at, reason=reason[:400])


def note_appeal(case_number: int, *, actor: Actor, at: datetime, reason: str) -> None:
    """The decision was contested and stands. Raises Refused."""
    found = EthicsDecision.objects.get(pk=keyed(case_number))
    correct(found, {"is_appealed": True}, actor=actor, at=at, reason=reason[:400])


def annul_decision(case_number: int, *, on: date, actor: Actor, at: datetime, reason: str) -> None:
    """The decision never was; with it go the integrity record and what was published."""
    for model in (EthicsDecision, IntegrityEntry):
        found = model.objects.filter(pk=keyed(case_number)).first()
        if found is not None:
            withdraw(found, actor=actor, at=at, reason=reason[:400])
    prefix = f"{keyed(case_number)}-"
    for shown in ExposureItem.objects.filter(pk__startswith=prefix, withdrawn_on=None):
        correct(shown, {"withdrawn_on": on}, actor=actor, at=at, reason=reason[:400])


def publish_case(
    values: Mapping[str, Any], *, case_number: int, actor: Actor, at: datetime, source: str
) -> ExposureItem:
    """A de-identified case is shown from a day on. Raises Refused.

    `values`: exposure_item_id, organisation_id, published_on, kind. `case_number` is that of the
    case whose decision it tells of.
    """
    row = {**values, "is_deidentified": True}
    made = record(ExposureItem, row, actor=actor, at=at, source=source)
    decision = EthicsDecision.objects.filter(pk=keyed(case_number), published_on=None).first()
    if decision is not None:
        on = {"published_on": values["published_on"]}
        correct(decision, on, actor=actor, at=at, reason=source)
    return made


def take_down(item_id: str, *, on: date, actor: Actor, at: datetime, reason: str) -> None:
    """A published case is shown no more."""
    found = ExposureItem.objects.filter(pk=item_id, withdrawn_on=None).first()
    if found is not None:
        correct(found, {"withdrawn_on": on}, actor=actor, at=at, reason=reason[:400])


def freeze_half_year(
    organisation: Organisation, half: Period, *, actor: Actor, at: datetime
) -> HalfYearReport:
    """The counts of a half year as they stand now, kept; a second time they are counted anew."""
    kept, _ = HalfYearReport.objects.update_or_create(
        organisation=organisation,
        starts_on=half.first,
        defaults={
            "ends_on": half.last,
            "made_at": at,
            "made_by": actor.name or "系统",
            "rows": counts(organisation, half),
        },
    )
    return kept
