"""The gap board: the organisations below one of them against every item of a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from qiangshi_web.analytics.cube import labels_of, part_among_children, parts_here
from qiangshi_web.analytics.nightly import order_measuring
from qiangshi_web.analytics.queries import may_publish, results_among_children, results_at
from qiangshi_web.analytics.readings import Reading, readings, readings_by_organisation
from qiangshi_web.contexts.organisations.queries import directly_below
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.drawn import DrawnTable
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.board_table import (
    ATTENTION,
    KINDS,
    BoardRow,
    item_column,
    items_shown,
)
from qiangshi_web.portal.splitting import SPLIT, along, may_split, split_asked, splits_to_choose
from qiangshi_web.portal.standpoint import (
    organisation_asked,
    says_which_days,
    source_line,
    stand_at,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse, HttpResponseBase

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.cube import Split
    from qiangshi_web.analytics.queries import MeasuredResult, MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.FIGURES)
def boards(request: ActorRequest) -> HttpResponseBase:
    """The board of the highest organisation that the actor sees."""
    return redirect("board", organisation_asked(request).pk)


@requires(Area.FIGURES)
@says_which_days
def board(request: ActorRequest, organisation_id: str) -> HttpResponse | HttpResponseBase:
    """Rows: the organisations directly below, or the parts of one; columns: items.

    A school has persons instead.
    """
    here = stand_at(request, organisation_id)
    organisation, run, plan = here.place, here.run, here.plan
    children = list(directly_below(organisation))
    if not children:
        return redirect("organisation", organisation.pk)
    split = split_asked(request, organisation)
    standing = _Standing(request, run, plan, organisation, children)
    table = DrawnTable(name="board", key=standing.key, make=partial(_table, standing, split))
    context = here.context | {
        "organisation": organisation,
        "split": split,
        "splits": splits_to_choose(split) if may_split(request, organisation) else [],
        "kind": request.GET.get("kind", ""),
        "kinds": KINDS.items(),
        "only": request.GET.get("only", ""),
        "onlies": ATTENTION.items(),
        "may_measure": run == here.days[0] and request.actor.may(Area.RECORDS, Level.WRITE),
        "may_publish": may_publish(request.actor, organisation),
        "crumbs": way_back(request.actor, organisation, to="/board/{}/"),
    }
    notes = [pick(plan.head.title), *([split.words] if split else []), source_line(run)]
    return answer(request, "portal/board.html", tables=[table], context=context, notes=notes)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a board is made of: the row of the whole, and the rows below it."""

    request: ActorRequest
    run: MeasuredSnapshot
    plan: Plan
    organisation: Organisation
    children: list[Organisation]

    @property
    def key(self) -> tuple[object, ...]:
        """What the figures follow from: the run as it was measured last, whose they are by which
        names, and what the reader may see.
        """
        names = [(one.pk, one.name) for one in (self.organisation, *self.children)]
        reach = sorted(self.request.actor.reach(Area.FIGURES))
        return self.run.stand, self.plan.id, names, reach

    def rows(self) -> tuple[BoardRow, list[BoardRow]]:
        """The organisations directly below."""
        found = results_among_children(self.request.actor, self.run, self.organisation)
        found = found.select_related(None)  # the rows have their names already
        below = readings_by_organisation(self.plan, found.filter(plan=self.plan.id))
        whole = self._row(self.organisation, self._whole())
        return whole, [self._row(child, below.get(child.pk, {})) for child in self.children]

    def split_rows(self, split: Split) -> tuple[BoardRow, list[BoardRow]]:
        """The parts of the whole; of one part, the organisations directly below."""
        parts = parts_here(self.run, self.plan, split, self.organisation)
        labels = labels_of(split.breakdown)
        if not split.part:
            whole = self._row(self.organisation, self._whole())
            return whole, [self._part(split, token, rows) for token, rows in parts.items()]
        here = readings(self.plan, parts.get(split.part, []), part=labels[split.part])
        found = part_among_children(self.run, self.plan, split, self.organisation)
        below = readings_by_organisation(self.plan, found, part=labels[split.part])
        rows = [self._row(child, below.get(child.pk, {})) for child in self.children]
        return self._row(self.organisation, here), rows

    def _whole(self) -> dict[str, Reading]:
        found = results_at(self.request.actor, self.run, self.organisation)
        return readings(self.plan, found.select_related(None).filter(plan=self.plan.id))

    def _row(self, organisation: Organisation, found: Mapping[str, Reading]) -> BoardRow:
        address = reverse("board", args=[organisation.pk])
        url = address + along(self.request, "on", "plan", SPLIT)
        return BoardRow(organisation.name, url, organisation.pk, found)

    def _part(self, split: Split, token: str, rows: list[MeasuredResult]) -> BoardRow:
        """A part of the organisation; behind it, the same part of those below."""
        here = self.organisation.pk
        narrower = replace(split, part=token)
        label = labels_of(split.breakdown)[token]
        url = reverse("board", args=[here]) + along(
            self.request, "on", "plan", split=narrower.token
        )
        return BoardRow(label, url, here, readings(self.plan, rows, part=label))


def _table(standing: _Standing, split: Split | None) -> Table[BoardRow]:
    whole, rows = standing.rows() if split is None else standing.split_rows(split)
    request, plan = standing.request, standing.plan
    every = [whole, *rows]
    references = items_shown(request, plan, rows if split else every)
    columns = (item_column(request, plan, ref, every, page="item") for ref in references)
    return Table(
        name="board",
        caption=_caption(standing.organisation, split),
        columns=(_names(split), *columns),
        rows=rows,
        whole=whole,
        style="heat",
    )


def _caption(organisation: Organisation, split: Split | None) -> str:
    if split is None:
        return say("{name}各单位达标情况", name=organisation.name)
    return say("{name}达标情况，{split}", name=organisation.name, split=split.words)


@requires(Area.RECORDS, level=Level.WRITE)
@require_POST
def measure_again(request: ActorRequest) -> HttpResponseBase:
    """Have the newest figures follow the records; the job's page tells how far it is."""
    return redirect("job", order_measuring(actor=request.actor).pk)


def _names(split: Split | None) -> Column[BoardRow]:
    return Column(
        key="name",
        label=split.label if split and not split.part else "机构",
        value=lambda row: row.name,
        link=lambda row: row.url,
        filter="contains",
    )
