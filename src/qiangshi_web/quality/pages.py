"""How good the records are, what to put in order first, and the list to work off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse

from qiangshi_web.contexts.organisations.queries import above, home_of, named, visible_to
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import language, pick, say
from qiangshi_web.kernel.registry import register, vocabulary
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.quality.queries import latest, problems, score_of, scores_below, trend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.quality.queries import OrganisationScore, Problem

_TREND = 30
_DIMENSIONS = {"complete": "完整", "valid": "有效", "consistent": "一致", "current": "及时"}


@requires(Area.FIGURES)
def qualities(request: ActorRequest) -> HttpResponse:
    """The highest organisation that the actor sees."""
    home = home_of(request.actor, Area.FIGURES)
    if home is None:
        raise Http404
    return HttpResponseRedirect(reverse("quality", args=[home.pk]))


@requires(Area.FIGURES)
def quality(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """The score of an organisation, what to put in order first, the trend, and those below."""
    organisation = get_object_or_404(visible_to(request.actor, Area.FIGURES), pk=organisation_id)
    run = latest()
    score = None if run is None else score_of(run, organisation)
    context: dict[str, Any] = {
        "organisation": organisation,
        "above": above(organisation, request.actor, Area.FIGURES),
        "run": run,
        "score": score,
        "dimensions": [] if score is None else _dimensions(score),
        "fixes": [] if score is None else [_fix(one) for one in score.fixes],
        "history": list(trend(organisation)[:_TREND]),
    }
    tables = []
    if run is not None:
        rows = list(scores_below(run, organisation))
        if rows:
            tables = [_below(rows)]
    return answer(request, "quality/quality.html", tables=tables, context=context)


def _dimensions(score: OrganisationScore) -> list[tuple[str, float | None]]:
    return [(say(label), getattr(score, name)) for name, label in _DIMENSIONS.items()]


def _fix(told: Mapping[str, Any]) -> dict[str, Any]:
    way = language()
    return {**told, "label": told[f"label_{way}"], "cure": told[f"cure_{way}"]}


def _below(rows: list[OrganisationScore]) -> Table[OrganisationScore]:
    return Table(
        name="below",
        caption=say("下级机构"),
        columns=(
            Column(
                key="name",
                label="机构",
                value=lambda one: one.organisation.name,
                link=lambda one: reverse("quality", args=[one.organisation_id]),
                filter="contains",
            ),
            Column(key="score", label="得分", kind="number", value=lambda one: _rounded(one.score)),
            Column(key="grade", label="等级", value=lambda one: one.grade.get(language()) or None,
                   filter="choice"),
            *(
                Column(key=name, label=label, kind="percent", value=_share(name))
                for name, label in _DIMENSIONS.items()
            ),
            Column(key="rows", label="记录数", kind="number", value=lambda one: one.rows),
            Column(key="silent", label="未报台账", kind="number",
                   value=lambda one: one.ledgers_silent),
        ),
        rows=rows,
        first="score",
    )  # fmt: skip


def _share(name: str) -> Any:
    return lambda one: getattr(one, name)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 1)


@requires(Area.FIGURES)
def problem_list(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """Every fault at an organisation and below, to be worked off on one page."""
    organisation = get_object_or_404(visible_to(request.actor, Area.FIGURES), pk=organisation_id)
    run = latest()
    if run is None:
        return render(request, "quality/problems.html", {"organisation": organisation, "run": None})
    rule = request.GET.get("rule", "")
    rows = problems(run, organisation, request.actor, rule=rule)
    names = named({row.organisation_id for row in rows})
    people = Person.objects.filter(pk__in={row.person_id for row in rows if row.person_id})
    called = dict(people.values_list("pk", "name"))
    may_write = request.actor.may_see(Area.RECORDS)
    table = _problems(rows, names, called, may_write)
    context = {"organisation": organisation, "run": run, "rule": rule}
    return answer(request, "quality/problems.html", tables=[table], context=context)


def _problems(
    rows: list[Problem], places: Mapping[str, str], people: Mapping[str, str], may_write: bool
) -> Table[Problem]:
    relations = vocabulary().relations
    way = language()
    return Table(
        name="problems",
        caption=say("问题数据"),
        columns=(
            Column(key="person", label="姓名", filter="contains",
                   value=lambda one: _whose(one, places, people),
                   link=lambda one: _where(one, may_write)),
            Column(key="what", label="问题", filter="contains",
                   value=lambda one: one.text_en if way == "en" else one.text_zh),
            Column(key="cure", label="怎样改",
                   value=lambda one: one.cure_en if way == "en" else one.cure_zh),
            Column(key="ledger", label="台账", filter="choice",
                   value=lambda one: pick(relations[one.relation].label)),
            Column(key="place", label="机构", filter="contains",
                   value=lambda one: places.get(one.organisation_id)),
            Column(key="dimension", label="方面", filter="choice",
                   value=lambda one: say(_DIMENSIONS[one.dimension])),
        ),
        rows=rows,
    )  # fmt: skip


def _whose(one: Problem, places: Mapping[str, str], people: Mapping[str, str]) -> str | None:
    """Of whom or what the row tells, by name where it has one."""
    own = places.get(one.key) if one.relation == "organisation" else None
    return people.get(one.person_id) or own or one.key or None


def _is_of_a_state(one: Problem) -> bool:
    """Whether the column changes from day to day: then the page of whom it tells is the place."""
    found = register(one.relation)
    return found.state is not None and (not one.field or found.holder(one.field) is found.state)


def _where(one: Problem, may_write: bool) -> str | None:
    """Where the fault is put right: the row's own form, else the page of whom it is about."""
    try:
        if may_write and one.key and not _is_of_a_state(one):
            return reverse("edit-fact", args=["correct", one.relation, one.key])
    except NoReverseMatch:
        pass
    if one.person_id:
        return reverse("person", args=[one.person_id])
    return reverse("organisation", args=[one.organisation_id])
