"""Files that people bring in proof: pictures and PDF, told by what is in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from qiangshi_web.kernel.records import Ground, Refused

LARGEST = 5 * 2**20
MOST = 5
_KINDS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came."""

    name: str
    content: bytes

    @property
    def content_type(self) -> str:
        """What it is by its first bytes; empty where it is none of what is taken."""
        found = (kind for start, kind in _KINDS.items() if self.content.startswith(start))
        return next(found, "")

    @property
    def sha256(self) -> str:
        """Hash of what is in it."""
        return hashlib.sha256(self.content).hexdigest()


def checked(files: list[Brought]) -> list[Brought]:
    """The files, names made fit to keep. Raises Refused with every ground."""
    grounds = [
        Ground(f"佐证材料“{one.name}”应为 PDF、PNG 或 JPG 文件", "evidence")
        for one in files
        if not one.content_type
    ]
    grounds += [
        Ground(f"佐证材料“{one.name}”超过{LARGEST // 2**20} MB", "evidence")
        for one in files
        if len(one.content) > LARGEST
    ]
    if len(files) > MOST:
        grounds.append(Ground(f"佐证材料最多{MOST}份，现有{len(files)}份", "evidence"))
    if grounds:
        raise Refused(grounds)
    return [Brought(one.name[-_LONGEST_NAME:], one.content) for one in files]
