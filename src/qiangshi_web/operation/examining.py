"""`qiangshi doctor`: what an installation needs in order to work, each asked for by itself."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from qiangshi_web.jobs.queries import waiting, workers_heard_since
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.chain.anchors import anchor_file, read_anchor
from qiangshi_web.kernel.chain.models import Link
from qiangshi_web.kernel.chain.verifying import verify
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.keys import keys_of
from qiangshi_web.operation.health import pending
from qiangshi_web.signon.queries import owing_a_factor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

State = Literal["good", "warning", "bad"]

_OLDEST_POSTGRESQL = 140000
_OLDEST_SQLITE = (3, 37, 0)
_SKEW = timedelta(seconds=5)
_SILENT = timedelta(seconds=60)
_PATIENCE = timedelta(minutes=10)
_LITTLE, _TOO_LITTLE = 5_000_000_000, 500_000_000  # bytes of free disk
_KEEPS = ("synchronous_commit", "fsync", "full_page_writes")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it is, in Chinese, and what to do where it is not good."""

    about: str
    state: State
    text: str
    cure: str = ""


def examine(*, at: datetime) -> list[Finding]:
    """Everything, in order; one that cannot be looked at is bad and does not stop the others."""
    return [finding for look in _LOOKS for finding in _looked(look, at)]


def _looked(look: Callable[[datetime], Iterator[Finding]], at: datetime) -> list[Finding]:
    about = look.__name__.removeprefix("_")
    try:
        return list(look(at))
    except DatabaseError as error:
        connection.close()
        cure = "检查数据库地址与服务是否可用"
        return [Finding(about, "bad", f"无法读取数据库（{type(error).__name__}）", cure)]
    except OSError as error:
        cure = "检查运行目录的权限"
        return [Finding(about, "bad", f"无法读写（{error.strerror}）", cure)]


def _database(_at: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            import sqlite3

            cursor.execute("PRAGMA journal_mode")
            mode = str(cursor.fetchone()[0])
            told = f"SQLite {sqlite3.sqlite_version}，日志模式 {mode}"
            is_good = mode == "wal" and sqlite3.sqlite_version_info >= _OLDEST_SQLITE
            cure = "数据库文件须在本机磁盘上（WAL 模式），SQLite 3.37 以上"
        else:
            cursor.execute("SELECT current_setting('server_version_num')::int, "
                           "current_setting('server_encoding')")  # fmt: skip
            number, encoding = cursor.fetchone()
            told = f"PostgreSQL {number // 10000}，编码 {encoding}"
            is_good = number >= _OLDEST_POSTGRESQL and encoding == "UTF8"
            cure = "须为 PostgreSQL 14 以上、UTF8 编码"
    yield Finding("database", "good" if is_good else "bad", told, "" if is_good else cure)
    if connection.vendor == "postgresql":
        yield _durability()


def _durability() -> Finding:
    """Whether what was answered as done outlives a server that falls over."""
    with connection.cursor() as cursor:
        found = {}
        for name in _KEEPS:
            cursor.execute("SELECT current_setting(%s)", [name])
            found[name] = str(cursor.fetchone()[0])
    off = [name for name, value in found.items() if value == "off"]
    if not off:
        return Finding("durability", "good", "已答复的写入断电不丢失")
    told = f"{'、'.join(off)} 已关闭，断电会丢失已答复的写入"
    return Finding("durability", "bad", told, "在 postgresql.conf 中打开并重新加载")


def _migrations(_at: datetime) -> Iterator[Finding]:
    left = pending()
    if left:
        yield Finding(
            "migrations", "bad", f"有 {len(left)} 项表结构未更新", "执行 qiangshi upgrade"
        )
    else:
        yield Finding("migrations", "good", "表结构与程序一致")


def _clock(at: datetime) -> Iterator[Finding]:
    newest = Event.objects.order_by("-at").values_list("at", flat=True).first()
    there = _database_clock()
    if newest is not None and newest > at + _SKEW:
        yield Finding(
            "clock", "bad", f"时钟早于最近一条操作记录（{newest:%Y-%m-%d %H:%M}）", "校时"
        )
    elif there is not None and abs(there - at) > _SKEW:
        yield Finding("clock", "bad", "与数据库服务器的时钟相差超过 5 秒", "两台机器以 NTP 校时")
    else:
        yield Finding("clock", "good", f"{at.astimezone():%Y-%m-%d %H:%M}，{settings.TIME_ZONE}")


def _database_clock() -> datetime | None:
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


def _folder(_at: datetime) -> Iterator[Finding]:
    folder = Path(settings.QIANGSHI_FOLDER)
    with tempfile.TemporaryFile(dir=folder):
        pass
    free = shutil.disk_usage(folder).free
    told = f"{folder} 可写，剩余 {free / 1e9:.1f} GB"
    state: State = "good" if free > _LITTLE else "warning" if free > _TOO_LITTLE else "bad"
    yield Finding("folder", state, told, "" if state == "good" else "清理或扩充磁盘")


def _keys(_at: datetime) -> Iterator[Finding]:
    try:
        held = keys_of(settings.QIANGSHI_KEYS)
    except (ImproperlyConfigured, ValueError, KeyError, TypeError):
        yield Finding("keys", "bad", "密钥不全", "以 qiangshi keys new 生成，或从备份取回")
        return
    known = {key.id for key in held["log"]}
    used = set(Link.objects.values_list("key_id", flat=True).distinct())
    if used - known:
        names = "、".join(sorted(used - known))
        yield Finding("keys", "bad", f"缺少日志用过的密钥 {names}", "把旧密钥放回密钥文件")
        return
    open_to_others = [file for file in _key_files() if file.stat().st_mode & _OTHERS]
    if open_to_others:
        yield Finding("keys", "bad", f"{open_to_others[0]} 他人可读", "chmod 600")
    else:
        yield Finding("keys", "good", f"用途 {len(held)} 类，日志用过的密钥齐全")


def _key_files() -> list[Path]:
    names = ("QIANGSHI_KEYS_FILE", "QIANGSHI_SECRET_KEY_FILE")
    files = [Path(os.environ[name]) for name in names if os.environ.get(name)]
    return [file for file in files if file.exists()]


def _log(_at: datetime) -> Iterator[Finding]:
    found = verify(read_anchor(anchor_file()))
    if found.faults:
        first = found.faults[0].text_zh
        told = f"发现 {len(found.faults)} 处异常：{first}"
        yield Finding("log", "bad", told, "执行 qiangshi audit verify，并报告审计管理员")
    else:
        yield Finding("log", "good", f"操作记录 {found.events} 条，链完整")


def _fonts(_at: datetime) -> Iterator[Finding]:
    wheel = importlib.util.find_spec("noto_cjk_sans_otc")
    folder = Path(wheel.origin).parent if wheel and wheel.origin else None
    if folder is not None and any(folder.glob("*.[ot]t[cf]")):
        yield Finding("fonts", "good", "中文字体可用")
    else:
        yield Finding("fonts", "bad", "没有中文字体，图表文字会空白", "安装 noto-cjk-sans-otc")


def _jobs(at: datetime) -> Iterator[Finding]:
    alive = workers_heard_since(at - _SILENT)
    late = waiting().filter(ordered_at__lt=at - _PATIENCE).count()
    if not alive:
        yield Finding("jobs", "bad", "没有任务进程在运行", "启动 qiangshi jobs work")
    elif late:
        yield Finding("jobs", "warning", f"{late} 个任务等待超过 10 分钟", "增加任务进程")
    else:
        yield Finding("jobs", "good", f"任务进程 {alive} 个")


def _factors(_at: datetime) -> Iterator[Finding]:
    if not settings.QIANGSHI_SECOND_FACTOR:
        told = "接触敏感信息和担任管理员的账号，登录时未要求两步验证"
        yield Finding("factors", "warning", told, "正式使用请设 QIANGSHI_SECOND_FACTOR=true")
        return
    owing = owing_a_factor(clock.today())
    told = f"须两步验证的账号中，{owing} 个尚未设置，下次登录时须先设置"
    yield Finding("factors", "good", told if owing else "须两步验证的账号均已设置")


def _settings(_at: datetime) -> Iterator[Finding]:
    if settings.QIANGSHI_IS_DEMO:
        yield Finding("settings", "warning", "以演示设置运行", "正式使用请用 settings.production")
    elif settings.DEBUG:
        yield Finding("settings", "bad", "DEBUG 已打开", "关闭 DEBUG")
    else:
        yield Finding("settings", "good", "正式设置")


_LOOKS = (
    _settings, _factors, _database, _migrations, _clock, _folder, _keys, _log, _fonts, _jobs,
)  # fmt: skip
