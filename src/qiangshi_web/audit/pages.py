"""The log for its auditor, and for each person who opened her file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from qiangshi_web.audit.queries import openings_of, whole_log
from qiangshi_web.identity.roles import AREA_LABELS
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.query_tables import Facet, QueryTable
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest
    from qiangshi_web.kernel.events import Event


def _at(event: Event) -> str:
    return f"{localtime(event.at):%Y-%m-%d %H:%M:%S}"


_AT: Column[Event] = Column(key="at", label="时间", value=_at)
_WHO: Column[Event] = Column(
    key="actor", label="操作人", value=lambda event: event.actor, filter="contains"
)
_FOR: Column[Event] = Column(
    key="behalf", label="代表", value=lambda event: event.on_behalf_of or None
)
_WHY: Column[Event] = Column(key="reason", label="事由", value=lambda event: event.reason or None)


@requires(Area.LOG)
def log(request: ActorRequest) -> HttpResponse:
    """Every event: who, what, on which record, why. What stood there is not shown."""
    table = QueryTable(
        name="log",
        caption=say("操作日志"),
        columns=(
            Column(key="number", label="序号", value=lambda event: float(event.pk), kind="number"),
            _AT,
            _WHO,
            _FOR,
            Column(key="verb", label="动作", value=lambda event: event.verb, filter="contains"),
            Column(
                key="relation", label="台账", value=lambda event: event.relation, filter="contains"
            ),
            Column(key="key", label="记录编号", value=lambda event: event.key, filter="contains"),
            _WHY,
        ),
        rows=(),
        source=whole_log(),
        facets={
            "number": Facet(order=("pk",)),
            "at": Facet(order=("at",)),
            "actor": Facet(order=("actor",), contains="actor"),
            "verb": Facet(order=("verb",), contains="verb"),
            "relation": Facet(order=("relation",), contains="relation"),
            "key": Facet(order=("key",), contains="key"),
        },
    )
    return answer(request, "audit/log.html", tables=[table], context={})


@requires(Area.OWN)
def opened(request: ActorRequest) -> HttpResponse:
    """Who opened what is kept apart in one's own file, when and for whom."""
    table = QueryTable(
        name="opened",
        caption=say("谁查看过我的敏感信息"),
        columns=(
            _AT,
            _WHO,
            _FOR,
            Column(key="areas", label="查看内容", value=areas_in_words),
            _WHY,
        ),
        rows=(),
        source=openings_of(request.actor),
        facets={
            "at": Facet(order=("at",)),
            "actor": Facet(order=("actor",), contains="actor"),
        },
    )
    return answer(request, "audit/opened.html", tables=[table], context={})


def areas_in_words(event: Event) -> str:
    """Which areas were opened."""
    named = (event.after or {}).get("areas", ())
    return "、".join(say(AREA_LABELS[Area(area)]) for area in named)
