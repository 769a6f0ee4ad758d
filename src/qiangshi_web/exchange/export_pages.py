"""Taking relations along: which there are, and one of them as a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiangshi.datacheck.exporting import write_csv, write_parquet, write_xlsx
from qiangshi_web.exchange.exporting import count_of, exportable, table_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.registry import vocabulary
from qiangshi_web.kernel.rights import requires

if TYPE_CHECKING:
    import pyarrow as pa

    from qiangshi.policy.vocabulary import Relation
    from qiangshi_web.kernel.actors import ActorRequest

EXCEL_ROWS = 50_000  # beyond, Excel takes minutes to write and as long to open
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


@requires(Area.FIGURES)
def exports(request: ActorRequest) -> HttpResponse:
    """The relations that the actor may take along."""
    relations = sorted(exportable(request.actor), key=lambda one: (one.owner, one.id))
    context = {"relations": relations, "kinds": list(KINDS), "most": EXCEL_ROWS}
    return render(request, "exchange/exports.html", context)


@requires(Area.FIGURES)
def export(request: ActorRequest, relation_id: str, kind: str) -> HttpResponse:
    """The rows of a relation in scope, as a file that reads back as it was."""
    known = {one.id: one for one in exportable(request.actor)}
    relation = known.get(relation_id)
    if relation is None or kind not in KINDS:
        raise Http404
    rows = count_of(relation, request.actor, on=request.today)
    if kind == "xlsx" and rows > EXCEL_ROWS:
        context = {"relation": relation, "rows": rows, "most": EXCEL_ROWS}
        return render(request, "exchange/too_many.html", context, status=413)
    table = table_of(relation, request.actor, on=request.today)
    told = {"rows": table.num_rows, "kind": kind}
    note("export", relation.id, actor=request.actor, at=clock.now(), after=told)
    response = HttpResponse(_written(table, relation, kind), content_type=KINDS[kind])
    name = quote(f"{pick(relation.label)}-{request.today:%Y%m%d}.{kind}", safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response


def _written(table: pa.Table, relation: Relation, kind: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        path = Path(folder) / f"export.{kind}"
        if kind == "xlsx":
            write_xlsx(table, path, relation=relation, vocabulary=vocabulary())
        elif kind == "csv":
            write_csv(table, path, relation=relation, vocabulary=vocabulary())
        else:
            write_parquet(table, path)
        return path.read_bytes()
