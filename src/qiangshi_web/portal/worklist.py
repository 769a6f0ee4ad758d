"""One worklist over everything that waits for somebody: cases, corrections, files, faults, jobs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from qiangshi_web.casework.queries import state_of, worklist
from qiangshi_web.casework.queries import waiting as cases_waiting
from qiangshi_web.casework.registry import kind_of
from qiangshi_web.contexts.people.queries import duplicates_visible_to
from qiangshi_web.exchange.models import CHECKED, PREVIEWED, ImportFile
from qiangshi_web.exchange.queries import visible_to as files_visible_to
from qiangshi_web.filing.ledgers import ledgers
from qiangshi_web.filing.requests import requests_visible_to
from qiangshi_web.jobs.models import FAILED, RUNNING, WAITING, Job
from qiangshi_web.jobs.queries import ordered_by
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.addresses import address
from qiangshi_web.kernel.language import language, say
from qiangshi_web.quality.queries import newest_score

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import Field, Model, QuerySet

    from qiangshi_web.kernel.actors import Actor

Row = dict[str, Any]
State = Literal["overdue", "todo", "waiting"]

STATES: dict[State, tuple[str, str]] = {
    "overdue": ("◔", "已超期"),
    "todo": ("◐", "待办"),
    "waiting": ("·", "等待他人"),
}
"""State → its mark and its word, the most urgent first."""

ORDER = {state: place for place, state in enumerate(STATES)}
ALL = 20_000  # lines of one kind that a list still shows


@dataclass(frozen=True, slots=True)
class Line:
    """Something that waits. `due` None: no day is set; `since` is when it came here."""

    state: State
    kind: str
    title: str
    step: str
    url: str
    due: date | None = None
    since: date | None = None

    @property
    def mark(self) -> str:
        """The sign of its state."""
        return STATES[self.state][0]

    @property
    def word(self) -> str:
        """Its state in words."""
        return say(STATES[self.state][1])


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: how much in each state, and the lines that were asked for, urgent first."""

    counts: Counter[State]
    lines: list[Line]


def waiting_for(actor: Actor, on: date, *, most: int = ALL) -> Waiting:
    """Everything that waits for the actor or that she waits for, the first `most` lines of it.

    The number of queries does not depend on how much there is.
    """
    counts: Counter[State] = Counter()
    lines: list[Line] = []
    for source in _SOURCES:
        found = source(actor, on, most)
        counts += found.counts
        lines += found.lines
    lines.sort(key=_urgency)
    return Waiting(counts, lines[:most])


def _urgency(line: Line) -> tuple[int, bool, int, int]:
    due = 0 if line.due is None else line.due.toordinal()
    since = 0 if line.since is None else line.since.toordinal()
    return ORDER[line.state], line.due is None, due, since


_CASE = (
    "pk", "type_key", "type_version", "variant", "place", "since", "due", "mine",
    "person__name", "organisation__name",
)  # fmt: skip


def _cases(actor: Actor, on: date, most: int) -> Waiting:
    """Open cases, by the type's own words."""
    lines = [_case(row, on) for row in cases_waiting(actor).values(*_CASE)[:most]]
    if len(lines) < most:
        return Waiting(Counter(line.state for line in lines), lines)
    found: QuerySet[Any] = worklist(actor, on)
    counted = found.order_by().values_list("state").annotate(how_many=Count("pk"))
    return Waiting(Counter(dict(counted)), lines)


def _case(row: Row, on: date) -> Line:
    kind = kind_of(row["type_key"], row["type_version"], row["variant"])
    label = kind.label_en if language() == "en" else kind.label
    return Line(
        state=cast("State", state_of(on, mine=row["mine"], due=row["due"])),
        kind=say("办件"),
        title=f"{label} · {row['person__name'] or row['organisation__name']}",
        step=kind.places[row["place"]].label,
        url=reverse("case", args=[row["pk"]]),
        due=row["due"],
        since=row["since"],
    )


def _corrections(actor: Actor, on: date, most: int) -> Waiting:
    """Requests to decide, and one's own that somebody else decides."""
    if not (actor.may_see(Area.RECORDS) or actor.may_see(Area.OWN)):
        return _nothing()
    asked = requests_visible_to(actor).filter(state="asked").order_by("asked_at", "pk")
    fields = ("pk", "person_id", "person__name", "ledger", "asked_at")
    return _of(asked.values(*fields), partial(_correction, actor), most)


def _correction(actor: Actor, row: Row) -> Line:
    return Line(
        state="waiting" if row["person_id"] == actor.person_id else "todo",
        kind=say("更正申请"),
        title=f"{ledgers()[row['ledger']].label} · {row['person__name']}",
        step=say("待审核"),
        url=reverse("correction", args=[row["pk"]]),
        since=localdate(row["asked_at"]),
    )


def _duplicates(actor: Actor, on: date, most: int) -> Waiting:
    """Pairs of numbers that may be one person."""
    if not actor.may_see(Area.RECORDS):
        return _nothing()
    found = duplicates_visible_to(actor).filter(state="open")
    fields = ("pk", "first__name", "second__name", "found_on")
    return _of(found.values(*fields), _duplicate, most)


def _duplicate(row: Row) -> Line:
    return Line(
        state="todo",
        kind=say("疑似重复人员"),
        title=f"{row['first__name']} / {row['second__name']}",
        step=say("待核实"),
        url=address("duplicate", row["pk"]),
        since=row["found_on"],
    )


def _files(actor: Actor, on: date, most: int) -> Waiting:
    """Files that were handed in and wait for somebody to look at them."""
    if not actor.may_see(Area.RECORDS):
        return _nothing()
    found = files_visible_to(actor).filter(state__in=(PREVIEWED, CHECKED)).order_by("pk")
    fields = ("pk", "name", "organisation__name", "state", "handed_in_at")
    return _of(found.values(*fields), _file, most)


def _file(row: Row) -> Line:
    return Line(
        state="todo",
        kind=say("数据导入"),
        title=f"{row['name']} · {row['organisation__name']}",
        step=say(_word_of(ImportFile, row["state"])),
        url=reverse("import", args=[row["pk"]]),
        since=localdate(row["handed_in_at"]),
    )


def _jobs(actor: Actor, on: date, most: int) -> Waiting:
    """One's own jobs: those that run, and those of the day that failed."""
    is_open = Q(state__in=(WAITING, RUNNING))
    failed = Q(state=FAILED, ordered_at__date=on)
    found = ordered_by(actor).filter(is_open | failed).order_by("pk")
    return _of(found.values("pk", "title", "about", "state", "ordered_at"), _job, most)


def _job(row: Row) -> Line:
    return Line(
        state="todo" if row["state"] == FAILED else "waiting",
        kind=say("后台任务"),
        title=f"{say(row['title'])} {row['about']}".strip(),
        step=say(_word_of(Job, row["state"])),
        url=reverse("job", args=[row["pk"]]),
        since=localdate(row["ordered_at"]),
    )


def _faults(actor: Actor, on: date, most: int) -> Waiting:
    """What to put in order first in the records of one's own place, a line for each rule."""
    score = newest_score(actor, Area.RECORDS)
    if score is None:
        return _nothing()
    page = reverse("quality-problems", args=[score.organisation_id])
    lines = [
        Line(
            state="todo",
            kind=say("数据质量"),
            title=str(one[f"label_{language()}"]),
            step=say("{count} 条记录待改", count=one["failed"]),
            url=f"{page}?{urlencode({'rule': one['rule']})}",
            since=score.run.on,
        )
        for one in score.fixes
    ]
    return _counted(lines, len(lines))


def _word_of(model: type[Model], state: str) -> str:
    """The word of a state among the choices of its model."""
    field = cast("Field[str, str]", model._meta.get_field("state"))
    return str(dict(field.flatchoices)[state])


def _of(found: QuerySet[Any, Any], line: Callable[[Row], Line], most: int) -> Waiting:
    """The first lines of a query; what is beyond them is counted as the last of them is."""
    lines = [line(row) for row in found[:most]]
    return _counted(lines, len(lines) if len(lines) < most else found.order_by().count())


def _counted(lines: list[Line], count: int) -> Waiting:
    counts = Counter(line.state for line in lines)
    if count > len(lines):
        counts[lines[-1].state] += count - len(lines)
    return Waiting(counts, lines)


def _nothing() -> Waiting:
    return Waiting(Counter(), [])


_SOURCES: tuple[Callable[[Actor, date, int], Waiting], ...] = (
    _cases,
    _corrections,
    _duplicates,
    _files,
    _faults,
    _jobs,
)
