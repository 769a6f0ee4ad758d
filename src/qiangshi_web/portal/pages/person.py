"""A person's page: each standard that binds her, the rows that count, and her timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiangshi_web.analytics.people import facts_of, person_seen_by, standards_of
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.queries import snapshot_of
from qiangshi_web.analytics.records import cell_text, events, names_in
from qiangshi_web.contexts.organisations.queries import named, visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.standpoint import Crumb, run_or_404, way_back

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Column
    from qiangshi_web.analytics.people import Person
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

_IN_THE_HEAD = {"person_id", "organisation_id", "name"}


@requires(Area.PEOPLE, Area.OWN)
def person(request: ActorRequest, person_id: str) -> HttpResponse:
    """A person in the actor's scope, or the actor herself; anyone else is not there."""
    run = run_or_404()
    shown = person_seen_by(request.actor, run, person_id)
    if shown is None:
        raise Http404
    facts = facts_of(run, person_id)
    names = names_in(snapshot_of(run), facts)
    context = {
        "run": run,
        "person": shown,
        "organisation": named({shown.organisation_id})[shown.organisation_id],
        "standards": standards_of(run, person_id),
        "facts": _facts(shown),
        "not_given": _not_given(shown),
        "events": events(facts, names=names),
        "crumbs": _crumbs(request, shown),
    }
    return render(request, "portal/person.html", context)


def _facts(shown: Person) -> list[tuple[str, str]]:
    """Label and value of what is known of her beyond the head of the page."""
    return [
        (pick(column.label), cell_text(column, shown.row[column.id]))
        for column in _shown_columns()
        if shown.row[column.id] is not None
    ]


def _not_given(shown: Person) -> list[str]:
    """Labels of what nobody has filled in."""
    return [pick(c.label) for c in _shown_columns() if shown.row[c.id] is None]


def _shown_columns() -> list[Column]:
    """Columns that stand on the page. Identity numbers, health and pay are areas of their own."""
    return [
        column
        for column in vocabulary().relations["person"].columns
        if column.id not in _IN_THE_HEAD and column.sensitivity in {"open", "personal"}
    ]


def _crumbs(request: ActorRequest, shown: Person) -> list[Crumb]:
    """The way back to her school, for those who may see it."""
    school: Organisation | None = (
        visible_to(request.actor, Area.PEOPLE).filter(pk=shown.organisation_id).first()
    )
    if school is None:
        return []
    return way_back(
        request.actor, school, to="/organisations/{}/", last=[Crumb(shown.name, request.path)]
    )
