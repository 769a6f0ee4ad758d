"""A copy of everything kept of a person (查阅、复制、转移): made by a job, for herself alone."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from qiangshi_web.desk.actions import notice, notify
from qiangshi_web.desk.models import JOB
from qiangshi_web.exchange.queries import who_ordered
from qiangshi_web.filing.queries import person_in_scope
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import job, scheduled
from qiangshi_web.jobs.queries import Job, ordered_by
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.records import refuse
from qiangshi_web.kernel.told import Said
from qiangshi_web.privacy.telling import everything, write_json, write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

    from qiangshi_web.jobs.declaring import Progress
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.privacy.telling import Section

KEPT = timedelta(days=7)
_NAME = "own-copy"
WRITERS: dict[str, Callable[[list[Section], Path], None]] = {
    "xlsx": write_workbook,
    "json": write_json,
}


def order_copy(*, actor: Actor, at: datetime) -> Job:
    """Have the files made; a notice tells when they are."""
    order = Order(actor, about=actor.name, link=reverse("own-information"))
    arguments = {"key": uuid4().hex, "user_id": actor.user_id}
    return start(copy_own, arguments, order=order, at=at)


def copies_of(actor: Actor) -> QuerySet[Job]:
    """The copies that the actor ordered and that are kept still, the newest first."""
    return ordered_by(actor).filter(name=_NAME, ordered_at__gte=clock.now() - KEPT)


def file_of(key: str, kind: str) -> Path:
    """Where a file of a copy lies, once it is made."""
    return _folder() / f"{key}.{kind}"


def _folder() -> Path:
    return Path(settings.QIANGSHI_FOLDER) / "own-copies"


@job(_NAME, title="导出我的个人信息")
def copy_own(progress: Progress, *, key: str, user_id: int) -> Said:
    """Everything that whoever ordered it may see of herself on the day that it is made."""
    actor = who_ordered(user_id, clock.today())
    person = person_in_scope(actor, actor.person_id) if actor.person_id else None
    if person is None:
        raise refuse("账号没有对应的教职工档案")
    progress("读取记录")
    sections = everything(actor, person, clock.today())
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    for number, (kind, write) in enumerate(WRITERS.items()):
        progress("写成文件", number, len(WRITERS))
        making = file_of(key, f"half.{kind}")
        write(sections, making)
        making.chmod(0o600)
        making.replace(file_of(key, kind))
    rows = sum(len(section.rows) for section in sections)
    note("export", "person", person.pk, actor=actor, at=clock.now(), after={"rows": rows})
    counts = {"rows": rows, "days": KEPT.days}
    told = Said("您的个人信息已导出，共{rows}行，{days}天内可下载", counts)
    notify([notice(user_id, JOB, key, told, link=reverse("own-information"), on=clock.today())])
    return Said("共 {rows} 行，文件保留 {days} 天", counts)


@scheduled("forget-own-copies", title="清理个人信息导出文件", at=time(3, 45))
def forget_copies(progress: Progress, *, on: str) -> Said:
    """Files that were made more than a week ago."""
    progress("清理")
    recent = Job.objects.filter(name=_NAME, ordered_at__gte=clock.now() - KEPT)
    keys = {arguments["key"] for arguments in recent.values_list("arguments", flat=True)}
    gone = [path for path in sorted(_folder().glob("*")) if path.name.split(".")[0] not in keys]
    for path in gone:
        path.unlink(missing_ok=True)
    return Said("清理 {count} 份", {"count": len(gone)})
