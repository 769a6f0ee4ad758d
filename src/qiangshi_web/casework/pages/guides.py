"""办事指南, flow charts, decisions on paper, documents, and the public check of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header

from qiangshi.casework.diagram import svg
from qiangshi.casework.guide import guide
from qiangshi.casework.variants import difference
from qiangshi_web.casework.actions.opening import present_kind
from qiangshi_web.casework.actions.papers import document_file
from qiangshi_web.casework.norms import cited, role_names, rules
from qiangshi_web.casework.pages.case import case_or_404, kind_or_404
from qiangshi_web.casework.parties import may_begin
from qiangshi_web.casework.queries import Decision, documents_for
from qiangshi_web.casework.registry import declarations, newest
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.rights import requires

if TYPE_CHECKING:
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.PLANS)
def case_types(request: ActorRequest) -> HttpResponse:
    """Everything that is handled here, and what of it the actor may begin."""
    kinds = [present_kind(one.kind.key) for one in declarations()]
    rows = [(kind, may_begin(request.actor, kind)) for kind in kinds]
    return render(request, "casework/types.html", {"rows": rows})


@requires(Area.PLANS)
def case_type(request: ActorRequest, key: str) -> HttpResponse:
    """The guide of a type as it runs here, with what sets it apart from the declared one."""
    kind = kind_or_404(key)
    context = {
        "guide": guide(kind, rules().norms, on=request.today, roles=role_names()),
        "basis": [f"{pick(title)} {clause}" for title, clause in cited(kind)],
        "kind": kind,
        "may_begin": may_begin(request.actor, kind),
        "difference": difference(newest(key).kind, kind, roles=role_names()),
    }
    return render(request, "casework/guide.html", context)


@requires(Area.PLANS)
def case_flow(request: ActorRequest, key: str) -> HttpResponse:
    """The flow chart of a type."""
    drawn = svg(kind_or_404(key), roles=role_names())
    return HttpResponse(drawn, content_type="image/svg+xml")


@requires(Area.OWN, Area.FIGURES, Area.PLANS)
def case_decision(request: ActorRequest, case_id: int, number: str) -> HttpResponse:
    """A decision to print, with number, place for the seal, and code."""
    shown = case_or_404(request, case_id)
    paper = get_object_or_404(Decision, case=shown, number=number)
    return render(request, "casework/decision.html", {"case": shown, "decision": paper})


@requires(Area.OWN, Area.FIGURES, Area.PLANS)
def case_document(request: ActorRequest, case_id: int, document_id: int) -> HttpResponse:
    """A document of a case, to keep; never shown inside the page."""
    shown = case_or_404(request, case_id)
    found = get_object_or_404(documents_for(request.actor, shown), pk=document_id)
    content = document_file(found.sha256)
    if not content.is_file():
        raise Http404
    kept = content_disposition_header(as_attachment=True, filename=found.name) or ""
    headers = {"Content-Type": "application/octet-stream", "Content-Disposition": kept}
    return HttpResponse(content.read_bytes(), headers=headers)


@login_not_required
def verify(request: ActorRequest) -> HttpResponse:
    """Whether a decision with this code was issued here and still holds. Open to everybody.

    It shows number, kind, outcome and day, and no person.
    """
    code = request.GET.get("code", "").strip().upper()
    found = Decision.objects.filter(code=code).first() if code else None
    return render(request, "casework/verify.html", {"code": code, "decision": found})
