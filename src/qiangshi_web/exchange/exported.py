"""Exports that are too long for a request: made by a job, kept for a week for who ordered them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from qiangshi.datacheck.exporting import write_csv, write_parquet, write_xlsx
from qiangshi_web.exchange.exporting import exportable, table_of
from qiangshi_web.exchange.queries import who_ordered
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import job, scheduled
from qiangshi_web.jobs.queries import Job
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.chain.actions import note
from qiangshi_web.kernel.records import refuse
from qiangshi_web.kernel.registry import vocabulary
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from qiangshi.policy.vocabulary import Relation
    from qiangshi_web.jobs.declaring import Progress
    from qiangshi_web.kernel.actors import Actor

KEPT = timedelta(days=7)
_NAME = "export-relation"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported: a relation as of a day, as `xlsx`, `csv` or `parquet`."""

    relation: Relation
    kind: str
    on: date


def write_file(table: pa.Table, path: Path, wish: Wish) -> None:
    """The table as a file of the kind."""
    if wish.kind == "parquet":
        write_parquet(table, path)
    else:
        write = write_xlsx if wish.kind == "xlsx" else write_csv
        write(table, path, relation=wish.relation, vocabulary=vocabulary())


def note_export(wish: Wish, rows: int, *, actor: Actor) -> None:
    """The log says who took what along."""
    told = {"rows": rows, "kind": wish.kind}
    note("export", wish.relation.id, actor=actor, at=clock.now(), after=told)


def order_export(wish: Wish, *, actor: Actor, at: datetime) -> Job:
    """Have the file made; the job's page leads to it."""
    key = uuid4().hex
    order = Order(
        actor,
        scope="" if actor.main is None else actor.main.path,
        about=f"{wish.relation.label.zh} {wish.kind}",
        link=reverse("exported", args=[key]),
    )
    arguments = {
        "key": key,
        "relation_id": wish.relation.id,
        "kind": wish.kind,
        "day": wish.on.isoformat(),
        "user_id": actor.user_id,
    }
    return start(export_relation, arguments, order=order, at=at)


def ordered(key: str, actor: Actor) -> Job | None:
    """The export of that key, where it is the actor's own."""
    if actor.user_id is None:
        return None
    own = Job.objects.filter(name=_NAME, arguments__key=key, ordered_by_id=actor.user_id)
    return own.first()


def file_of(key: str) -> Path:
    """Where the file of an export lies, once it is made."""
    return _folder() / key


def _folder() -> Path:
    return Path(settings.QIANGSHI_FOLDER) / "exports"


@job(_NAME, title="导出数据")
def export_relation(
    progress: Progress, *, key: str, relation_id: str, kind: str, day: str, user_id: int
) -> Said:
    """The rows that who ordered it may take along on the day that it is made."""
    actor = who_ordered(user_id, clock.today())
    known = {one.id: one for one in exportable(actor)}
    if relation_id not in known:
        raise refuse("您已没有导出这张表的权限")
    wish = Wish(known[relation_id], kind, date.fromisoformat(day))
    progress("读取记录")
    table = table_of(wish.relation, actor, on=wish.on)
    progress("写成文件", 0, table.num_rows)
    path = file_of(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = path.with_name(f"{key}.{kind}")
    write_file(table, making, wish)
    making.chmod(0o600)
    making.replace(path)
    note_export(wish, table.num_rows, actor=actor)
    return Said("共 {rows} 行，文件保留 {days} 天", {"rows": table.num_rows, "days": KEPT.days})


@scheduled("forget-exports", title="清理导出文件", at=time(3, 40))
def forget_exports(progress: Progress, *, on: str) -> Said:
    """Files that were made more than a week ago."""
    progress("清理")
    oldest = clock.now() - KEPT
    kept = Job.objects.filter(name=_NAME, ordered_at__gte=oldest).values_list("arguments")
    keys = {arguments["key"] for (arguments,) in kept}
    gone = [path for path in sorted(_folder().glob("*")) if path.name.split(".")[0] not in keys]
    for path in gone:
        path.unlink(missing_ok=True) if path.is_file() else shutil.rmtree(path)
    return Said("清理 {count} 份", {"count": len(gone)})
