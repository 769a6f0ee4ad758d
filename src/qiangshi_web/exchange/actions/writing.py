"""Checked rows into the record, all of them in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.datacheck.importing import CheckedFile
from qiangshi_web.contexts.people.actions import ask_about_duplicates
from qiangshi_web.exchange.folders import checked_of
from qiangshi_web.exchange.models import WRITING, WRITTEN, ImportFile
from qiangshi_web.exchange.reach import objections
from qiangshi_web.exchange.rows import rows_for_record
from qiangshi_web.exchange.verdicts import RowRefused, place_of
from qiangshi_web.kernel.records import (
    Recorded,
    Refused,
    by_right_of,
    operation,
    record_many,
    refuse,
)
from qiangshi_web.kernel.registry import in_order_of_references
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi_web.jobs.declaring import Progress
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records import Ground

_CHANGED = "检查之后，在库记录或权限有了变动，请重新检查"


@dataclass(frozen=True, slots=True)
class Draft:
    """How rows are to be written: from which file, for which day, by whom, when."""

    name: str
    on: date
    actor: Actor
    at: datetime

    @property
    def source(self) -> str:
        """What the record says of where it knows a row from."""
        return f"导入 {self.name}"[:400]


def write(file_id: int, progress: Progress, *, actor: Actor, at: datetime) -> Said:
    """Write the good rows of a file, and with them that it is written: all or nothing.

    What has been written is not written again. Raises Refused when the record or the actor's reach
    has changed since the check.
    """
    with transaction.atomic(), operation(f"import:{file_id}") as number:
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state != WRITING:
            return _told(file)
        checked = CheckedFile.load(checked_of(file))
        progress("写入", 0, checked.rows_good)
        if objections(checked.tables, actor):
            raise refuse(_CHANGED)
        recorded, refused = write_tables(checked, Draft(file.name, file.on, actor, at))
        if refused:
            raise refuse(f"{_CHANGED}：第 {refused[0].row} 行，{refused[0].reason}")
        _ask_about(file, checked, actor, at)
        progress("写入", checked.rows_good, checked.rows_good)
        file.summary |= {
            "recorded": sum(one.recorded for one in recorded.values()),
            "corrected": sum(one.corrected for one in recorded.values()),
            "unchanged": sum(one.unchanged for one in recorded.values()),
        }
        file.state, file.written_at, file.operation_id = WRITTEN, at, number
        file.save()
    return _told(file)


def _told(file: ImportFile) -> Said:
    counts = {name: file.summary.get(name, 0) for name in ("recorded", "corrected", "unchanged")}
    return Said("新增 {recorded} 条，更正 {corrected} 条，未变 {unchanged} 条", counts)


def write_tables(
    checked: CheckedFile, draft: Draft
) -> tuple[dict[str, Recorded], list[RowRefused]]:
    """Write every table, those that others refer to first; rows that the record refuses are told
    and left out."""
    recorded: dict[str, Recorded] = {}
    refused: list[RowRefused] = []
    for register in in_order_of_references():
        name = register.relation.id
        if name in checked.tables and checked.tables[name].num_rows:
            recorded[name], found = _write_table(checked, name, draft)
            refused += found
    return recorded, refused


def _write_table(
    checked: CheckedFile, name: str, draft: Draft
) -> tuple[Recorded, list[RowRefused]]:
    rows = rows_for_record(name, checked.tables[name], on=draft.on)
    places = list(range(len(rows)))
    refused: list[RowRefused] = []
    while places:
        told = [rows[place] for place in places]
        try:
            # Whose rows these are was asked of each: see `reach`.
            with transaction.atomic(), by_right_of("import"):
                done = record_many(
                    name, told, actor=draft.actor, at=draft.at, source=draft.source, on=draft.on
                )
        except Refused as error:
            for ground in error.grounds:
                at = places[ground.row] if ground.row is not None else places[0]
                refused.append(_row_refused(checked, name, at, ground))
            against = {ground.row for ground in error.grounds}
            if None in against:
                break  # the whole table is refused
            places = [place for number, place in enumerate(places) if number not in against]
        else:
            return done, refused
    return Recorded(0, 0, 0), refused


def _row_refused(checked: CheckedFile, name: str, at: int, ground: Ground) -> RowRefused:
    sheet, row = place_of(checked, name, at)
    return RowRefused(sheet, row, "", ground.text_zh)


def _ask_about(file: ImportFile, checked: CheckedFile, actor: Actor, at: datetime) -> None:
    """Two who are told apart by their numbers and look alike: a task for people, not a bar."""
    if "person" not in checked.tables:
        return
    numbers = {
        (sheet, row): key
        for sheet, row, key in zip(
            checked.places["person"].column("sheet").to_pylist(),
            checked.places["person"].column("row").to_pylist(),
            checked.tables["person"].column("person_id").to_pylist(),
            strict=True,
        )
    }
    pairs = []
    for asked in file.questions.filter(holds=False, answer=""):
        one = numbers.get((asked.sheet, asked.row))
        other = asked.person_id or numbers.get((asked.sheet, asked.other_row or 0))
        if one and other:
            pairs.append((one, other, asked.reasons))
    ask_about_duplicates(pairs, actor=actor, at=at, source=f"导入 {file.name}"[:400])
