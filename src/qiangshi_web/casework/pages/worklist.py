"""One list for every kind of case: to do, overdue, waiting; and the same move on many."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from qiangshi_web.casework.actions import act_on_many
from qiangshi_web.casework.queries import worklist
from qiangshi_web.casework.registry import kind_of
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.casework.kinds import CaseType
    from qiangshi_web.kernel.actors import Actor, ActorRequest

STATES = {"overdue": ("◔", "已超期"), "todo": ("◐", "待办"), "waiting": ("·", "等待他人")}
_ORDER = {state: place for place, state in enumerate(STATES)}
_COLUMNS = (
    "pk", "title", "type_key", "type_version", "variant", "place", "since", "due", "state",
    "events_seen", "person__name", "organisation__name",
)  # fmt: skip


@requires(Area.OWN, Area.FIGURES, Area.PLANS)
def cases(request: ActorRequest) -> HttpResponse:
    """The actor's worklist; `?state=` is one part of it, `?group=` one step for bulk work."""
    if request.method == "POST":
        return _decide_many(request)
    rows = rows_for(request.actor, request.today)
    counted = Counter(row.state for row in rows)
    state, group = request.GET.get("state", ""), request.GET.get("group", "")
    shown = [row for row in rows if state in {"", row.state} and group in {"", _group(row)}]
    mine = [row for row in rows if row.state != "waiting"]
    groups = Counter((_group(row), f"{say(_kind(row).label)} · {_place(row)}") for row in mine)
    moves = _kind(shown[0]).moves_from(shown[0].place) if group and shown else ()
    context: dict[str, Any] = {
        "states": [(key, *words, counted.get(key, 0)) for key, words in STATES.items()],
        "state": state,
        "group": group,
        "groups": [(key, label, count) for (key, label), count in sorted(groups.items())],
        "moves": [(move.key, move.label) for move in moves if not move.auto],
        "of_ethics": request.actor.may_see(Area.ETHICS),
    }
    return answer(request, "casework/cases.html", tables=[_table(shown, group)], context=context)


def rows_for(actor: Actor, on: date) -> list[Any]:
    """The worklist in one query, light enough for ten thousand."""
    return list(worklist(actor, on).values_list(*_COLUMNS, named=True))


def _kind(row: Any) -> CaseType:
    return kind_of(row.type_key, row.type_version, row.variant)


def _group(row: Any) -> str:
    """Cases that may be decided together: those of a type that are at the same step."""
    return f"{row.type_key}:{row.place}"


def _place(row: Any) -> str:
    return say(_kind(row).places[row.place].label)


def _table(rows: list[Any], group: str) -> Table[Any]:
    columns: list[Column[Any]] = [
        Column(
            key="who",
            label="对象",
            value=lambda row: row.person__name or row.organisation__name,
            link=lambda row: reverse("case", args=[row.pk]),
            filter="contains",
        ),
        Column(key="kind", label="事项", value=lambda row: say(_kind(row).label), filter="choice"),
        Column(key="place", label="环节", value=_place, filter="choice"),
        Column(
            key="state",
            label="状态",
            value=lambda row: say(STATES[row.state][1]),
            rank=lambda row: float(_ORDER[row.state]),
            template="casework/state_cell.html",
            drawn=lambda row: {"state": row.state, "mark": STATES[row.state][0]},
        ),
        Column(key="due", label="办理期限", kind="date", value=lambda row: row.due),
        Column(key="since", label="到达日期", kind="date", value=lambda row: row.since),
        Column(
            key="school", label="机构", value=lambda row: row.organisation__name, filter="choice"
        ),
    ]
    if group:
        picked: Column[Any] = Column(
            key="pick",
            label="办理与理由",
            value=lambda row: "",
            template="casework/pick_cell.html",
        )
        columns.insert(1, picked)
    return Table(
        name="cases", caption=say("办件"), columns=tuple(columns), rows=rows, first="state"
    )


def _decide_many(request: ActorRequest) -> HttpResponse:
    """The chosen move on each picked case, each with its own reason; what failed is told."""
    given = request.POST
    picked = [int(one) for one in given.getlist("case") if one.isdecimal()]
    results = act_on_many(
        {one: given.get(f"reason-{one}", "") for one in picked},
        key=given.get("move", ""),
        actor=request.actor,
        on=request.today,
        at=timezone.now(),
        saw={one: int(seen) for one in picked if (seen := given.get(f"saw-{one}", "")).isdecimal()},
    )
    done = sum(refused is None for refused in results.values())
    messages.success(request, say("已办理 {done} 件", done=done))
    for number, refused in results.items():
        if refused is not None:
            messages.error(request, say("第 {number} 件未办理：{why}", number=number, why=refused))
    return HttpResponseRedirect(request.get_full_path())
