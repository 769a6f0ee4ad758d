"""What lists send when somebody chooses columns, keeps a view or gives one up."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from qiangshi_web.desk.actions import drop_view, keep_view
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.rights import for_all_signed_in

if TYPE_CHECKING:
    from qiangshi_web.kernel.actors import ActorRequest

_COLUMNS = "columns"


@require_POST
@for_all_signed_in
def kept_view(request: ActorRequest) -> HttpResponse:
    """`do`: `columns` remembers those ticked, `all` shows all again, `keep` keeps a view under
    `name`, `drop` gives the one of that name up. Back to the list in the end.
    """
    told = request.POST
    place, do, name = told.get("place", ""), told.get("do", ""), told.get("name", "").strip()
    back = _back(request)
    try:
        if do == "columns":
            query = urlencode({_COLUMNS: ",".join(told.getlist("column"))})
            keep_view(place, "", query, actor=request.actor, at=clock.now())
        elif do == "keep" and name:
            keep_view(place, name, told.get("query", ""), actor=request.actor, at=clock.now())
        elif do == "drop" or do == "all":
            drop_view(place, name if do == "drop" else "", actor=request.actor)
    except ValidationError as error:
        for problem in error.messages:
            messages.error(request, problem)
    if do in {"columns", "all"}:
        back = _without(back, f"{place.rpartition(':')[2]}.{_COLUMNS}")
    return HttpResponseRedirect(back)


@require_POST
@for_all_signed_in
def draft(request: ActorRequest) -> HttpResponse:
    """What is in a form while somebody types; the form's own mark says which, and it is kept."""
    return HttpResponse(status=204)


def _back(request: ActorRequest) -> str:
    back = request.POST.get("next", "/")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"


def _without(address: str, parameter: str) -> str:
    """The address without the columns that it names: what was just chosen holds."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query.pop(parameter, None)
    return parts._replace(query=query.urlencode()).geturl()
