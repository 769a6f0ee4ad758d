"""Two numbers that may be one person's: found, asked about, decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from qiangshi.datacheck.identity import match_within
from qiangshi_web.contexts.people.actions.merging import merge_persons
from qiangshi_web.contexts.people.models import Person, PersonMerger, PossibleDuplicate
from qiangshi_web.kernel.records import by_right_of, correct, operation, record, refuse, undo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from qiangshi_web.contexts.people.actions.merging import Merged
    from qiangshi_web.kernel.records.authorship import By, From

_COMPARED = ("name", "born_on", "id_number", "organisation_id", "sex")
_LONGEST = 400


@transaction.atomic
def ask_about_duplicates(pairs: Iterable[tuple[str, str, str]], **told: Unpack[From]) -> int:
    """Make a task of each pair of numbers, with what speaks for it; how many are new.

    A pair that was asked about before, in either order, is not asked about again. Raises Refused
    where a number is nobody's.
    """
    wanted = {(min(a, b), max(a, b)): reasons for a, b, reasons in pairs if a != b}
    known = set(PossibleDuplicate.objects.values_list("first_id", "second_id"))
    new = {pair: reasons for pair, reasons in wanted.items() if pair not in known}
    for (first, second), reasons in sorted(new.items()):
        values = {
            "first_id": first,
            "second_id": second,
            "reasons": reasons[:_LONGEST] or None,
            "found_on": timezone.localdate(told["at"]),
            "state": "open",
        }
        record(PossibleDuplicate, values, **told)
    return len(new)


def find_duplicates(**told: Unpack[From]) -> int:
    """Look through the whole register for people who may have two numbers; how many new tasks."""
    given_up = PersonMerger.objects.values("former")
    rows = list(Person.objects.exclude(pk__in=given_up).order_by("pk").values("pk", *_COMPARED))
    if not rows:
        return 0
    people = pa.table(
        {name: pa.array([row[name] for row in rows]) for name in _COMPARED},
        schema=pa.schema(
            [
                pa.field(name, pa.date32() if name == "born_on" else pa.string())
                for name in _COMPARED
            ]
        ),
    )
    pairs = match_within(people).to_pylist()
    numbered = ((rows[p["left"]]["pk"], rows[p["right"]]["pk"], p["reasons"]) for p in pairs)
    return ask_about_duplicates(numbered, **told)


@transaction.atomic
def decide_same(task: PossibleDuplicate, *, kept: str, **by: Unpack[By]) -> Merged:
    """They are one person, who keeps the number `kept`.

    Raises Refused when it is decided already or the merger is refused.
    """
    held = _open(task)
    if kept not in {held.first_id, held.second_id}:
        raise refuse(f"保留的编号应为“{held.first_id}”或“{held.second_id}”", "kept")
    former = held.second_id if kept == held.first_id else held.first_id
    day = timezone.localdate(by["at"])
    # Who may see both may decide; what is hers of every area goes with her, whoever decides.
    with by_right_of("merge_persons"), operation("merge_persons") as number:
        merged = merge_persons(former, kept, on=day, **by)
        correct(held, {"state": "same", "decided_on": day, "merged_by": number}, **by)
    return merged


@transaction.atomic
def decide_different(task: PossibleDuplicate, **by: Unpack[By]) -> PossibleDuplicate:
    """They are two people who look alike; nobody is asked again."""
    day = timezone.localdate(by["at"])
    return correct(_open(task), {"state": "different", "decided_on": day}, **by)


def undo_merger(task: PossibleDuplicate, **by: Unpack[By]) -> str:
    """Turn a merger back, exactly; the task is open again. Raises Refused where it cannot be."""
    if task.merged_by is None:
        raise refuse("这两个编号没有合并过")
    with by_right_of("merge_persons"):
        return undo(task.merged_by, **by)


def _open(task: PossibleDuplicate) -> PossibleDuplicate:
    """The task, locked and still to be decided."""
    held: PossibleDuplicate = PossibleDuplicate.objects.select_for_update().get(pk=task.pk)
    if held.state != "open":
        raise refuse(f"已由他人核实：{held.get_state_display()}")
    return held
