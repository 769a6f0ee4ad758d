"""Two numbers that may be one person's: who sees both decides, and may take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qiangshi_web.contexts.people.actions import (
    decide_different,
    decide_same,
    find_duplicates,
    undo_merger,
)
from qiangshi_web.contexts.people.queries import (
    PossibleDuplicate,
    duplicates_visible_to,
    state_on,
)
from qiangshi_web.filing.ledgers import ledgers
from qiangshi_web.filing.queries import file_of_person, names_of
from qiangshi_web.filing.sight import Sight, sight_of_person
from qiangshi_web.filing.words import cells
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.records import Refused
from qiangshi_web.kernel.records.values import row_of
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.standpoint import Crumb

if TYPE_CHECKING:
    from datetime import date

    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.records.facts import Fact

_WORDS = {"open": "待核实", "same": "同一人", "different": "不是同一人"}
_AT_MOST = 2000


@requires(Area.RECORDS)
def duplicates(request: ActorRequest) -> HttpResponse:
    """The pairs in scope, those to be decided first; whoever sees the top may look for more."""
    may_find = "" in {holding.path.partition("/")[2] for holding in request.actor.holdings}
    if request.method == "POST":
        if not may_find:
            raise PermissionDenied
        find_duplicates(actor=request.actor, at=clock.now(), source=say("全库查重"))
        return redirect("duplicates")
    found = list(duplicates_visible_to(request.actor)[:_AT_MOST])
    context = {"may_find": may_find, "crumbs": []}
    return answer(request, "portal/duplicates.html", tables=[_table(found)], context=context)


def _table(found: list[PossibleDuplicate]) -> Table[PossibleDuplicate]:
    order = list(_WORDS)
    return Table(
        name="duplicates",
        caption=say("疑似重复人员"),
        columns=(
            Column(
                key="state",
                label="状态",
                value=lambda row: say(_WORDS[row.state]),
                rank=lambda row: order.index(row.state),
                filter="choice",
            ),
            Column(
                key="names",
                label="姓名",
                value=lambda row: f"{row.first.name} / {row.second.name}",
                link=lambda row: reverse("duplicate", args=[row.pk]),
                filter="contains",
            ),
            Column(
                key="numbers",
                label="教师编号",
                value=lambda row: f"{row.first_id} / {row.second_id}",
                filter="contains",
            ),
            Column(key="reasons", label="相似之处", value=lambda row: row.reasons),
            Column(key="found", label="发现日期", kind="date", value=lambda row: row.found_on),
            Column(key="decided", label="核实日期", kind="date", value=lambda row: row.decided_on),
        ),
        rows=sorted(found, key=lambda row: order.index(row.state)),
    )


@requires(Area.RECORDS, level=Level.WRITE)
def duplicate(request: ActorRequest, key: str) -> HttpResponse:
    """One pair side by side: the same person, two people, or a merger taken back."""
    task = get_object_or_404(duplicates_visible_to(request.actor), pk=key)
    grounds: list[str] = []
    if request.method == "POST":
        try:
            _decide(request, task)
        except Refused as refused:
            grounds = [ground.text_zh for ground in refused.grounds]
        else:
            return redirect("duplicate", key)
    people = [task.first, task.second]
    sights = [sight_of_person(request.actor, one) for one in people]
    both = Sight(sights[0].areas | sights[1].areas, is_own=False, written=frozenset())
    own = Crumb(say("疑似重复人员"), reverse("duplicates"))
    context = {
        "task": task,
        "state": say(_WORDS[task.state]),
        "rows": _side_by_side(people, both, request.today),
        "kept": [_amounts(one, both) for one in people],
        "people": people,
        "grounds": grounds,
        "reason": request.POST.get("reason", ""),
        "crumbs": [own, Crumb(f"{task.first_id} / {task.second_id}", request.path)],
    }
    return render(request, "portal/duplicate.html", context, status=422 if grounds else 200)


def _decide(request: ActorRequest, task: PossibleDuplicate) -> None:
    decision = request.POST.get("decision", "")
    reason = request.POST.get("reason", "").strip() or say(_WORDS[task.state])
    by: Any = {"actor": request.actor, "at": clock.now(), "reason": reason}
    if decision in {"keep_first", "keep_second"}:
        kept = task.first_id if decision == "keep_first" else task.second_id
        decide_same(task, kept=kept, **by)
    elif decision == "different":
        decide_different(task, **by)
    elif decision == "undo":
        undo_merger(task, **by)
    else:
        raise Http404


def _side_by_side(people: list[Person], sight: Sight, on: date) -> list[dict[str, Any]]:
    """Every column of who they are and how they stand, those in which they differ marked."""
    told = [_told(one, sight, on) for one in people]
    labels = {name: label for one in told for name, (label, _) in one.items()}
    rows = []
    for name, label in labels.items():
        values = [one.get(name, (label, "—"))[1] for one in told]
        if set(values) != {"—"}:
            rows.append({"label": label, "values": values, "differs": len(set(values)) > 1})
    return rows


def _told(person: Person, sight: Sight, on: date) -> dict[str, tuple[str, str]]:
    state = state_on(person.pk, on)
    facts: list[tuple[Ledger, Fact]] = [(ledgers()["person"], person)]
    if state is not None:
        facts.append((ledgers()["person_state"], state))
    found = {}
    for ledger, fact in facts:
        row = row_of(fact, ledger.shape)
        for cell in cells(ledger, row, sight, names_of({ledger: [fact]})):
            found[cell.column] = (cell.label, cell.text)
    return found


def _amounts(person: Person, sight: Sight) -> str:
    """How much is on record under a number."""
    kept = file_of_person(person, sight)
    said = [f"{one.ledger.label} {len(one.facts)}" for one in kept if one.ledger.name != "person"]
    return "，".join(said) or say("没有记录。")
