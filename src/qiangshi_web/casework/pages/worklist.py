"""One list for every kind of case: to do, overdue, waiting; and the same move on many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from qiangshi_web.casework.actions import act_on_many
from qiangshi_web.casework.queries import worklist
from qiangshi_web.casework.registry import declarations, kind_of
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import language, say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date

    from qiangshi_web.kernel.actors import Actor, ActorRequest

STATES = {"overdue": ("◔", "已超期"), "todo": ("◐", "待办"), "waiting": ("·", "等待他人")}
_ORDER = {state: place for place, state in enumerate(STATES)}
_COLUMNS = (
    "pk", "title", "type_key", "type_version", "variant", "place", "since", "due", "state",
    "events_seen", "person__name", "organisation__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the worklist."""

    number: int
    title: str
    kind: str
    group: str
    place: str
    since: date
    due: date | None
    state: str
    saw: int
    organisation: str


@requires(Area.OWN, Area.FIGURES, Area.PLANS)
def cases(request: ActorRequest) -> HttpResponse:
    """The actor's worklist; `?state=` is one part of it, `?group=` one step for bulk work."""
    if request.method == "POST":
        return _decide_many(request)
    rows = rows_for(request.actor, request.today)
    counted = Counter(row.state for row in rows)
    state, group = request.GET.get("state", ""), request.GET.get("group", "")
    shown = [row for row in rows if state in {"", row.state} and group in {"", row.group}]
    groups = Counter((row.group, f"{row.kind} · {row.place}") for row in rows if _mine(row))
    context: dict[str, Any] = {
        "states": [(key, *words, counted.get(key, 0)) for key, words in STATES.items()],
        "state": state,
        "group": group,
        "groups": [(key, label, count) for (key, label), count in sorted(groups.items())],
        "moves": _moves(group),
        "total": len(rows),
        "of_ethics": request.actor.may_see(Area.ETHICS),
    }
    tables = [_table(shown, group)]
    return answer(request, "casework/cases.html", tables=tables, context=context)


def rows_for(actor: Actor, on: date) -> list[Row]:
    """The worklist in one query, light enough for ten thousand."""
    return [_row(values) for values in worklist(actor, on).values(*_COLUMNS)]


def _row(values: dict[str, Any]) -> Row:
    kind = kind_of(values["type_key"], values["type_version"], values["variant"])
    return Row(
        number=values["pk"],
        title=values["person__name"] or values["organisation__name"],
        kind=kind.label_en if language() == "en" else kind.label,
        group=f"{values['type_key']}:{values['place']}",
        place=say(kind.places[values["place"]].label),
        since=values["since"],
        due=values["due"],
        state=values["state"],
        saw=values["events_seen"],
        organisation=values["organisation__name"],
    )


def _mine(row: Row) -> bool:
    return row.state != "waiting"


def _moves(group: str) -> list[tuple[str, str]]:
    """Moves that may be made on many cases of a step at once."""
    key, _, place = group.partition(":")
    found = [one.kind for one in declarations() if one.kind.key == key]
    if not found:
        return []
    return [(move.key, move.label) for move in found[-1].moves_from(place) if not move.auto]


def _table(rows: list[Row], group: str) -> Table[Row]:
    columns: list[Column[Row]] = [
        Column(
            key="who",
            label="对象",
            value=lambda row: row.title,
            link=lambda row: reverse("case", args=[row.number]),
            filter="contains",
        ),
        Column(key="kind", label="事项", value=lambda row: row.kind, filter="choice"),
        Column(key="place", label="环节", value=lambda row: row.place, filter="choice"),
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
        Column(key="school", label="机构", value=lambda row: row.organisation, filter="choice"),
    ]
    if group:
        columns.insert(
            1,
            Column(
                key="pick",
                label="办理与理由",
                value=lambda row: "",
                template="casework/pick_cell.html",
                drawn=lambda row: row,
            ),
        )
    return Table(
        name="cases", caption=say("办件"), columns=tuple(columns), rows=rows, first="state"
    )


def _decide_many(request: ActorRequest) -> HttpResponse:
    """The chosen move on each picked case, each with its own reason; what failed is told."""
    picked = [int(one) for one in request.POST.getlist("case") if one.isdigit()]
    results = act_on_many(
        {one: request.POST.get(f"reason-{one}", "") for one in picked},
        key=request.POST.get("move", ""),
        actor=request.actor,
        on=request.today,
        at=timezone.now(),
        saw={one: int(request.POST.get(f"saw-{one}", "0") or 0) for one in picked},
    )
    done = sum(refused is None for refused in results.values())
    messages.success(request, say("已办理 {done} 件", done=done))
    for number, refused in results.items():
        if refused is not None:
            messages.error(request, say("第 {number} 件未办理：{why}", number=number, why=refused))
    return HttpResponseRedirect(request.get_full_path())
