"""A person's page: her whole career on one line, and each standard that binds her beside it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from qiangshi_web.analytics.people import content_of, standards_in
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.audit.actions import note_opening
from qiangshi_web.contexts.people.queries import PersonState, kept_numbers
from qiangshi_web.filing.ledgers import ledgers, ledgers_about
from qiangshi_web.filing.queries import file_of_person, names_of, person_in_scope
from qiangshi_web.filing.sight import sight_of_person
from qiangshi_web.filing.timeline import counted, moments
from qiangshi_web.filing.words import cells
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.addresses import address
from qiangshi_web.kernel.language import language
from qiangshi_web.kernel.records.values import row_of
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.standpoint import Crumb, organisation_crumbs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.utils.safestring import SafeString

    from qiangshi_web.analytics.people import Content
    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.filing.queries import Kept
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.filing.words import Cell, Names
    from qiangshi_web.kernel.actors import ActorRequest

_IN_THE_HEAD = {"person_id", "organisation_id", "name", "valid_from", "valid_to"}
_DATED = "person_state"


@requires(Area.PEOPLE, Area.OWN)
def person(request: ActorRequest, person_id: str) -> HttpResponse:
    """A person in the actor's scope, or the actor herself; anyone else is not there.

    A number that was given up leads to the kept one for good.
    """
    shown = person_or_kept(request, person_id)
    if isinstance(shown, HttpResponse):
        return shown
    sight = sight_of_person(request.actor, shown)
    shown_here = sight.areas - {Area.IDENTITY}  # numbers have a page of their own
    note_opening(shown.pk, shown_here, actor=request.actor, at=clock.now())
    kept = file_of_person(shown, sight)
    names = names_of({one.ledger: one.facts for one in kept}, at_hand=shown.organisation)
    found = moments([one for one in kept if one.ledger.name != "person"], sight, names)
    group = request.GET.get("group", "")
    state = _state_on(kept, request.today)
    run = current_run()
    context = {
        "run": run,
        "person": shown,
        "sight": sight,
        "organisation": shown.organisation,
        "standards": _standards_drawn(content_of(run), shown.pk, language()) if run else "",
        "facts": _facts(shown, state, sight, names),
        "state": state,
        "groups": counted(found),
        "group": group,
        "moments": [moment for moment in found if group in {"", moment.group}],
        "has_numbers": Area.IDENTITY in sight.areas,
        "offers": _offers(sight, language()),
        "crumbs": person_crumbs(request, shown),
    }
    return render(request, "portal/person.html", context)


def person_or_kept(request: ActorRequest, person_id: str) -> Person | HttpResponse:
    """The person, or the way on from a number that was given up. Raises Http404."""
    shown = person_in_scope(request.actor, person_id)
    if shown is not None and shown.organisation_id is not None:
        return shown  # what was given up works nowhere
    kept = kept_numbers([person_id]).get(person_id)
    if kept is None and shown is not None:
        return shown
    if kept is None or person_in_scope(request.actor, kept) is None:
        raise Http404
    return redirect(address("person", kept), permanent=True, preserve_request=True)


@lru_cache(maxsize=1024)
def _standards_drawn(content: Content, person_id: str, _language: str) -> SafeString:
    """The standards that bind her, drawn in the language of the request.

    A snapshot does not change, nor do the plans of a process, so neither does what is drawn of
    them; it is the same for everybody who may open her page. Nothing of what is on record now is
    part of it.
    """
    standards = standards_in(content, person_id)
    drawn = render_to_string("portal/person_standards.html", {"standards": standards})
    return mark_safe(drawn.strip())


def _facts(shown: Person, state: PersonState | None, sight: Sight, names: Names) -> list[Cell]:
    """Who she is and how she stands today, beyond the head of the page."""
    identity = ledgers()["person"]
    found = cells(identity, row_of(shown, identity.shape), sight, names)
    if state is not None:
        standing = ledgers()[_DATED]
        found += cells(standing, row_of(state, standing.shape), sight, names)
    return [cell for cell in found if cell.column not in _IN_THE_HEAD]


def _state_on(kept: Sequence[Kept], on: date) -> PersonState | None:
    """How she stood on a day, by her file; None where she worked nowhere here."""
    states = (one for file in kept for one in file.facts if isinstance(one, PersonState))
    return next((one for one in states if _contains(one, on)), None)


def _contains(state: PersonState, on: date) -> bool:
    return state.valid_from <= on and (state.valid_to is None or on <= state.valid_to)


@lru_cache(maxsize=256)
def _offers(sight: Sight, _language: str) -> SafeString:
    """Links to what may be recorded about her, which follow from what one may write alone."""
    about = (one for one in ledgers_about("person") if one.name != "person")
    added = ((one.name, one.label) for one in about if sight.adds(one))
    return format_html_join("", '<li><a href="add/{}/">{}</a></li>', added)


def person_crumbs(request: ActorRequest, shown: Person, *more: Crumb) -> list[Crumb]:
    """The way back to her school, for those who may see it."""
    own = Crumb(shown.name, address("person", shown.pk))
    if shown.organisation is None:
        return [own, *more] if more else []
    found = organisation_crumbs(request.actor, shown.organisation, own, *more)
    return found or ([own, *more] if more else [])
