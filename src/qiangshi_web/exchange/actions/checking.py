"""A file is previewed and checked; nothing is written to the record."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from qiangshi.datacheck.answering import write_result
from qiangshi.datacheck.importing import BAD, HELD, Setting, check_in_child
from qiangshi.datacheck.importing.newcomers import NEW
from qiangshi.datacheck.profiles import Mapping
from qiangshi_web.exchange.actions.writing import Draft, write_tables
from qiangshi_web.exchange.folders import checked_of, make_way, result_of, source_of
from qiangshi_web.exchange.formats import profile_named
from qiangshi_web.exchange.known import known_for
from qiangshi_web.exchange.models import CHECKED, DIFFERENT, PREVIEWED, IdentityQuestion
from qiangshi_web.exchange.numbering import found_again
from qiangshi_web.exchange.previewing import preview_in_child
from qiangshi_web.exchange.queries import known_mapping
from qiangshi_web.exchange.reach import objections
from qiangshi_web.exchange.verdicts import RowRefused, place_of, with_faults
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi.datacheck.importing import CheckedFile
    from qiangshi.datacheck.profiles import Profile
    from qiangshi_web.exchange.models import ImportFile
    from qiangshi_web.jobs.declaring import Progress
    from qiangshi_web.kernel.actors import Actor


def preview_file(file: ImportFile) -> None:
    """Find out what is in a file; what was said of its headings before is said again."""
    found = preview_in_child(source_of(file), profile=file.profile)
    mapping = ""
    for sheet in found["sheets"]:
        headers = [column["header"] for column in sheet["columns"] if column["header"]]
        mapping = mapping or known_mapping(file.organisation_id, _key(headers))
    file.preview, file.mapping, file.state = found, mapping, PREVIEWED
    file.profile = Mapping.from_text(mapping).profile if mapping else found["profile"]
    file.save()


def _key(headers: list[str]) -> str:
    return Mapping("", "", tuple((header, ()) for header in headers)).key


def check(file: ImportFile, progress: Progress, *, actor: Actor, at: datetime) -> None:
    """Check every row as it would go in: against the profile, the record, and the actor's reach.

    What only the record can say is found by writing everything and taking it back.
    """
    profile = profile_named(file.profile, vocabulary=vocabulary())
    checked = check_in_child(
        source_of(file),
        profile=profile,
        vocabulary=vocabulary(),
        setting=_setting(file, profile, actor),
        on_progress=progress,
    )
    progress("核对权限与在库记录")
    checked = found_again(checked)
    checked = with_faults(checked, _outside(checked, actor))
    checked = with_faults(checked, _refused_by_record(checked, file, actor, at))
    keep(file, checked)


def _setting(file: ImportFile, profile: Profile, actor: Actor) -> Setting:
    tables = profile.tables
    mapping = Mapping.from_text(file.mapping) if file.mapping else None
    if mapping is not None:
        tables = (mapping.apply(profile),)
    elif file.preview.get("profile") == profile.id:
        seen = {sheet["table"] for sheet in file.preview["sheets"]}
        tables = tuple(table for table in tables if table.id in seen) or tables
    relations = {rows.relation for table in tables for rows in table.rows}
    return Setting(
        known=known_for(relations, paths=actor.reach(Area.RECORDS), on=file.on),
        mapping=mapping,
        at=file.organisation_id,
        decisions={
            (asked.sheet, asked.row): NEW if asked.answer == DIFFERENT else asked.person_id
            for asked in file.questions.exclude(answer="").order_by("-answer")
        },
        key_salt=_salt(),
        on=file.on,
    )


def _salt() -> bytes:
    """The same for all files of an installation, and nobody else's."""
    return hmac.new(settings.SECRET_KEY.encode(), b"made numbers", hashlib.sha256).digest()


def _outside(checked: CheckedFile, actor: Actor) -> list[RowRefused]:
    return [
        RowRefused(*place_of(checked, one.relation, one.place), one.column, one.reason)
        for one in objections(checked.tables, actor)
    ]


def _refused_by_record(
    checked: CheckedFile, file: ImportFile, actor: Actor, at: datetime
) -> list[RowRefused]:
    with transaction.atomic():
        draft = Draft(file.name, file.on, actor, at)
        _, refused = write_tables(checked, draft)
        transaction.set_rollback(True)
    return refused


@transaction.atomic
def keep(file: ImportFile, checked: CheckedFile) -> None:
    """Keep what checking came to, the file that goes back, and the questions that are open."""
    checked.save(make_way(checked_of(file)))
    write_result(source_of(file), checked, result_of(file))
    questions = checked.questions.to_pylist()
    asked = {
        (one["sheet"], one["row"], one["person_id"] or "", one["other_row"]) for one in questions
    }
    for old in file.questions.filter(answer=""):
        if (old.sheet, old.row, old.person_id, old.other_row) not in asked:
            old.delete()
    for one in questions:
        _ask(file, one)
    file.summary = {
        "read": checked.rows_read,
        "good": checked.rows_good,
        "bad": checked.count(BAD),
        "held": checked.count(HELD),
        "faults": checked.faults.num_rows,
        "notices": [str(notice) for notice in checked.notices][:100],
        "sheets": [sheet.name for sheet in checked.sheets],
        "kind": checked.kind,
    }
    file.state = CHECKED
    file.save()


def _ask(file: ImportFile, one: dict[str, Any]) -> None:
    IdentityQuestion.objects.get_or_create(
        file=file,
        sheet=one["sheet"],
        row=one["row"],
        person_id=one["person_id"] or "",
        other_row=one["other_row"],
        defaults={
            "name": one["name"] or "",
            "reasons": (one["reasons"] or "")[:400],
            "holds": one["holds"],
        },
    )
