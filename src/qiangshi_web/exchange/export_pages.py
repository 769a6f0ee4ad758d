"""Taking relations along: which there are, and one of them as a file."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render

from qiangshi_web.exchange.exported import (
    Wish,
    file_of,
    note_export,
    order_export,
    ordered,
    write_file,
)
from qiangshi_web.exchange.exporting import count_of, exportable, table_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.rights import requires

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from qiangshi_web.kernel.actors import ActorRequest

AT_ONCE = 20_000  # rows; beyond, a request would hold its worker for many seconds
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


@requires(Area.FIGURES)
def exports(request: ActorRequest) -> HttpResponse:
    """The relations that the actor may take along."""
    relations = sorted(exportable(request.actor), key=lambda one: (one.owner, one.id))
    context = {"relations": relations, "kinds": list(KINDS), "most": AT_ONCE}
    return render(request, "exchange/exports.html", context)


@requires(Area.FIGURES)
def export(request: ActorRequest, relation_id: str, kind: str) -> HttpResponseBase:
    """The rows of a relation in scope, as a file that reads back as it was.

    More than a request may take are made by a job, once the actor has sent for them.
    """
    known = {one.id: one for one in exportable(request.actor)}
    relation = known.get(relation_id)
    if relation is None or kind not in KINDS:
        raise Http404
    wish = Wish(relation, kind, request.today)
    rows = count_of(relation, request.actor, on=request.today)
    if rows > AT_ONCE and request.method == "POST":
        made = order_export(wish, actor=request.actor, at=clock.now())
        return redirect("job", made.pk)
    if rows > AT_ONCE:
        return render(request, "exchange/in_background.html", {"wish": wish, "rows": rows})
    table = table_of(relation, request.actor, on=request.today)
    note_export(wish, table.num_rows, actor=request.actor)
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        path = Path(folder) / f"export.{kind}"
        write_file(table, path, wish)
        return _handed_over(HttpResponse(path.read_bytes(), content_type=KINDS[kind]), wish)


@requires(Area.FIGURES)
def exported(request: ActorRequest, key: str) -> HttpResponseBase:
    """The file of an export of one's own; until it is made, how far it is."""
    job = ordered(key, request.actor)
    known = {one.id: one for one in exportable(request.actor)}
    if job is None or job.arguments["relation_id"] not in known:
        raise Http404
    if job.is_open:
        return redirect("job", job.pk)
    if not file_of(key).is_file():
        raise Http404
    told = job.arguments
    wish = Wish(known[told["relation_id"]], told["kind"], date.fromisoformat(told["day"]))
    response = FileResponse(file_of(key).open("rb"), content_type=KINDS[wish.kind])
    return _handed_over(response, wish)


def _handed_over(response: HttpResponseBase, wish: Wish) -> HttpResponseBase:
    name = quote(f"{pick(wish.relation.label)}-{wish.on:%Y%m%d}.{wish.kind}", safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response
