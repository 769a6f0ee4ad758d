"""A fact by itself: what it says, what was believed of it before, and how it is changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qiangshi_web.audit.actions import note_opening
from qiangshi_web.filing.actions import (
    add_fact,
    change_state,
    correct_fact,
    end_fact,
    withdraw_fact,
)
from qiangshi_web.filing.forms import RecordForm, blank, filled, typed
from qiangshi_web.filing.history import held_at_the_end_of, history
from qiangshi_web.filing.ledgers import ledgers
from qiangshi_web.filing.meanwhile import rebased, stand_of
from qiangshi_web.filing.queries import (
    fact_seen,
    file_kept_with,
    names_of,
    person_in_scope,
)
from qiangshi_web.filing.requests import requests_about
from qiangshi_web.filing.sight import ARCHIVE, sight_of_person, sight_of_place
from qiangshi_web.filing.timeline import when
from qiangshi_web.filing.words import cells
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.records import Refused
from qiangshi_web.kernel.records.values import row_of
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.pages.person import person_crumbs
from qiangshi_web.portal.standpoint import Crumb, organisation_crumbs, organisation_or_404
from qiangshi_web.portal.uploads import brought, download

if TYPE_CHECKING:
    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.queries import Seen
    from qiangshi_web.kernel.actors import ActorRequest

VERBS = {
    "correct": "更正",
    "change": "变更",
    "end": "终止",
    "withdraw": "撤销",
}
"""What may be done to a fact: it was never so as it stands; it is so no longer; it never was."""


@requires(Area.PEOPLE, Area.FIGURES, Area.OWN)
def fact(request: ActorRequest, ledger: str, key: str) -> HttpResponse:
    """A fact in scope with everything that was ever believed of it."""
    seen = seen_or_404(request, ledger, key)
    if seen.ledger.subject == "person":
        note_opening(
            seen.about.pk,
            {seen.ledger.area},
            actor=request.actor,
            at=clock.now(),
            ledger=seen.ledger.name,
        )
    held = history(seen.ledger, key, seen.sight)
    asked = request.GET.get("known_on", "")
    day = _day(asked)
    row = row_of(seen.fact, seen.ledger.shape)
    context = {
        "seen": seen,
        "key": key,
        "cells": cells(seen.ledger, row, seen.sight, names_of({seen.ledger: [seen.fact]})),
        "when": when(seen.ledger, row),
        "history": held,
        "known_on": day,
        "then": None if day is None else held_at_the_end_of(day, held),
        "is_withdrawn": not any(one.is_present for one in held),
        "verbs": _verbs(seen),
        "about_url": _about_url(seen),
        "file": file_kept_with(seen),
        "requests": requests_about(request.actor, seen.ledger.name, seen.fact.key),
        "crumbs": _crumbs(request, seen),
    }
    return render(request, "portal/fact.html", context)


def seen_or_404(request: ActorRequest, ledger: str, key: str) -> Seen:
    """A fact in the actor's scope. Raises Http404."""
    seen = fact_seen(request.actor, ledger, key)
    if seen is None:
        raise Http404
    return seen


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _verbs(seen: Seen) -> list[tuple[str, str]]:
    """What the actor may do to the fact."""
    if not seen.sight.writes(seen.ledger):
        return []
    is_span = seen.ledger.shape.until is not None
    is_state = bool(seen.ledger.model.state_of)
    offered = {"correct": True, "change": is_state, "end": is_span and not is_state}
    offered["withdraw"] = seen.ledger.name != "person"
    return [(verb, say(label)) for verb, label in VERBS.items() if offered[verb]]


def _about_url(seen: Seen) -> str:
    page = "person" if seen.ledger.subject == "person" else "organisation"
    return reverse(page, args=[seen.about.pk])


def _crumbs(request: ActorRequest, seen: Seen, *more: Crumb) -> list[Crumb]:
    own = Crumb(seen.ledger.label, reverse("fact", args=[seen.ledger.name, seen.fact.key]))
    if seen.ledger.subject == "person":
        return person_crumbs(request, seen.about, own, *more)  # type: ignore[arg-type]
    return organisation_crumbs(request.actor, seen.about, own, *more)  # type: ignore[arg-type]


@requires(Area.RECORDS)
def edit_fact(request: ActorRequest, verb: str, ledger: str, key: str) -> HttpResponse:
    """Correct, change, end or withdraw a fact in scope; refused with every ground at once."""
    seen = seen_or_404(request, ledger, key)
    if not seen.sight.writes(seen.ledger):
        raise PermissionDenied
    if verb not in dict(_verbs(seen)):
        raise Http404
    row = row_of(seen.fact, seen.ledger.shape)
    who: Any = {"actor": request.actor, "sight": seen.sight}
    form = filled(seen.ledger, row, **who)
    if request.method == "POST":
        form = typed(seen.ledger, request.POST, **who) if verb in {"correct", "change"} else form
        opened = request.POST.get("opened", "")
        if opened and opened != stand_of(seen.fact):
            return _form(request, rebased(form, seen.fact, opened), seen, verb, status=422)
        try:
            _carry_out(request, verb, form, seen)
        except Refused as refused:
            form.take([] if form.problems or form.general else refused.grounds)
            return _form(request, form, seen, verb, status=422)
        return redirect(_after(verb, seen, key))
    return _form(request, form, seen, verb)


def _carry_out(request: ActorRequest, verb: str, form: RecordForm, seen: Seen) -> None:
    reason = request.POST.get("reason", "").strip()
    by: Any = {"actor": request.actor, "at": clock.now(), "reason": reason}
    on = _day(request.POST.get("on", ""))
    if verb in {"end", "change"} and on is None:
        form.general.append(say("请填写日期"))
        raise Refused([])
    if verb == "correct":
        correct_fact(form, seen.fact, **by)
    elif verb == "change" and on is not None:
        change_state(form, seen.fact, on=on, **by)
    elif verb == "end" and on is not None:
        end_fact(seen.fact, on=on, **by)
    elif verb == "withdraw":
        withdraw_fact(seen.fact, **by)


def _after(verb: str, seen: Seen, key: str) -> str:
    """Back to the fact; where its key may have changed, to whom it is about."""
    moved = verb != "end" and bool(seen.ledger.model.natural_key)
    if moved or verb == "withdraw":
        return _about_url(seen)
    return reverse("fact", args=[seen.ledger.name, key])


def _form(
    request: ActorRequest, form: RecordForm, seen: Seen, verb: str, *, status: int = 200
) -> HttpResponse:
    label = say(VERBS[verb])
    context = {
        "title": say("{verb}：{what}", verb=label, what=seen.ledger.label),
        "form": form,
        "fields": form.fields() if verb in {"correct", "change"} else [],
        "opened": stand_of(seen.fact),
        "verb": verb,
        "verb_label": label,
        "about": seen.about,
        "about_url": _about_url(seen),
        "cells": cells(
            seen.ledger,
            row_of(seen.fact, seen.ledger.shape),
            seen.sight,
            names_of({seen.ledger: [seen.fact]}),
        ),
        "asks_reason": True,
        "asks_day": verb in {"end", "change"},
        "reason": request.POST.get("reason", ""),
        "on": request.POST.get("on", ""),
        "crumbs": _crumbs(request, seen, Crumb(label, request.path)),
    }
    return render(request, "portal/record_form.html", context, status=status)


@requires(Area.RECORDS, Area.OWN)
def add_to_person(request: ActorRequest, person_id: str, ledger: str) -> HttpResponse:
    """A new fact about a person in scope; to her growth archive she adds herself."""
    person = person_in_scope(request.actor, person_id)
    if person is None:
        raise Http404
    form = blank(_ledger_of(ledger, "person"), actor=request.actor, sight=sight_of_person(
        request.actor, person
    ))  # fmt: skip
    url = reverse("person", args=[person.pk])
    crumbs = person_crumbs(request, person, Crumb(form.ledger.label, request.path))
    return _add(request, form, person, url=url, crumbs=crumbs)


@requires(Area.PEOPLE, Area.FIGURES, Area.OWN)
def kept_file(request: ActorRequest, ledger: str, key: str) -> HttpResponse:
    """The file that an entry of the growth archive came with."""
    found = file_kept_with(seen_or_404(request, ledger, key))
    if found is None:
        raise Http404
    return download(bytes(found.content), name=found.name, content_type=found.content_type)


@requires(Area.RECORDS)
def add_to_organisation(request: ActorRequest, organisation_id: str, ledger: str) -> HttpResponse:
    """A new fact about an organisation in scope."""
    shown = organisation_or_404(request.actor, organisation_id)
    sight = sight_of_place(request.actor, shown.path)
    form = blank(_ledger_of(ledger, "organisation"), actor=request.actor, sight=sight)
    url = reverse("organisation", args=[shown.pk])
    last = Crumb(form.ledger.label, request.path)
    return _add(
        request, form, shown, url=url, crumbs=organisation_crumbs(request.actor, shown, last)
    )


def _ledger_of(name: str, subject: str) -> Ledger:
    found = ledgers().get(name)
    if found is None or found.subject != subject or name == subject:
        raise Http404
    return found


def _add(
    request: ActorRequest, form: RecordForm, about: Any, *, url: str, crumbs: list[Crumb]
) -> HttpResponse:
    if not form.sight.adds(form.ledger):
        raise PermissionDenied
    status = 200
    if request.method == "POST":
        form = typed(form.ledger, request.POST, actor=form.actor, sight=form.sight)
        source = request.POST.get("source", "").strip() or say("网页录入")
        try:
            made = add_fact(
                form,
                about.pk,
                files=brought(request),
                actor=request.actor,
                at=clock.now(),
                source=source,
            )
        except Refused:
            status = 422
        else:
            return redirect("fact", form.ledger.name, made.key)
    context = {
        "title": say("新增：{what}", what=form.ledger.label),
        "form": form,
        "fields": form.fields(),
        "verb": "add",
        "verb_label": say("记入"),
        "about": about,
        "about_url": url,
        "asks_source": form.sight.may_write,
        "asks_evidence": form.ledger.name == ARCHIVE,
        "source": request.POST.get("source", ""),
        "crumbs": crumbs,
    }
    return render(request, "portal/record_form.html", context, status=status)
