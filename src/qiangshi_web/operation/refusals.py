"""What stops an operation, in one line each: Chinese, then English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAST_PORT = 65_535


class NotStarted(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """The application cannot start; the text says why and what to do."""


class NotDone(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """A backup, a restoring or an upgrade did not happen; what was there is as it was."""


def port_taken(host: str, port: int) -> NotStarted:
    """Something else listens on the port."""
    other = port + 1 if port < _LAST_PORT else _LAST_PORT - 1
    return NotStarted(
        f"{host}:{port} 已被占用或不可用，请换一个端口，如 --port {other} / "
        f"the port is taken or not allowed; choose another with --port"
    )


def exists_already(file: object) -> NotDone:
    """A backup never replaces another."""
    return NotDone(f"{file} 已存在，不予覆盖，请换一个文件名 / the file exists already")


def not_a_backup(file: object, grounds: Sequence[str]) -> NotDone:
    """A file that is not a whole backup of ours; every ground."""
    return NotDone(f"{file} 不能用来恢复：{'；'.join(grounds)} / not a whole backup")


def tool_failed(tool: str, told: str) -> NotDone:
    """A program of the database ended with an error."""
    return NotDone(f"{tool} 未成功：{told.strip()[-500:]} / {tool} failed")


def no_tool(tool: str) -> NotDone:
    """A program of the database is not installed."""
    return NotDone(f"找不到 {tool}，请安装 PostgreSQL 客户端程序 / {tool} is not installed")


def other_database(file: object, theirs: str, ours: str) -> NotDone:
    """A backup of SQLite does not go into PostgreSQL, nor the other way."""
    return NotDone(
        f"{file} 是 {theirs} 的备份，当前设置为 {ours}，请按备份的数据库类型修改设置 / "
        f"expected a backup of {ours}, got one of {theirs}"
    )


def log_is_broken(faults: Sequence[str]) -> NotDone:
    """What came back is there, but its log is not whole."""
    return NotDone(
        f"已恢复，但操作日志不完整：{'；'.join(faults[:10])}；请停用并改用另一份备份 / "
        f"restored, but its log is not whole"
    )


def upgrade_failed(told: str, file: object) -> NotDone:
    """Changing the tables failed half-way."""
    return NotDone(
        f"升级未完成：{told.strip()[-300:]}；请装回原版本并执行 qiangshi restore {file} / "
        f"reinstall the old version and restore"
    )
