"""A file is handed in, refused, given up; a step begins or is given back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.datacheck.coded import Limits
from qiangshi_web.exchange.folders import checked_of, folder_of, lay_down, make_way, source_of
from qiangshi_web.exchange.models import DROPPED, RECEIVED, REFUSED, UNDONE, ImportFile
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import JOBS
from qiangshi_web.kernel.records import refuse

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.core.files import File

    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor

_LONGEST = 2000


def hand_in(
    content: File[bytes],
    *,
    organisation: Organisation,
    on: date,
    actor: Actor,
    at: datetime,
) -> ImportFile:
    """Take a file; the same one again, while it is not refused or undone, is the one taken before.

    Raises Refused for one that is empty or too large.
    """
    name, size = content.name or "未命名", content.size or 0
    most = Limits().file_bytes
    if size == 0:
        raise refuse(f"{name} 是空文件", "file")
    if size > most:
        raise refuse(f"{name} 超过 {most >> 20} MiB，请分成几个文件", "file")
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    with transaction.atomic():
        known = _the_same(digest.hexdigest(), organisation, on)
        if known is not None:
            return known
        file = ImportFile.objects.create(
            name=name[:200],
            size=size,
            sha256=digest.hexdigest(),
            organisation=organisation,
            on=on,
            handed_in_by=actor.name,
            handed_in_by_id=actor.user_id,
            handed_in_at=at,
        )
        make_way(folder_of(file))
        lay_down(source_of(file), content.chunks())
        begin(file, "preview-import", actor=actor, at=at)
    return file


def _the_same(sha256: str, organisation: Organisation, on: date) -> ImportFile | None:
    alike = ImportFile.objects.filter(sha256=sha256, organisation=organisation, on=on)
    return alike.exclude(state__in=[REFUSED, UNDONE, DROPPED]).first()


@transaction.atomic
def begin(file: ImportFile, job: str, *, actor: Actor, at: datetime, state: str = RECEIVED) -> None:
    """Order the next step of an import, and say so."""
    order = Order(
        actor, scope=file.organisation.path, about=file.name, link=f"/exchange/{file.pk}/"
    )
    started = start(
        JOBS[job], {"file_id": file.pk, "user_id": actor.user_id or 0}, order=order, at=at
    )
    file.state, file.job_id, file.problem = state, started.pk, ""
    file.save()


@transaction.atomic
def refuse_file(file: ImportFile, reason: str) -> None:
    """The file is not taken; its content is not kept."""
    file.state, file.problem = REFUSED, reason[:_LONGEST]
    file.save()


@transaction.atomic
def give_back(file: ImportFile, state: str, reason: str) -> None:
    """A step could not be done: the file is where it was, and says why."""
    file.state, file.problem = state, reason[:_LONGEST]
    file.save()


@transaction.atomic
def drop(file: ImportFile) -> None:
    """Nobody wants it any more: what was checked is removed."""
    make_way(checked_of(file))
    file.state = DROPPED
    file.save()
