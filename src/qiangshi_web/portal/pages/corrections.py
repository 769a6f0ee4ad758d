"""Corrections: asked for by the person herself, decided by her school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from qiangshi_web.desk.actions import mark_read
from qiangshi_web.desk.models import CORRECTION
from qiangshi_web.desk.queries import unread_of
from qiangshi_web.filing.actions import (
    approve_correction,
    ask_correction,
    return_correction,
    take_back_correction,
)
from qiangshi_web.filing.forms import filled, typed
from qiangshi_web.filing.ledgers import ledgers
from qiangshi_web.filing.requests import (
    CorrectionRequest,
    asked_change,
    may_decide,
    requests_visible_to,
)
from qiangshi_web.filing.sight import for_asking, sight_of_person
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.records import Refused
from qiangshi_web.kernel.records.values import row_of
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.pages.person import person_crumbs
from qiangshi_web.portal.pages.records import seen_or_404
from qiangshi_web.portal.standpoint import Crumb
from qiangshi_web.portal.uploads import brought, download

if TYPE_CHECKING:
    from qiangshi_web.filing.forms import RecordForm
    from qiangshi_web.filing.queries import Seen
    from qiangshi_web.kernel.actors import ActorRequest

_AT_MOST = 2000
_WORDS = {
    "asked": "待审核",
    "approved": "已更正",
    "returned": "已退回",
    "taken_back": "本人撤回",
}


@requires(Area.RECORDS, Area.OWN)
def corrections(request: ActorRequest) -> HttpResponse:
    """Those that wait first, then those that were decided."""
    found = list(requests_visible_to(request.actor)[:_AT_MOST])
    told = list(unread_of(request.actor, kind=CORRECTION))
    if told:
        mark_read([one.pk for one in told], actor=request.actor, at=clock.now())
    context = {"told": told, "is_teacher": not request.actor.may_see(Area.RECORDS)}
    return answer(request, "portal/corrections.html", tables=[_table(found)], context=context)


def _table(found: list[CorrectionRequest]) -> Table[CorrectionRequest]:
    order = list(_WORDS)
    return Table(
        name="corrections",
        caption=say("更正申请"),
        columns=(
            Column(
                key="state",
                label="状态",
                value=lambda row: say(_WORDS[row.state]),
                rank=lambda row: order.index(row.state),
                filter="choice",
            ),
            Column(
                key="person",
                label="姓名",
                value=lambda row: row.person.name,
                filter="contains",
            ),
            Column(
                key="school",
                label="机构",
                value=lambda row: row.person.organisation.name if row.person.organisation else None,
                filter="choice",
            ),
            Column(
                key="what",
                label="事项",
                value=lambda row: ledgers()[row.ledger].label,
                link=lambda row: reverse("correction", args=[row.pk]),
                filter="choice",
            ),
            Column(key="reason", label="理由", value=lambda row: row.reason),
            Column(
                key="asked",
                label="申请日期",
                kind="date",
                value=lambda row: localdate(row.asked_at),
            ),
            Column(
                key="decided",
                label="办结日期",
                kind="date",
                value=lambda row: localdate(row.decided_at) if row.decided_at else None,
            ),
        ),
        rows=sorted(found, key=lambda row: order.index(row.state)),
    )


@requires(Area.OWN)
def ask(request: ActorRequest, ledger: str, key: str) -> HttpResponse:
    """Ask for the correction of a fact of one's own: the change, the reason, the proof."""
    seen = seen_or_404(request, ledger, key)
    if not seen.sight.is_own:
        raise Http404
    who: Any = {"actor": request.actor, "sight": for_asking(seen.sight)}
    form = filled(seen.ledger, row_of(seen.fact, seen.ledger.shape), **who)
    status = 200
    if request.method == "POST":
        form = typed(seen.ledger, request.POST, **who)
        reason = request.POST.get("reason", "").strip()
        try:
            asked = ask_correction(
                form, seen, brought(request), reason=reason, actor=request.actor, at=clock.now()
            )
        except Refused:
            status = 422
        else:
            return redirect("correction", asked.pk)
    return _asking(request, form, seen, status)


def _asking(request: ActorRequest, form: RecordForm, seen: Seen, status: int) -> HttpResponse:
    own = Crumb(seen.ledger.label, reverse("fact", args=[seen.ledger.name, seen.fact.key]))
    last = Crumb(say("申请更正"), request.path)
    context = {
        "title": say("申请更正：{what}", what=seen.ledger.label),
        "form": form,
        "fields": form.fields(),
        "verb": "ask",
        "verb_label": say("提交申请"),
        "about": seen.about,
        "about_url": own.url,
        "asks_reason": True,
        "asks_evidence": True,
        "reason": request.POST.get("reason", ""),
        "crumbs": person_crumbs(request, seen.about, own, last),  # type: ignore[arg-type]
    }
    return render(request, "portal/record_form.html", context, status=status)


@requires(Area.RECORDS, Area.OWN)
def correction(request: ActorRequest, number: int) -> HttpResponse:
    """One request: what is asked and why; decided here by whoever may."""
    asked = get_object_or_404(requests_visible_to(request.actor), pk=number)
    sight = sight_of_person(request.actor, asked.person)
    grounds: list[str] = []
    if request.method == "POST":
        try:
            _decide(request, asked, request.POST.get("decision", ""))
        except Refused as refused:
            grounds = [ground.text_zh for ground in refused.grounds]
        else:
            return redirect("correction", number)
    own = Crumb(say("更正申请"), reverse("corrections"))
    context = {
        "asked": asked,
        "what": ledgers()[asked.ledger].label,
        "changes": asked_change(asked, sight),
        "evidence": list(asked.evidence.defer("content")),
        "may_decide": may_decide(asked, sight),
        "may_take_back": sight.is_own and asked.state == "asked",
        "grounds": grounds,
        "answer": request.POST.get("answer", ""),
        "crumbs": [own, Crumb(str(asked.pk), request.path)],
    }
    return render(request, "portal/correction.html", context, status=422 if grounds else 200)


def _decide(request: ActorRequest, asked: CorrectionRequest, decision: str) -> None:
    """Approve, return or take back. Raises PermissionDenied, Refused, or Http404."""
    sight = sight_of_person(request.actor, asked.person)
    by: Any = {"actor": request.actor, "at": clock.now()}
    said = request.POST.get("answer", "").strip()
    if decision == "take_back" and sight.is_own:
        take_back_correction(asked, **by)
        return
    if asked.state == "asked" and not may_decide(asked, sight):
        raise PermissionDenied
    if decision == "approve":
        approve_correction(asked, answer=said, **by)
    elif decision == "return":
        return_correction(asked, answer=said, **by)
    else:
        raise Http404


@requires(Area.RECORDS, Area.OWN)
def evidence(request: ActorRequest, number: int, file: int) -> HttpResponse:
    """A file that came with a request."""
    asked = get_object_or_404(requests_visible_to(request.actor), pk=number)
    found = get_object_or_404(asked.evidence, pk=file)
    return download(bytes(found.content), name=found.name, content_type=found.content_type)
