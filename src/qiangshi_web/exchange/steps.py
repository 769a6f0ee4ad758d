"""The steps of an import as jobs. Each takes the file as it finds it and may be done again."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from qiangshi.errors import QiangshiError
from qiangshi_web.analytics.nightly import follow_import
from qiangshi_web.exchange import actions
from qiangshi_web.exchange.models import CHECKED, CHECKING, PREVIEWED, RECEIVED, WRITING, WRITTEN
from qiangshi_web.exchange.queries import ImportFile, at_rest_since, who_ordered
from qiangshi_web.jobs.declaring import job, scheduled
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress
    from qiangshi_web.kernel.actors import Actor


def _file_and_actor(file_id: int, user_id: int) -> tuple[ImportFile, Actor]:
    file = ImportFile.objects.select_related("organisation").get(pk=file_id)
    return file, who_ordered(user_id, clock.today())


@job("preview-import", title="读取导入文件")
def preview_import(progress: Progress, *, file_id: int, user_id: int) -> str:
    """What is in the file; one that cannot be read or is dangerous is refused."""
    file, _ = _file_and_actor(file_id, user_id)
    if file.state == RECEIVED:
        progress("读取文件")
        try:
            actions.preview_file(file)
        except QiangshiError as error:
            actions.refuse_file(file, str(error))
            raise
    return ""


@job("check-import", title="检查导入文件")
def check_import(progress: Progress, *, file_id: int, user_id: int) -> str:
    """Every row's verdict."""
    file, actor = _file_and_actor(file_id, user_id)
    if file.state == CHECKING:
        progress("准备")
        try:
            actions.check(file, progress, actor=actor, at=clock.now())
        except QiangshiError as error:
            actions.give_back(file, PREVIEWED, str(error))
            raise
    return ""


@job("write-import", title="写入导入文件")
def write_import(progress: Progress, *, file_id: int, user_id: int) -> Said:
    """The good rows into the record."""
    file, actor = _file_and_actor(file_id, user_id)
    try:
        outcome = actions.write(file_id, progress, actor=actor, at=clock.now())
    except QiangshiError as error:
        if file.state == WRITING:
            actions.give_back(file, CHECKED, str(error))
        raise
    follow_import(actor=actor)
    return outcome


@job("undo-import", title="撤销导入")
def undo_import(progress: Progress, *, file_id: int, user_id: int) -> Said:
    """What the import wrote, as far as nothing rests on it."""
    file, actor = _file_and_actor(file_id, user_id)
    try:
        outcome = actions.undo_import(file_id, progress, actor=actor, at=clock.now())
    except QiangshiError as error:
        actions.give_back(file, WRITTEN, str(error))
        raise
    follow_import(actor=actor)
    return outcome


@scheduled("forget-import-files", title="清除到期的导入文件", at=time(3, 35))
def forget_import_files(progress: Progress, *, on: str) -> Said:
    """What files held that were handed in long ago; what they wrote stays."""
    progress("清理")
    days, now = settings.QIANGSHI_IMPORT_FILE_DAYS, clock.now()
    old = at_rest_since(now - timedelta(days=days))
    count = actions.forget_contents(old, actor=NOBODY, at=now, reason=f"保管满{days}日")
    return Said("清理 {count} 份", {"count": count})
