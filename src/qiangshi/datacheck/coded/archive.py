"""A zipped workbook, opened with care: what it holds is looked at before any of it is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from qiangshi.datacheck.coded.limits import Limits

_CHUNK = 4 << 20
_ENCRYPTED = 0x1
_DECLARES = (b"<!DOCTYPE", b"<!ENTITY")
_MEBIBYTE = 1 << 20
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError
)  # fmt: skip


class Archive:
    """The parts of a zip file. Raises WorkbookError, one line, for whatever is not in order."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._name, self._limits = path.name, limits
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise self._damaged() from error
        self._left = limits.unpacked_bytes
        try:
            self._check(path.stat().st_size)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """Names of all parts, in the order of the file."""
        return self._zip.namelist()

    def size(self, name: str) -> int:
        """How large the part says it is."""
        return self._zip.getinfo(name).file_size if name in self._zip.NameToInfo else 0

    def read(self, name: str) -> bytes:
        """A part, whole; empty where there is none."""
        if name not in self._zip.NameToInfo:
            return b""
        if self.size(name) > self._limits.part_bytes:
            raise WorkbookError(f"{self._name} 的 {name} 过大，不予读取")
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece, as long as all that was unpacked stays within the limit."""
        first = True
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise self._too_large()
                    if first and any(mark in chunk for mark in _DECLARES):
                        raise WorkbookError(f"{self._name} 的 XML 里有实体声明，不予读取")
                    first = False
                    yield chunk
        except _BROKEN as error:
            raise self._damaged() from error

    def _check(self, packed: int) -> None:
        limits, entries = self._limits, self._zip.infolist()
        if len(entries) > limits.parts:
            raise WorkbookError(f"{self._name} 里的文件过多（{len(entries)} 个），不予读取")
        if len({entry.filename for entry in entries}) != len(entries):
            raise WorkbookError(f"{self._name} 里有同名的部分，不予读取")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise WorkbookError(f"{self._name} 设有密码；请取消密码后再提交")
        unpacked = sum(entry.file_size for entry in entries)
        suspicious = unpacked > limits.unsuspicious_bytes and unpacked > packed * limits.ratio
        if unpacked > limits.unpacked_bytes or suspicious:
            raise self._too_large(unpacked)

    def _too_large(self, unpacked: int | None = None) -> WorkbookError:
        told = "" if unpacked is None else f"（{unpacked // _MEBIBYTE} MiB）"
        return WorkbookError(
            f"{self._name} 解压后过大{told}，像是压缩炸弹或有大量空行；请只留数据，另存后再提交"
        )

    def _damaged(self) -> WorkbookError:
        return WorkbookError(
            f"{self._name} 不是可读的工作簿，或已损坏；请用表格软件打开，另存为 .xlsx"
        )
