"""What stops the demonstration from starting, in one line each: Chinese, then English."""

from __future__ import annotations

from qiangshi_web.operation.refusals import NotStarted


def cannot_write(folder: object, error: OSError) -> NotStarted:
    """A folder that cannot be written to, or a full disk."""
    return NotStarted(
        f"{folder} 不可写（{error.strerror}），请换有写权限的目录：--home 目录 / "
        f"cannot write there; choose another folder with --home"
    )


def build_failed(folder: object, code: int) -> NotStarted:
    """Making the region, the database or the figures failed; the cause was printed above."""
    return NotStarted(
        f"演示环境没有建成（返回码 {code}），原因见上；已清理 {folder}，可直接重新运行 / "
        f"the demonstration was not made, see above; run the same command again"
    )
