"""Every operation: its right at its head, its answer from the queries that the pages use."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404
from ninja import File, Form, Path, Query, Router
from ninja.files import UploadedFile
from ninja.responses import Status as Reply

from qiangshi_web.analytics.policies import policies
from qiangshi_web.analytics.queries import current_run, results
from qiangshi_web.api import shapes
from qiangshi_web.api.opening import opens
from qiangshi_web.api.shapes import Key, Limit, Number, Problem, Status, Unreadable
from qiangshi_web.casework.queries import worklist
from qiangshi_web.casework.registry import kind_of
from qiangshi_web.contexts.organisations.queries import home_of, visible_to
from qiangshi_web.contexts.people.queries import staff_within
from qiangshi_web.exchange.actions import hand_in
from qiangshi_web.exchange.models import STATES
from qiangshi_web.exchange.queries import visible_to as imports_visible_to
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import ActorRequest, Area
from qiangshi_web.kernel.records.circumstances import on_behalf_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.queries import MeasuredResult
    from qiangshi_web.casework.queries import Case
    from qiangshi_web.contexts.people.queries import PersonState
    from qiangshi_web.exchange.queries import ImportFile

router = Router()

_WRONG: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Unreadable, 429: Problem}
_MANY: Limit = 100


def _answers(shape: Any, *, code: int = 200) -> dict[int, Any]:
    return {code: shape, **_WRONG}


def _part(
    rows: QuerySet[Any], limit: int, after: str | None, *, key: str = "pk"
) -> tuple[list[Any], str | None]:
    """The rows after a key, in its order: as quick at the end of a region as at its beginning."""
    later = rows if after is None else rows.filter(**{f"{key}__gt": after})
    found = list(later.order_by(key)[: limit + 1])
    more = len(found) > limit
    return found[:limit], str(getattr(found[limit - 1], key)) if more else None


@router.get("/me", response=_answers(shapes.Me), **opens("me"))
def me(request: ActorRequest) -> shapes.Me:
    """Who asks, and what opens to her."""
    actor = request.actor
    held = [
        shapes.Held(
            role=one.role,
            organisation_id=one.organisation_id,
            organisation=one.organisation_name,
            areas=sorted(one.areas),
        )
        for one in actor.holdings
    ]
    person = actor.person_id or None
    return shapes.Me(name=actor.name, person_id=person, on=request.today, holdings=held)


@router.get("/plans", response=_answers(list[shapes.PlanHead]), **opens("plans", Area.PLANS))
def plans(request: ActorRequest) -> list[dict[str, Any]]:
    """Every plan that is held, national ones first."""
    return [_head(plan) for plan in policies().values()]


def _head(plan: Plan) -> dict[str, Any]:
    head = plan.head
    return {
        "id": head.id,
        "title_zh": head.title.zh,
        "title_en": head.title.en,
        "level": head.level,
        "valid_from": head.validity.since,
        "valid_to": head.validity.until,
        "clauses": len(plan.clauses),
        "provisions": len(plan.provisions),
        "items": len(plan.items),
    }


@router.get("/plans/{plan_id}", response=_answers(shapes.PlanWhole), **opens("plan", Area.PLANS))
def plan(request: ActorRequest, plan_id: Path[Key]) -> dict[str, Any]:
    """A plan's clauses with their demands, and the items that compute them."""
    found = policies().get(plan_id)
    if found is None:
        raise Http404
    return {**_head(found), "outline": [_clause(found, path) for path in found.clauses]}


def _clause(plan: Plan, path: str) -> dict[str, Any]:
    clause = plan.clauses[path]
    return {
        "path": path,
        "parent": clause.parent,
        "label_zh": clause.label.zh,
        "label_en": clause.label.en,
        "demands": [
            {
                "id": one.id,
                "shape": one.shape,
                "summary_zh": one.summary.zh,
                "summary_en": one.summary.en,
                "numbers": list(one.numbers),
                "carried_by": list(one.carried_by),
            }
            for one in plan.provisions.values()
            if one.clause == path
        ],
        "items": [reference for reference, item in plan.items.items() if item.clause == path],
    }


@router.get(
    "/organisations",
    response=_answers(shapes.Page[shapes.Organisation]),
    **opens("organisations", Area.FIGURES),
)
def organisations(
    request: ActorRequest,
    parent: Query[Key | None] = None,
    after: Query[Key | None] = None,
    limit: Limit = _MANY,
) -> dict[str, Any]:
    """Organisations in reach, by number; those directly below `parent`."""
    rows = visible_to(request.actor, Area.FIGURES)
    if parent is not None:
        rows = rows.filter(parent_id=parent)
    found, following = _part(rows, limit, after)
    return {"items": found, "next": following}


@router.get(
    "/organisations/{organisation_id}",
    response=_answers(shapes.Organisation),
    **opens("organisation", Area.FIGURES),
)
def organisation(request: ActorRequest, organisation_id: Path[Key]) -> Any:
    """One organisation in reach."""
    found = visible_to(request.actor, Area.FIGURES).filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    return found


@router.get("/figures", response=_answers(shapes.Figures), **opens("figures", Area.FIGURES))
def figures(
    request: ActorRequest,
    plan: Query[Key | None] = None,
    clause: Query[Key | None] = None,
    item: Query[Key | None] = None,
    organisation: Query[Key | None] = None,
    status: Query[Status | None] = None,
    after: Query[Number | None] = None,
    limit: Limit = _MANY,
) -> dict[str, Any]:
    """How organisations in reach stand, in the newest run; narrowed by what is given."""
    run = current_run()
    if run is None:
        raise Http404
    asked = {"plan": plan, "clause": clause, "item": item, "organisation_id": organisation,
             "status": status}  # fmt: skip
    rows = results(request.actor, run).filter(
        **{name: value for name, value in asked.items() if value is not None}
    )
    found, following = _part(rows, limit, None if after is None else str(after))
    shown = [_figure(row) for row in found]
    return {"items": shown, "next": following, "on": run.on, "snapshot": run.sha256}


_FIGURE = ("plan", "clause", "item", "kind", "organisation_id", "period", "numerator",
           "denominator", "not_met", "unknown", "value", "low", "high", "unit", "op", "target",
           "status")  # fmt: skip


def _figure(row: MeasuredResult) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in _FIGURE}
    return {**told, "title": row.title_zh, "organisation": row.organisation.name}


_STATE = ("organisation_id", "person_id", "staff_class", "employment_kind", "stage", "subject",
          "title_rank", "education_level", "status")  # fmt: skip


@router.get(
    "/people", response=_answers(shapes.Page[shapes.StaffMember]), **opens("people", Area.PEOPLE)
)
def people(
    request: ActorRequest,
    organisation: Query[Key | None] = None,
    after: Query[Number | None] = None,
    limit: Limit = _MANY,
) -> dict[str, Any]:
    """Who works in reach today; at `organisation` and below it."""
    rows = _staff(request, organisation)
    found, following = _part(rows, limit, None if after is None else str(after))
    return {"items": [_member(row) for row in found], "next": following}


def _staff(request: ActorRequest, organisation: str | None) -> QuerySet[PersonState]:
    places = visible_to(request.actor, Area.PEOPLE)
    home = home_of(request.actor, Area.PEOPLE)
    top = home if organisation is None else places.filter(pk=organisation).first()
    if top is None:
        raise Http404
    return staff_within(request.actor, top, request.today)


def _member(row: PersonState) -> dict[str, Any]:
    told = {name: getattr(row, name) or None for name in _STATE}
    return {**told, "name": row.person.name, "organisation": row.organisation.name}


@router.get(
    "/people/{person_id}", response=_answers(shapes.StaffMember), **opens("person", Area.PEOPLE)
)
def person(request: ActorRequest, person_id: Path[Key]) -> dict[str, Any]:
    """One of them."""
    home = home_of(request.actor, Area.PEOPLE)
    found = None if home is None else staff_within(request.actor, home, request.today)
    row = None if found is None else found.filter(person_id=person_id).first()
    if row is None:
        raise Http404
    return _member(row)


@router.get(
    "/cases",
    response=_answers(shapes.Page[shapes.CaseLine]),
    **opens("cases", Area.OWN, Area.FIGURES, Area.PLANS),
)
def cases(
    request: ActorRequest, after: Query[Number | None] = None, limit: Limit = _MANY
) -> dict[str, Any]:
    """The worklist: open cases in reach, by number."""
    rows = worklist(request.actor, request.today)
    found, following = _part(rows, limit, None if after is None else str(after))
    return {"items": [_case(row) for row in found], "next": following}


def _case(row: Case) -> dict[str, Any]:
    kind = kind_of(row.type_key, row.type_version, row.variant)
    return {
        "case_id": row.pk,
        "kind": row.type_key,
        "kind_zh": kind.label,
        "place": row.place,
        "place_zh": kind.places[row.place].label,
        "subject": row.person.name if row.person else row.organisation.name,
        "organisation_id": row.organisation_id,
        "organisation": row.organisation.name,
        "since": row.since,
        "due": row.due,
        "state": row.state,  # type: ignore[attr-defined] # told by the query
    }


@router.get(
    "/imports", response=_answers(shapes.Page[shapes.ImportLine]), **opens("imports", Area.RECORDS)
)
def imports(
    request: ActorRequest, after: Query[Number | None] = None, limit: Limit = _MANY
) -> dict[str, Any]:
    """Files that were handed in for organisations in reach, by number."""
    rows = imports_visible_to(request.actor)
    found, following = _part(rows, limit, None if after is None else str(after))
    return {"items": [_import(row) for row in found], "next": following}


@router.post("/imports", response=_answers(shapes.ImportLine, code=202) | {409: Problem},
             **opens("imports", Area.RECORDS))  # fmt: skip
def take_import(
    request: ActorRequest,
    file: File[UploadedFile],
    organisation: Form[Key | None] = None,
    on: Form[date | None] = None,
) -> Any:
    """Hand a file in; a job reads and checks it, and somebody decides on the page whether it is
    written. The same file again is the one taken before. `on`: the day that its rows tell of.
    """
    actor = request.actor
    places = visible_to(actor, Area.RECORDS)
    home = home_of(actor, Area.RECORDS)
    place = home if organisation is None else places.filter(pk=organisation).first()
    if place is None:
        raise Http404
    day = min(on or request.today, request.today)
    stands_in_for = actor.standing_in_for(Area.RECORDS)
    with on_behalf_of(stands_in_for) if stands_in_for else nullcontext():
        taken = hand_in(file, organisation=place, on=day, actor=actor, at=clock.now())
    return Reply(202, _import(taken))


@router.get(
    "/imports/{file_id}", response=_answers(shapes.ImportLine), **opens("import", Area.RECORDS)
)
def import_file(request: ActorRequest, file_id: Path[Number]) -> dict[str, Any]:
    """How far one of them is."""
    found = imports_visible_to(request.actor).filter(pk=file_id).first()
    if found is None:
        raise Http404
    return _import(found)


_IN_WORDS = dict(STATES)


def _import(file: ImportFile) -> dict[str, Any]:
    return {
        "file_id": file.pk,
        "name": file.name,
        "sha256": file.sha256,
        "organisation_id": file.organisation_id,
        "on": file.on,
        "state": file.state,
        "state_zh": _IN_WORDS[file.state],
        "problem": file.problem,
        "rows_read": file.summary.get("read"),
        "rows_bad": file.summary.get("bad"),
        "handed_in_at": file.handed_in_at,
        "job_id": file.job_id or None,
    }
