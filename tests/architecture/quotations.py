"""What a plan says word for word must not stand in this repository; these are its fingerprints.

`python -m tests.architecture.quotations FOLDER` rewrites `seed_shingles.bin` from the plans'
texts (*.txt) in a folder of one's own: a 64-bit hash for every run of 13 characters. Only the
hashes are kept, so the check needs no text, and no text can be read out of it.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HERE = Path(__file__).parent
SHINGLES = HERE / "seed_shingles.bin"
OFFICIAL_NAMES = HERE / "official_names.txt"
RUN = 13
# Stands where an official name was taken out, so that no run reaches across it.
_GAP = "\x00"


def normalised(text: str) -> str:
    """Letters, digits and Han characters only, in their usual width and in lower case."""
    usual = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in usual if character.isalnum() or character == _GAP)


def runs(text: str) -> Iterator[str]:
    """Every run of 13 characters with a Han character among them, of a normalised text."""
    for piece in text.split(_GAP):
        last_han = -RUN
        for place, character in enumerate(piece):
            if "\u3400" <= character <= "\u9fff":
                last_han = place
            if place >= RUN - 1 and place - last_han < RUN:
                yield piece[place - RUN + 1 : place + 1]


def shingle(run: str) -> int:
    """64-bit hash of a run."""
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big")


def written(shingles: Collection[int]) -> bytes:
    """The hashes, sorted, eight bytes each."""
    return struct.pack(f">{len(shingles)}Q", *sorted(shingles))


def read(content: bytes) -> frozenset[int]:
    """The hashes that `written` wrote."""
    return frozenset(struct.unpack(f">{len(content) // 8}Q", content))


def quoted(text: str, *, known: frozenset[int], names: Collection[str]) -> list[str]:
    """Passages of `text` that stand in a known plan, joined where their runs overlap.

    Official names, such as a document's title, are no quotation.
    """
    if text.isascii():
        return []
    rest = normalised(text)
    for name in sorted(map(normalised, names), key=len, reverse=True):
        rest = rest.replace(name, _GAP)
    passages: list[str] = []
    previous = ""
    for run in runs(rest):
        hit = shingle(run) in known
        if hit and previous:
            passages[-1] += run[-1]
        elif hit:
            passages.append(run)
        previous = run if hit else ""
    return passages


def official_names() -> list[str]:
    """Names that may be written in full, one a line."""
    return OFFICIAL_NAMES.read_text(encoding="utf-8").split()


def main(folder: Path) -> None:
    """Rewrite the fingerprints from the texts in `folder`."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt"))]
    found = {shingle(run) for text in texts for run in runs(normalised(text))}
    if not found:
        sys.exit(f"expected *.txt with Chinese text, got none in {folder}")
    SHINGLES.write_bytes(written(found))
    print(f"{len(found)} runs of {len(texts)} texts")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
