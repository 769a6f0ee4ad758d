"""The whole worklist: everything that waits, sorted, filtered, as Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html

from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import for_all_signed_in
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.worklist import ORDER, STATES, waiting_for

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.safestring import SafeString

    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.portal.worklist import Line


@for_all_signed_in
def work(request: ActorRequest) -> HttpResponse:
    """What waits for the actor and what she waits for; `?state=` is one part of it."""
    found = waiting_for(request.actor, request.today)
    state = request.GET.get("state", "")
    shown = [line for line in found.lines if state in {"", line.state}]
    context = {
        "states": [(key, *words, found.counts[key]) for key, words in STATES.items()],
        "state": state,
        "total": found.counts.total(),
    }
    return answer(request, "portal/work.html", tables=[_table(shown)], context=context)


def _state(line: Line) -> SafeString:
    return format_html(
        '<span class="state-{}"><span aria-hidden="true">{}</span> {}</span>',
        line.state,
        line.mark,
        line.word,
    )


def _table(lines: list[Line]) -> Table[Line]:
    return Table(
        name="work",
        caption=say("待办"),
        columns=(
            Column(
                key="what",
                label="对象",
                value=lambda line: line.title,
                link=lambda line: line.url,
                filter="contains",
            ),
            Column(key="kind", label="类别", value=lambda line: line.kind, filter="choice"),
            Column(key="step", label="环节", value=lambda line: line.step, filter="choice"),
            Column(
                key="state",
                label="状态",
                value=lambda line: line.word,
                rank=lambda line: float(ORDER[line.state]),
                markup=_state,
            ),
            Column(key="due", label="办理期限", kind="date", value=lambda line: line.due),
            Column(key="since", label="到达日期", kind="date", value=lambda line: line.since),
        ),
        rows=lines,
        first="state",
    )
