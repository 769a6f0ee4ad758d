"""The case page: what it is, where it stands, what is asked of whom, on what grounds."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from qiangshi.casework import jsonform
from qiangshi.casework.grounds import Refused
from qiangshi.casework.kinds import APPLICANT, EXPERT, TIME, Outcome, Step
from qiangshi.casework.options import VERBS, asked, may_fill, options
from qiangshi.casework.panels import spread
from qiangshi.casework.payloads import for_experts
from qiangshi_web.casework.actions import act_on, draw_panel, hand_in, open_case
from qiangshi_web.casework.actions.acting import seen_for
from qiangshi_web.casework.actions.opening import present_kind
from qiangshi_web.casework.norms import role_names, rules
from qiangshi_web.casework.pages import filling
from qiangshi_web.casework.parties import may_begin, roles_towards
from qiangshi_web.casework.queries import Case, documents_for, kind, standing_of, visible_to
from qiangshi_web.casework.registry import newest
from qiangshi_web.contexts.organisations.queries import home_of
from qiangshi_web.contexts.people.queries import visible_to as people_visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpResponse

    from qiangshi.casework.grounds import Finding, Ground
    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.options import Option
    from qiangshi.casework.standing import Standing
    from qiangshi_web.casework.queries import CaseEvent
    from qiangshi_web.kernel.actors import Actor, ActorRequest


@requires(Area.OWN, Area.FIGURES, Area.PLANS)
def case(request: ActorRequest, case_id: int) -> HttpResponse:
    """A case in the actor's scope; posting acts on it."""
    shown = case_or_404(request, case_id)
    if request.method != "POST":
        return _page(request, shown)
    try:
        _act(request, shown)
    except Refused as refused:
        return _page(request, case_or_404(request, case_id), refused.grounds)
    return redirect("case", case_id)


def case_or_404(request: ActorRequest, case_id: int) -> Case:
    """A case that the actor may see; any other is not there."""
    return get_object_or_404(visible_to(request.actor), pk=case_id)


def kind_or_404(key: str) -> CaseType:
    """What a new case of a type runs under here; an unknown type is not there."""
    try:
        return present_kind(key)
    except Refused as refused:
        raise Http404 from refused


def _act(request: ActorRequest, shown: Case) -> None:
    """The posted act. Raises Refused."""
    at, given = timezone.now(), request.POST
    verb = given.get("verb", "")
    if verb == "document":
        for file in request.FILES.getlist("document"):
            what = {"name": file.name or "", "content": file.read(), "kind": given.get("kind", "")}
            hand_in(shown, **what, actor=request.actor, at=at)
        return
    reason, key = given.get("reason", ""), given.get("key", "")
    if verb in {"seat", "replace"}:
        leaves, actor = key if verb == "replace" else "", request.actor
        draw_panel(shown.pk, actor=actor, on=request.today, at=at, instead_of=leaves, reason=reason)
        return
    fills = verb == "correct" or given.get("fills")
    act_on(
        shown.pk,
        verb=verb,
        key=key,
        actor=request.actor,
        on=request.today,
        at=at,
        reason=reason,
        detail=_detail(given),
        payload=filling.posted(kind(shown).payload, given) if fills else None,
        saw=int(given["saw"]) if given.get("saw", "").isdecimal() else None,
    )


def _detail(given: Any) -> dict[str, Any]:
    names = ("answer", "objection", "comment")
    found: dict[str, Any] = {name: given[name] for name in names if given.get(name)}
    with suppress(KeyError, ValueError):
        found["score"] = float(given["score"])
    return found


def _page(request: ActorRequest, shown: Case, grounds: Sequence[Ground] = ()) -> HttpResponse:
    kind_, standing = kind(shown), standing_of(shown)
    roles = roles_towards(request.actor, shown, kind_, standing)
    place = kind_.places[standing.place]
    only_expert, fills = roles == {EXPERT}, may_fill(kind_, standing, roles)
    payload = for_experts(kind_.payload, standing.payload) if only_expert else standing.payload
    documents = [] if only_expert else list(documents_for(request.actor, shown))
    handed_in = {one.kind for one in documents}
    whole = not only_expert and not (kind_.secret and roles <= {APPLICANT})
    offered = [one for one in options(kind_, standing) if _is_offered(one, roles, request.actor)]
    context = {
        "case": shown,
        "title": say("匿名评审件 {number}", number=shown.pk) if only_expert else shown.title,
        "kind": kind_,
        "place": place,
        "is_end": isinstance(place, Outcome),
        "steps": _steps(shown, kind_),
        "reasons": [] if only_expert else _reasons(shown, kind_, standing),
        "appeal": _appeal(kind_, standing, roles, request),
        "standing": standing,
        "waits_for": _names(asked(kind_, standing), kind_),
        "moves": [one for one in offered if one.verb == "move"],
        "tasks": [one for one in offered if one.verb in {"answer", "score", "seat"}],
        "seats": [one for one in offered if one.verb in {"recuse", "replace"}],
        # whoever may still write what the case says needs no right to correct it
        "rights": [o for o in offered if not (o.is_ordinary or (fills and o.verb == "correct"))],
        "said": filling.told(kind_.payload, payload),
        "fields": filling.fields(
            kind_.payload, filling.values(request.POST, standing.payload), grounds
        ),
        "may_fill": fills,
        "grounds": grounds,
        "ahead": _ahead(shown, kind_, standing, offered, request),
        "lines": [] if only_expert else _timeline(shown, kind_, roles),
        "documents": documents,
        "lacking": [one for one in kind_.documents if whole and one not in handed_in],
        "decisions": [] if only_expert else list(shown.decisions.all()),
        "parts": [] if only_expert else list(visible_to(request.actor).filter(parent=shown)),
        "panel": _panel_report(place, standing, roles, request),
        "late": bool(standing.due and standing.due < request.today),
        "settled": standing.due is None or rules().workdays.is_settled(standing.due),
        "only_expert": only_expert,
    }
    return render(request, "casework/case.html", context, status=422 if grounds else 200)


def _is_offered(option: Option, roles: frozenset[str], actor: Actor) -> bool:
    """An expert scores her own seat only."""
    return option.by in roles and (option.by != EXPERT or option.key == actor.person_id)


def _names(parties: Iterable[str], kind_: CaseType) -> str:
    names = kind_.named(role_names())
    return "、".join(say(names.get(party, party)) for party in sorted(parties))


def _ahead(
    shown: Case,
    kind_: CaseType,
    standing: Standing,
    offered: Sequence[Option],
    request: ActorRequest,
) -> list[Finding]:
    """How the record stands against the checks ahead, before anybody decides; worst first."""
    found: dict[str, Finding] = {}
    for move in kind_.moves_from(standing.place):
        mine = any(one.verb == "move" and one.key == move.key for one in offered)
        if move.when == "met" and (mine or request.actor.person_id == shown.person_id):
            seen = seen_for(shown, kind_, standing, key=move.key, on=request.today)
            found |= {finding.check: finding for finding in seen}
    return _worst_first(found.values())


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (False, None, True).index(one.verdict))


def _steps(shown: Case, kind_: CaseType) -> list[Step]:
    """The way as it was and may still be: the steps of appeals only once there was one."""
    been = {row.body["target"] for row in shown.events.all()}
    ordinary = {move.target for move in kind_.moves} | {kind_.first.key}
    aside = {appeal.to for appeal in kind_.rights.appeals} - ordinary
    ended = kind_.is_end(shown.place)
    return [one for one in kind_.steps if one.key in been or not (ended or one.key in aside)]


def _reasons(shown: Case, kind_: CaseType, standing: Standing) -> list[Finding]:
    """What was seen when the case was decided; worst first."""
    if not kind_.is_end(standing.place):
        return []
    return _worst_first(jsonform.event(shown.events.latest("number").body).findings)


def _appeal(
    kind_: CaseType, standing: Standing, roles: frozenset[str], request: ActorRequest
) -> dict[str, Any] | None:
    """Until when the reader may appeal, and by which clause."""
    right = kind_.rights.appeal_against(standing.place, standing.appealed)
    if right is None or right.by not in roles:
        return None
    cited = rules().norms.find(right.within, request.today)
    last = rules().workdays.after(standing.since, cited.whole)
    told = {"last": last, "clause": cited.source, "label": say(right.label)}
    return told if request.today <= last else None


def _timeline(shown: Case, kind_: CaseType, roles: frozenset[str]) -> list[dict[str, Any]]:
    """What happened, newest first. Names of experts are for those who handle the case.

    What was done where a case is kept from its person is not for her afterwards either: witnesses
    and reporters stand there. What counts against her stands in what the case says.
    """
    rows = shown.events.order_by("-number")
    hidden = kind_.secret if roles <= {APPLICANT} else ()
    return [_line(row, kind_, roles) for row in rows if row.body["source"] not in hidden]


def _line(row: CaseEvent, kind_: CaseType, roles: frozenset[str]) -> dict[str, Any]:
    """An event as the timeline tells it."""
    event = jsonform.event(row.body)
    place = kind_.places.get(event.source)
    moves = {move.key: move.label for move in kind_.moves_from(event.source)}
    parts = place.together.parts if isinstance(place, Step) and place.together else ()
    labels = moves | {part.key: part.label for part in parts}
    label = say(labels.get(event.key) or VERBS[event.verb].label)
    if event.source != event.target:
        label = f"{label} → {say(kind_.places[event.target].label)}"
    who = say("系统") if event.role == TIME else row.name
    if row.on_behalf_of:
        who = f"{who} · {say('受{name}委托', name=row.on_behalf_of)}"
    if event.role == EXPERT and roles <= {APPLICANT}:
        who = say("评审专家")
    told = {"on": event.on, "label": label, "who": who}
    return told | {"reason": event.reason, "findings": event.findings}


def _panel_report(
    place: Step | Outcome, standing: Standing, roles: frozenset[str], request: ActorRequest
) -> dict[str, Any] | None:
    """For the secretary: who sits, who has scored, how far the scores lie apart."""
    if not isinstance(place, Step) or place.panel is None or place.panel.secretary not in roles:
        return None
    outlier = rules().norms.find(place.panel.outlier, request.today).amount
    scores = {seat.expert: seat.score for seat in standing.members if seat.score is not None}
    return {"seats": standing.seats, "spread": spread(scores, outlier=outlier)}


@requires(Area.OWN, Area.FIGURES, Area.PLANS)
def case_new(request: ActorRequest, key: str) -> HttpResponse:
    """Begin a case: what the record knows is filled in."""
    kind_ = kind_or_404(key)
    if not may_begin(request.actor, kind_):
        raise Http404
    person_id, prefill = _person_asked(request, kind_), newest(key).prefill
    known = prefill(person_id, request.today) if prefill and person_id else {}
    grounds: Sequence[Ground] = ()
    if request.method == "POST":
        try:
            return redirect("case", _open(request, kind_, person_id).pk)
        except Refused as refused:
            grounds = refused.grounds
    context = {
        "kind": kind_,
        "person_id": person_id,
        "people": _people(request, kind_),
        "fields": filling.fields(kind_.payload, filling.values(request.POST, known), grounds),
        "grounds": grounds,
    }
    return render(request, "casework/new.html", context, status=422 if grounds else 200)


def _person_asked(request: ActorRequest, kind_: CaseType) -> str:
    """Herself, or somebody in scope; anyone else is not there."""
    if kind_.subject != "person":
        return ""
    if kind_.begun_by == APPLICANT:
        return request.actor.person_id
    asked = request.POST.get("person_id") or request.GET.get("person", "")
    if asked and not people_visible_to(request.actor).filter(pk=asked).exists():
        raise Http404
    return asked


def _people(request: ActorRequest, kind_: CaseType) -> list[Any]:
    """Whom an office may begin a case for: the staff of its own school, by name."""
    if kind_.subject != "person" or kind_.begun_by == APPLICANT:
        return []
    return list(people_visible_to(request.actor).order_by("name", "pk")[:500])


def _open(request: ActorRequest, kind_: CaseType, person_id: str) -> Case:
    home = home_of(request.actor, Area(kind_.area))
    return open_case(
        kind_.key,
        actor=request.actor,
        on=request.today,
        at=timezone.now(),
        payload=filling.posted(kind_.payload, request.POST),
        person_id=person_id,
        organisation_id=home.pk if home else "",
    )
