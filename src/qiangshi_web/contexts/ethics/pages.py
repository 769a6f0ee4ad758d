"""Reporting by anybody, what is shown to the public, and the half-yearly report."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from qiangshi.casework.grounds import Ground, Refused
from qiangshi_web.casework.actions.opening import present_kind
from qiangshi_web.casework.pages import filling
from qiangshi_web.contexts.ethics.actions import REPORT, receive_report
from qiangshi_web.contexts.ethics.half_year import half_before
from qiangshi_web.contexts.ethics.queries import (
    case_of_receipt,
    published,
    reports_visible_to,
    schools,
    state_of_report,
)
from qiangshi_web.contexts.ethics.receipts import fingerprint, spaced
from qiangshi_web.contexts.ethics.sanctions import CODES
from qiangshi_web.contexts.organisations.queries import Organisation, home_of
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import JOBS
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.counting import counted
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.registry import vocabulary
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.casework.kinds import CaseType
    from qiangshi.periods import Period
    from qiangshi_web.contexts.ethics.queries import HalfYearReport
    from qiangshi_web.kernel.actors import ActorRequest

_AN_HOUR = 3600
_REPORTS, _QUESTIONS = 5, 30  # of one sender within an hour
_OF_ALL = 300  # reports of everybody within an hour
_LONGEST_CONTACT = 120
_HALVES = 6
_DAY = timedelta(days=1)


def _too_often(request: ActorRequest, what: str, most: int) -> bool:
    """Whether a sender, or everybody together, has asked too much of late.

    Kept for the hour alone is a keyed fingerprint, which leads to nobody and stands in no report.
    """
    sender = fingerprint(f"{what}:{request.META.get('REMOTE_ADDR', '')}")
    of_sender = counted(cache, f"ethics:{what}:{sender}", _AN_HOUR)
    return of_sender > most or counted(cache, f"ethics:{what}:all", _AN_HOUR) > _OF_ALL


def _refused_for_a_while(request: ActorRequest) -> HttpResponse:
    response = render(request, "ethics/too_often.html", status=429)
    response["Retry-After"] = str(_AN_HOUR)
    return response


@login_not_required
def ethics_report(request: ActorRequest) -> HttpResponse:
    """A report by anybody. Whoever is signed in reports as everybody else: unseen."""
    kind = present_kind(REPORT)
    grounds: Sequence[Ground] = ()
    if request.method == "POST":
        if _too_often(request, "report", _REPORTS):
            return _refused_for_a_while(request)
        try:
            code = _received(request, kind)
        except Refused as refused:
            grounds = refused.grounds
        else:
            return render(request, "ethics/received.html", {"code": spaced(code)})
    posted = filling.values(request.POST, {})
    fields = [one for one in filling.fields(kind.payload, posted, grounds) if one.name != "person"]
    context = {
        "school": fields[0],
        "fields": fields[1:],
        "schools": schools(),
        "contact": request.POST.get("contact", ""),
        "grounds": grounds,
    }
    return render(request, "ethics/report.html", context, status=422 if grounds else 200)


def _received(request: ActorRequest, kind: CaseType) -> str:
    payload = filling.posted(kind.payload, request.POST) | {"person": None}
    place = Organisation.objects.filter(name=payload["school"], ended_on=None).first()
    top = place or Organisation.objects.order_by("depth", "place").first()
    if top is None:
        raise Refused([Ground("尚未登记任何机构，无法受理")])
    return receive_report(
        payload,
        school=top,
        contact=request.POST.get("contact", "").strip()[:_LONGEST_CONTACT],
        on=request.today,
        at=timezone.now(),
    )


@login_not_required
def ethics_receipt(request: ActorRequest) -> HttpResponse:
    """How a report stands, for whoever has its code: no name, no sanction."""
    context: dict[str, Any] = {"asked": request.method == "POST"}
    if request.method == "POST":
        if _too_often(request, "receipt", _QUESTIONS):
            return _refused_for_a_while(request)
        found = case_of_receipt(request.POST.get("code", ""))
        if found is not None:
            state = say(_STATES[state_of_report(found)])
            context |= {"state": state, "received_on": found.opened_on}
    return render(request, "ethics/receipt.html", context)


_STATES = {
    "triage": "已收到，正在研判",
    "joined": "已并入在办的同一事项",
    "referred": "已转有权机关处理",
    "dismissed": "已办结：不予立案",
    "inquiry": "已立案，正在调查处理",
    "cleared": "已办结：经查不属实",
    "handled": "已办结：已依规处理",
}


@login_not_required
def exposures(request: ActorRequest) -> HttpResponse:
    """Cases shown to the public, without a name."""
    kinds = _labels("violation_kind")
    shown = [
        (item, kinds.get(item.kind, item.kind), text) for item, text in published(request.today)
    ]
    return render(request, "ethics/exposures.html", {"shown": shown})


def _labels(codes: str) -> dict[str, str]:
    return {one.code: pick(one.label) for one in vocabulary().codes[codes].codes}


@requires(Area.ETHICS)
def half_year(request: ActorRequest) -> HttpResponse:
    """The half-yearly report of the actor's own organisation; posting has it counted anew."""
    home = home_of(request.actor, Area.ETHICS)
    if home is None:
        raise Http404
    halves = _halves(request.today)
    half = next((one for one in halves if str(one.first) == request.GET.get("half")), halves[0])
    if request.method == "POST":
        return _ordered(request, home, half)
    reports = reports_visible_to(request.actor).filter(organisation=home, starts_on=half.first)
    report = reports.first()
    context = {
        "home": home,
        "half": half,
        "halves": halves,
        "report": report,
        "total": _total(report) if report else {},
        "may_count": request.actor.may(Area.ETHICS, Level.WRITE),
    }
    return answer(request, "ethics/half_year.html", tables=[_table(report)], context=context)


def _halves(on: date) -> list[Period]:
    """The last half years that are over, the latest first."""
    found = [half_before(on)]
    while len(found) < _HALVES:
        found.append(half_before(found[-1].last))
    return found


def _ordered(request: ActorRequest, home: Organisation, half: Period) -> HttpResponse:
    if not request.actor.may(Area.ETHICS, Level.WRITE):
        raise PermissionDenied
    back = f"{reverse('half-year')}?half={half.first}"
    order = Order(request.actor, about=f"{home.name} {half}", link=back, scope=home.path)
    arguments = {
        "organisation_id": home.pk,
        "on": str(half.last + _DAY),
        "by": request.actor.name,
    }
    made = start(JOBS["ethics-half-year-of"], arguments, order=order, at=timezone.now())
    return HttpResponseRedirect(reverse("job", args=[made.pk]))


def _total(report: HalfYearReport) -> dict[str, int]:
    summed: Counter[str] = Counter()
    for row in report.rows:
        for name, count in row.items():
            if isinstance(count, int):
                summed["decided" if name.startswith("sanction-") else name] += count
    return {name: summed[name] for name in ("received", "closed", "substantiated", "decided")}


def _table(report: HalfYearReport | None) -> Table[dict[str, Any]]:
    kinds = _labels("violation_kind")
    columns: list[Column[dict[str, Any]]] = [
        Column(
            key="organisation",
            label="机构",
            value=lambda row: row["organisation"],
            filter="choice",
        ),
        Column(
            key="kind",
            label="失范行为",
            value=lambda row: kinds.get(row["kind"], row["kind"]),
            filter="choice",
        ),
        _counting("received", "收到线索"),
        _counting("closed", "办结线索"),
        _counting("substantiated", "其中属实"),
    ]
    columns += [_counting(f"sanction-{code}", label) for code, label in _labels(CODES).items()]
    return Table(
        name="half",
        caption=say("师德查处半年报"),
        columns=tuple(columns),
        rows=list(report.rows) if report else [],
        first="organisation",
    )


def _counting(key: str, label: str) -> Column[dict[str, Any]]:
    return Column(key=key, label=label, kind="number", value=lambda row: row.get(key, 0))
