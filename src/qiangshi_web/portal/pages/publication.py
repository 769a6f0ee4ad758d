"""Figures that leave the office: a plan's, of an organisation and those directly below it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponse

from qiangshi_web.analytics.publishing import note_publication, publication_method, withheld_of
from qiangshi_web.analytics.queries import may_publish, results_among_children, results_at
from qiangshi_web.analytics.readings import Reading, readings, readings_by_organisation
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.standpoint import (
    organisation_or_404,
    says_which_days,
    source_line,
    stand,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.queries import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

FORMAT = "publication.format"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of an organisation as others may read it; None and a reason where they may not."""

    organisation: str
    reading: Reading
    is_withheld: bool

    @property
    def met(self) -> float | None:
        """How many satisfy it; of an amount nothing."""
        return self.reading.result.numerator if self._has_parts else None

    @property
    def of(self) -> float | None:
        """Out of how many."""
        return self.reading.result.denominator if self._has_parts else None

    @property
    def _has_parts(self) -> bool:
        return self.reading.is_share and self.value is not None

    @property
    def value(self) -> float | None:
        """The figure itself."""
        return None if self.is_withheld else self.reading.known

    @property
    def words(self) -> str:
        """The figure with its unit."""
        return "" if self.is_withheld else self.reading.value

    @property
    def reason(self) -> str:
        """Why it is not published; empty where it is."""
        if not self.is_withheld:
            return say("数据不足") if self.value is None else ""
        return say(
            "不公布：少于 {count} 人，或可由合计推出", count=publication_method().smallest_cell
        )


@requires(Area.FIGURES, level=Level.DECIDE)
@says_which_days
def publication(request: ActorRequest, plan_id: str, organisation_id: str) -> HttpResponse:
    """The figures with those withheld that would tell about single people; as Excel or CSV."""
    here = stand(request, partial(_to_publish, request, organisation_id), plan_id)
    organisation, run, plan = here.place, here.run, here.plan
    rows = list(_rows(request, run, plan, organisation))
    table = Table(
        name="publication",
        caption=say("{name}公布用数据", name=organisation.name),
        columns=_columns(),
        rows=rows,
    )
    notes = [pick(plan.head.title), source_line(run), pick(publication_method().note)]
    kind = request.GET.get(FORMAT, "")
    if kind in {"xlsx", "csv"}:
        told = {"rows": len(rows), "withheld": sum(row.is_withheld for row in rows), "kind": kind}
        note_publication(run, plan, organisation, actor=request.actor, at=clock.now(), told=told)
    if kind == "csv":
        return _csv(table, request, notes)
    context = here.context | {
        "organisation": organisation,
        "method": publication_method(),
        "on": request.GET.get("on", ""),
        "withheld": sum(row.is_withheld for row in rows),
        "crumbs": way_back(request.actor, organisation, to=f"/publish/{plan.id}/{{}}/"),
    }
    return answer(request, "portal/publication.html", tables=[table], context=context, notes=notes)


def _to_publish(
    request: ActorRequest, organisation_id: str, _run: MeasuredSnapshot
) -> Organisation:
    """An organisation whose figures the actor may let out; others are not there."""
    found = organisation_or_404(request.actor, organisation_id)
    if not may_publish(request.actor, found):
        raise Http404
    return found


def _rows(
    request: ActorRequest, run: MeasuredSnapshot, plan: Plan, organisation: Organisation
) -> Iterator[Told]:
    """The newest figure of each item, first of the organisation, then of each below it."""
    hidden = withheld_of(run, plan)
    own = results_at(request.actor, run, organisation).filter(plan=plan.id)
    below = results_among_children(request.actor, run, organisation).filter(plan=plan.id)
    found = [readings(plan, own), *readings_by_organisation(plan, below).values()]
    for each in found:
        for reference, reading in each.items():
            result = reading.result
            key = (reference, result.period, result.organisation_id)
            yield Told(result.organisation.name, reading, key in hidden)


def _columns() -> tuple[Column[Told], ...]:
    return (
        Column(key="name", label="机构", value=lambda row: row.organisation, filter="contains"),
        Column(key="clause", label="条款", value=lambda row: row.reading.result.clause),
        Column(key="item", label="条目", value=lambda row: row.reading.title, filter="contains"),
        Column(key="period", label="时段", value=lambda row: row.reading.result.period),
        Column(key="met", label="达到", value=lambda row: row.met, kind="number"),
        Column(key="of", label="应达", value=lambda row: row.of, kind="number"),
        Column(
            key="value",
            label="数值",
            value=lambda row: row.value,
            words=lambda row: row.words,
            kind="number",
            template="portal/words_cell.html",
            drawn=lambda row: row.words,
        ),
        Column(key="target", label="目标", value=lambda row: row.reading.target),
        Column(key="reason", label="说明", value=lambda row: row.reason, filter="choice"),
    )


def _csv(table: Table[Told], request: ActorRequest, notes: Sequence[str]) -> HttpResponse:
    """The rows that the query shows, for a spreadsheet: UTF-8 with its mark."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([column.heading for column in table.shown_columns])
    for row in table.with_whole(request.GET):
        values = [column.value(row) for column in table.shown_columns]
        writer.writerow(["" if value is None else value for value in values])
    writer.writerows([note] for note in notes)
    response = HttpResponse(
        out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    name = quote(f"{table.caption}.csv", safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response
