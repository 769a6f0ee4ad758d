"""Scenarios: what-ifs that were saved, opened by link within one's own scope, and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from qiangshi.errors import ChangeError
from qiangshi_web.analytics.actions import delete_scenario
from qiangshi_web.analytics.queries import scenario_of, scenario_seen_by
from qiangshi_web.analytics.queries import scenarios as saved_scenarios
from qiangshi_web.analytics.what_ifs import answer_for
from qiangshi_web.contexts.organisations.queries import directly_below
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.change_words import change_words
from qiangshi_web.portal.shift_table import ShiftRow, names_of, rows_of, shift_table, told
from qiangshi_web.portal.standpoint import (
    Crumb,
    organisation_asked,
    run_or_404,
    source_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse, HttpResponseBase

    from qiangshi.measure.what_if import Difference, Key, Shift
    from qiangshi_web.analytics.queries import MeasuredSnapshot, SavedScenario
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

MOST_COMPARED = 4


@requires(Area.FIGURES)
def scenarios(request: ActorRequest) -> HttpResponse:
    """Those that one saved, and those for organisations that one sees."""
    return render(request, "portal/scenarios.html", {"saved": saved_scenarios(request.actor)})


def _scenario_or_404(request: ActorRequest, token: str) -> SavedScenario:
    saved = scenario_seen_by(request.actor, token)
    if saved is None:
        raise Http404
    return saved


@requires(Area.FIGURES)
def scenario(request: ActorRequest, token: str) -> HttpResponseBase:
    """One scenario, figured for the highest organisation of one's own; its maker may delete it."""
    saved = _scenario_or_404(request, token)
    is_own = saved.made_by_id == request.actor.user_id
    if request.method == "POST":
        if is_own:
            delete_scenario(saved, actor=request.actor, at=timezone.now())
        return redirect("scenarios")
    run = run_or_404()
    organisation = organisation_asked(request)
    changes = scenario_of(saved).changes
    context: dict[str, Any] = {
        "run": run,
        "saved": saved,
        "organisation": organisation,
        "is_own": is_own,
        "changes": [change_words(one) for one in changes if one.plan in run.plan_ids],
        "crumbs": [Crumb(say("已存情景"), "/scenarios/"), Crumb(saved.name, request.path)],
    }
    tables: list[Table[Any]] = []
    try:
        tables += _tables(answer_for(run, changes), organisation)
    except ChangeError as refusal:
        context["grounds"] = refusal.grounds
    notes = [saved.name, source_line(run)]
    return answer(request, "portal/scenario.html", tables=tables, context=context, notes=notes)


def _tables(difference: Difference, organisation: Organisation) -> list[Table[Any]]:
    """What changes here by item; of a single item, what changes below."""
    rows = rows_of(difference.at(organisation.pk))
    found = [shift_table(rows, name="items", caption=say("各条目的变化"), head="条目")]
    if len(rows) == 1:
        below = [
            ShiftRow(one.name, difference.at(one.pk)[0]) for one in directly_below(organisation)
        ]
        caption = say("{name}所辖机构的变化", name=organisation.name)
        found += [shift_table(below, name="below", caption=caption, head="机构")] if below else []
    return found


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """An item, as it stands and under each scenario; None where one leaves it as it is."""

    title: str
    before: str
    shifts: tuple[Shift | None, ...]

    def words(self, number: int) -> str:
        """The item under one scenario in words."""
        shift = self.shifts[number]
        return say("不变") if shift is None else told(shift.after)


@requires(Area.FIGURES)
def scenario_comparison(request: ActorRequest) -> HttpResponse:
    """Up to four scenarios side by side, at the highest organisation of one's own."""
    run = run_or_404()
    organisation = organisation_asked(request)
    chosen = [_scenario_or_404(request, token) for token in request.GET.getlist("with")]
    chosen = chosen[:MOST_COMPARED]
    context: dict[str, Any] = {
        "run": run,
        "organisation": organisation,
        "crumbs": [Crumb(say("已存情景"), "/scenarios/"), Crumb(say("情景比较"), request.path)],
    }
    tables: list[Table[Any]] = []
    try:
        found = [_shifts(run, saved, organisation) for saved in chosen]
        tables = [_comparison(chosen, found)] if chosen else []
    except ChangeError as refusal:
        context["grounds"] = refusal.grounds
    return answer(
        request,
        "portal/scenario_comparison.html",
        tables=tables,
        context=context,
        notes=[source_line(run)],
    )


def _shifts(
    run: MeasuredSnapshot, saved: SavedScenario, organisation: Organisation
) -> dict[Key, Shift]:
    difference = answer_for(run, scenario_of(saved).changes)
    return {(one.plan, one.item): one for one in difference.at(organisation.pk)}


def _comparison(chosen: list[SavedScenario], found: list[dict[Key, Shift]]) -> Table[ComparedRow]:
    names = names_of(dict.fromkeys(key for one in found for key in one))
    rows = [_compared(name, [one.get(key) for one in found]) for key, name in names.items()]
    columns: list[Column[ComparedRow]] = [
        Column(key="name", label="条目", value=lambda row: row.title, filter="contains"),
        Column(key="now", label="现状", value=lambda row: row.before),
    ]
    for number, saved in enumerate(chosen):
        columns.append(
            Column(
                key=f"s{number}",
                label=saved.name,
                value=lambda row, number=number: row.words(number),  # type: ignore[misc]
            )
        )
    return Table(name="compared", caption=say("情景比较"), columns=tuple(columns), rows=rows)


def _compared(name: str, shifts: Sequence[Shift | None]) -> ComparedRow:
    """A scenario that brings a plan in leaves open how its items stand: another may tell."""
    before = (shift.before for shift in shifts if shift is not None and shift.before is not None)
    return ComparedRow(name, told(next(before, None)), tuple(shifts))
