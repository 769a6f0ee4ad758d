"""Whether the log is whole: nothing altered, removed, inserted, moved or cut off.

Nor any row of another table that its events hold (`qiangshi_web.kernel.chain.rows`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qiangshi_web.kernel.chain.models import Head, Link
from qiangshi_web.kernel.chain.rows import called, chained_models, digest
from qiangshi_web.kernel.chain.sealing import ERASE, canonical, emptied, seal_of
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.keys import named
from qiangshi_web.kernel.records.checks import chunks
from qiangshi_web.kernel.records.shapes import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import Model

    from qiangshi_web.kernel.chain.anchors import Anchor

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the log at a place; `position` of the chain, `event` its number."""

    kind: str
    position: int | None
    event: int | None
    text_zh: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How many events were held against the chain, rows against events, and what was found."""

    events: int
    rows: int
    position: int
    faults: tuple[Fault, ...]


class _Rows:
    """The rows that events hold. `left` are those of which no event has told so far.

    They are listed before the events are read: what is written meanwhile is none of them.
    """

    def __init__(self) -> None:
        self.seen = 0
        self.left = {
            model: set(rows_of(model).values_list("pk", flat=True)) for model in chained_models()
        }

    def against(self, events: Sequence[Event]) -> Iterator[Fault]:
        """What is not as events tell whose own seals hold."""
        for model, left in self.left.items():
            told = _told(model, events)
            self.seen += len(told)
            left.difference_update(told)
            for some in chunks(list(told)):
                kept = rows_of(model).in_bulk(some)
                for pk in some:
                    event, name, expected = told[pk]
                    if pk not in kept:
                        yield _of_row("removed", event, model, f"{name}被删除")
                    elif digest(kept[pk]) != expected:
                        yield _of_row("altered", event, model, f"{name}被改动")

    def untold(self) -> Iterator[Fault]:
        """Rows of which no event told."""
        for model, left in self.left.items():
            for row in rows_of(model).in_bulk(left).values():
                yield _of_row("inserted", None, model, f"{called(row)}不在链上：绕过程序写入")


def _told(model: type[Model], events: Sequence[Event]) -> dict[int, tuple[int, str, str]]:
    """Row → the event that tells of it, what it is called, its digest."""
    return {
        int(pk): (event.pk, name, expected)
        for event in events
        if event.relation == model._meta.db_table
        for pk, (name, expected) in (event.after or {}).get("rows", {}).items()
    }


def _of_row(kind: str, event: int | None, model: type[Model], said: str) -> Fault:
    return Fault(kind, None, event, f"{model._meta.verbose_name}{said}")


@dataclass
class _Walk:
    """How far along the chain we are, and what was wrong on the way."""

    anchor: Anchor | None
    rows: _Rows = field(default_factory=_Rows)
    last: int = 0
    seal: str = ""
    seen: int = 0
    anchored: str = ""
    faults: list[Fault] = field(default_factory=list)
    erased: Mapping[str, str] = field(default_factory=dict)

    def to_the_end(self) -> Head | None:
        """Hold every event against its link; the head, read before nothing more was found.

        So what is written meanwhile is walked along too, and the head counts no link less.
        """
        while True:
            head = Head.objects.filter(pk=1).first()
            links = list(Link.objects.filter(position__gt=self.last).order_by("position")[:_BATCH])
            if not links:
                return head
            events = Event.objects.in_bulk([link.event_id for link in links])
            self.erased = _erased()  # after the events: what was erased meanwhile is known
            whole = [event for link in links for event in self._pass(link, events)]
            self.faults += self.rows.against(whole)

    def _pass(self, link: Link, events: Mapping[int, Event]) -> Iterator[Event]:
        """The link's event, where it is whole."""
        if link.position != self.last + 1:
            self.faults.append(_gap(self.last + 1, link.position - 1))
        event = events.get(link.event_id)
        found = _against(link, event, self.seal, self.erased)
        self.faults += found
        if event is not None and not found:
            yield event
        self.last, self.seal, self.seen = link.position, link.seal, self.seen + 1
        if self.anchor is not None and link.position == self.anchor.position:
            self.anchored = link.seal


def verify(anchor: Anchor | None) -> Verification:
    """Hold every event against the chain, and the chain's end against its head and the anchor."""
    walk = _Walk(anchor)
    head = walk.to_the_end()
    faults = [*walk.faults, *_out_of_the_chain(), *_at_the_end(walk, head), *walk.rows.untold()]
    return Verification(walk.seen, walk.rows.seen, walk.last, tuple(faults))


def _gap(first: int, last: int) -> Fault:
    places = f"{first}" if first == last else f"{first}至{last}"
    return Fault("removed", first, None, f"链上第{places}位被删除")


def _erased() -> dict[str, str]:
    """Event → digest of what is left of it, as the chained events of erasures tell.

    One that tells a lie has to stand on the chain itself, and is held against it like any other.
    """
    told = Event.objects.filter(verb=ERASE).values_list("after", flat=True)
    listed = (after.get("events") for after in told if isinstance(after, dict))
    return {
        pk: digest for events in listed if isinstance(events, dict) for pk, digest in events.items()
    }


def _against(
    link: Link, event: Event | None, before: str, erased: Mapping[str, str]
) -> list[Fault]:
    place = link.position
    if event is None:
        said = f"第{place}位的操作记录{link.event_id}被删除"
        return [Fault("removed", place, link.event_id, said)]
    if _expected(link, event, before) == link.seal:
        return []
    if event.before is event.after is None and erased.get(str(event.pk)) == emptied(event):
        return []  # its seal cannot be reckoned again; the next one still rests on it
    said = f"第{place}位的操作记录{event.pk}的内容、次序或印记被改动"
    return [Fault("altered", place, event.pk, said)]


def _expected(link: Link, event: Event, before: str) -> str:
    """The seal that the link ought to bear; none where its key or algorithm is unknown."""
    if link.algorithm not in ("sha256", "sm3"):
        return ""
    try:
        key = named("log", link.key_id)
    except LookupError:
        return ""
    return seal_of(
        canonical(event),
        position=link.position,
        before=before,
        algorithm="sm3" if link.algorithm == "sm3" else "sha256",
        key=key,
    )


def _out_of_the_chain() -> Iterator[Fault]:
    """Links where no chain is, and events without one: their transaction went round us."""
    for link in Link.objects.filter(position__lt=1):
        said = f"第{link.position}位不在链上：操作记录{link.event_id}绕过程序写入"
        yield Fault("inserted", link.position, link.event_id, said)
    linked = Link.objects.values("event_id")
    for number in Event.objects.exclude(pk__in=linked).values_list("pk", flat=True):
        said = f"操作记录{number}不在链上：绕过程序写入"
        yield Fault("inserted", None, number, said)


def _at_the_end(walk: _Walk, head: Head | None) -> Iterator[Fault]:
    last, anchor = walk.last, walk.anchor
    reached = 0 if head is None else head.position
    if reached > last or (head is None and last):
        yield Fault("truncated", last, None, f"链尾应在第{reached}位，实止于第{last}位")
    elif head is not None and (reached < last or head.seal != walk.seal):
        yield Fault("altered", reached, None, "链尾记载与链不符")
    if anchor is None:
        return
    if not anchor.is_genuine():
        yield Fault("anchor", anchor.position, None, "库外锚点文件被改动")
    elif anchor.position > last:
        yield Fault("truncated", last, None, f"库外锚点在第{anchor.position}位，链止于第{last}位")
    elif anchor.position and walk.anchored != anchor.seal:
        yield Fault("altered", anchor.position, None, f"第{anchor.position}位与库外锚点不符")
