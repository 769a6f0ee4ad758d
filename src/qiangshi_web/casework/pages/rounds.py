"""Rounds: what is announced where, who is in, how it came out and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qiangshi.casework.grounds import Ground, Refused
from qiangshi_web.casework.actions.gathering import OFFICES
from qiangshi_web.casework.pages import announcing, filling
from qiangshi_web.casework.parties import roles_at
from qiangshi_web.casework.queries import kind, rounds_visible_to, visible_to
from qiangshi_web.casework.registry import declarations, newest
from qiangshi_web.contexts.organisations.queries import home_of
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from qiangshi_web.casework.queries import Case, Round
    from qiangshi_web.kernel.actors import ActorRequest

PHASES = {"announced": "未开始", "open": "受理中", "judging": "评审中", "ended": "已结束"}


@requires(Area.PLANS)
def rounds(request: ActorRequest) -> HttpResponse:
    """Rounds that reach the actor; an office announces one by posting."""
    grounds: Sequence[Ground] = ()
    home = home_of(request.actor, Area.PEOPLE)
    organises = home is not None and bool(OFFICES & roles_at(request.actor, home, Area.PEOPLE))
    if request.method == "POST" and home is not None:
        try:
            return redirect("round", announcing.announced(request, home.pk).pk)
        except Refused as refused:
            grounds = refused.grounds
    found = rounds_visible_to(request.actor).select_related("organisation")
    rows = [(one, say(PHASES[one.calendar.phase(request.today)])) for one in found]
    kinds = [one.kind for one in declarations() if one.kind.in_rounds]
    said = filling.values(request.POST, {})
    fields = filling.fields(announcing.Announcement, said, grounds)
    context = {"rows": rows, "organises": organises, "kinds": kinds, "chosen": said.get("kind")}
    context |= {"fields": fields, "grounds": grounds}
    return render(request, "casework/rounds.html", context, status=422 if grounds else 200)


@requires(Area.PLANS)
def round_(request: ActorRequest, round_id: int) -> HttpResponse:
    """A round; an office that organises it begins cases for those who are due by posting."""
    shown = get_object_or_404(rounds_visible_to(request.actor), pk=round_id)
    declared = newest(shown.type_key)
    organises = bool(OFFICES & roles_at(request.actor, shown.organisation, declared.kind.area))
    ranks = organises and shown.result is None
    grounds: Sequence[Ground] = ()
    if request.method == "POST" and organises:
        try:
            announcing.carry_out(request, shown)
            return redirect("round", round_id)
        except Refused as refused:
            grounds = refused.grounds
    context = {
        "round": shown,
        "phase": say(PHASES[shown.calendar.phase(request.today)]),
        "ties": "、".join(say(one) for one in (*shown.ties, "公开种子抽签")),
        "quotas": announcing.quotas_of(shown),
        "may_draw": ranks and declared.pool is not None,
        "may_begin": organises and declared.due is not None,
        "due": announcing.due_in(shown, request.today),
        "grounds": grounds,
    }
    tables = [_table(shown, list(visible_to(request.actor).filter(round=shown)))]
    response = answer(request, "casework/round.html", tables=tables, context=context)
    response.status_code = 422 if grounds else response.status_code
    return response


def _table(shown: Round, cases: list[Case]) -> Table[Case]:
    """The cases of a round that the reader may see, with what the ranking came to."""
    placed = {one["case"]: one for one in (shown.result or {}).get("placed", ())}

    def of(case: Case, name: str) -> Any:
        return placed.get(str(case.pk), {}).get(name)

    def result(case: Case) -> str:
        words = {None: "", "within": "入围", "directed": "入围"}
        return f"{say(words.get(of(case, 'result'), '未入围'))} {of(case, 'why') or ''}".strip()

    columns: tuple[Column[Case], ...] = (
        Column(
            key="who",
            label="对象",
            value=lambda case: case.person.name if case.person else case.title,
            link=lambda case: reverse("case", args=[case.pk]),
            filter="contains",
        ),
        Column(key="school", label="机构", value=lambda c: c.organisation.name, filter="choice"),
        Column(
            key="place",
            label="环节",
            value=lambda case: say(kind(case).places[case.place].label),
            filter="choice",
        ),
        Column(key="score", label="得分", kind="number", value=lambda case: of(case, "score")),
        Column(key="rank", label="名次", kind="number", value=lambda case: of(case, "place")),
        Column(key="result", label="结果", value=result, filter="contains"),
    )
    return Table(
        name="round", caption=say("本批次的办件"), columns=columns, rows=cases, first="rank"
    )
