"""Whether the log is whole: nothing altered, removed, inserted, moved or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.kernel.chain.models import Head, Link
from qiangshi_web.kernel.chain.sealing import ERASE, canonical, emptied, seal_of
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.keys import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    """How many events were held against the chain, and what was found."""

    events: int
    position: int
    faults: tuple[Fault, ...]


def verify(anchor: Anchor | None) -> Verification:
    """Hold every event against the chain, and the chain's end against its head and the anchor."""
    faults: list[Fault] = []
    last, seals, seen = 0, "", 0
    anchored, erased = "", _erased()
    for links in _batches():
        events = Event.objects.in_bulk([link.event_id for link in links])
        for link in links:
            seen += 1
            if link.position != last + 1:
                faults.append(_gap(last + 1, link.position - 1))
            faults += _against(link, events.get(link.event_id), seals, erased)
            last, seals = link.position, link.seal
            if anchor is not None and link.position == anchor.position:
                anchored = link.seal
    faults += _unlinked()
    faults += _at_the_end(last, seals, anchor, anchored)
    return Verification(seen, last, tuple(faults))


def _batches() -> Iterator[Sequence[Link]]:
    after = -1
    while batch := list(Link.objects.filter(position__gt=after).order_by("position")[:_BATCH]):
        yield batch
        after = batch[-1].position


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


def _unlinked() -> list[Fault]:
    linked = Link.objects.values("event_id")
    strangers = Event.objects.exclude(pk__in=linked).values_list("pk", flat=True)
    return [
        Fault("inserted", None, number, f"操作记录{number}不在链上：绕过程序写入")
        for number in strangers
    ]


def _at_the_end(last: int, seal: str, anchor: Anchor | None, anchored: str) -> Iterator[Fault]:
    head = Head.objects.filter(pk=1).first()
    reached = 0 if head is None else head.position
    if reached > last or (head is None and last):
        yield Fault("truncated", last, None, f"链尾应在第{reached}位，实止于第{last}位")
    elif head is not None and (reached < last or head.seal != seal):
        yield Fault("altered", reached, None, "链尾记载与链不符")
    if anchor is None:
        return
    if not anchor.is_genuine():
        yield Fault("anchor", anchor.position, None, "库外锚点文件被改动")
    elif anchor.position > last:
        yield Fault("truncated", last, None, f"库外锚点在第{anchor.position}位，链止于第{last}位")
    elif anchor.position and anchored != anchor.seal:
        yield Fault("altered", anchor.position, None, f"第{anchor.position}位与库外锚点不符")
