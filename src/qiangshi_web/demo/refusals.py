"""What stops the demonstration from starting, in one line each: Chinese, then English."""

from __future__ import annotations

from qiangshi.errors import QiangshiError

_LAST_PORT = 65_535


class NotStarted(QiangshiError):  # noqa: N818 - reads as the sentence it is
    """The demonstration cannot start; the text says why and what to do."""


def cannot_write(folder: object, error: OSError) -> NotStarted:
    """A folder that cannot be written to, or a full disk."""
    return NotStarted(
        f"{folder} 不可写（{error.strerror}），请换有写权限的目录：--home 目录 / "
        f"cannot write there; choose another folder with --home"
    )


def port_taken(host: str, port: int) -> NotStarted:
    """Something else listens on the port."""
    other = port + 1 if port < _LAST_PORT else _LAST_PORT - 1
    return NotStarted(
        f"{host}:{port} 已被占用或不可用，请换一个端口，如 --port {other} / "
        f"the port is taken or not allowed; choose another with --port"
    )


def build_failed(folder: object, code: int) -> NotStarted:
    """Making the region, the database or the figures failed; the cause was printed above."""
    return NotStarted(
        f"演示环境没有建成（返回码 {code}），原因见上；已清理 {folder}，可直接重新运行 / "
        f"the demonstration was not made, see above; run the same command again"
    )
