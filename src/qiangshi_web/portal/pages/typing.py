"""What a form asks while somebody types: whether a field is right, and what may stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiangshi_web.filing.choices import rows_named
from qiangshi_web.filing.forms import typed
from qiangshi_web.filing.ledgers import ledgers
from qiangshi_web.filing.sight import Sight
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.registry import registers
from qiangshi_web.kernel.rights import requires

if TYPE_CHECKING:
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.RECORDS, Area.OWN)
def check_field(request: ActorRequest, ledger: str, column: str) -> HttpResponse:
    """What is wrong with one field as it is left; an empty answer where nothing is."""
    found = ledgers().get(ledger)
    if found is None or column not in found.shape.columns:
        raise Http404
    areas = frozenset().union(*(holding.areas for holding in request.actor.holdings))
    sight = Sight(areas, is_own=False, written=areas)
    form = typed(found, request.POST, actor=request.actor, sight=sight)
    context = {"name": column, "problems": form.check(column)}
    return render(request, "portal/problems.html", context)


@requires(Area.RECORDS, Area.OWN)
def suggest(request: ActorRequest, relation: str, column: str) -> HttpResponse:
    """Rows in scope whose number or name goes with what was typed into the field `column`."""
    register = registers().get(relation)
    if register is None:
        raise Http404
    choices = rows_named(request.actor, register.model, request.GET.get(column, "").strip())
    return render(request, "portal/choices.html", {"choices": choices})
