"""Names of people, as they are compared: dots, spaces, widths and characters of one kind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import half_width
from qiangshi.datacheck.identity.files import load_name_characters

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.datacheck.identity.files import NameCharacters

UNREADABLE = "?"
"""What stands in a loose name for any one character."""

_ORDINARY = re.compile("[\u4e00-\u9fa5]+")
# Compatibility ideographs and radicals: doubles of ordinary characters, made for round trips.
_COMPATIBILITY = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
# A character that could not be typed, by its sound or its parts: 张yan, 李(王月).
_SPELLED = re.compile(r"(?<=[\u3400-\u9fff])(?:[a-z]+|\([^()]{1,6}\))")
_TELLING_APART = re.compile(r"(?:\((?:大|小|男|女|[一二三四五六七八九\d])\)|[\d①-⑨])$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in two forms. Equal `strict` forms are one name; equal `loose` forms may be.

    The loose form has one character of each group of variants, no dots, no marks that tell
    namesakes apart, and `UNREADABLE` for what could not be typed.
    """

    strict: str
    loose: str

    @property
    def is_readable(self) -> bool:
        """Whether every character is known."""
        return UNREADABLE not in self.loose

    def is_like(self, other: Name) -> bool:
        """Whether the loose forms agree, an unreadable character agreeing with any."""
        if len(self.loose) != len(other.loose):
            return False
        pairs = zip(self.loose, other.loose, strict=True)
        return all(mine == its or UNREADABLE in (mine, its) for mine, its in pairs)


class NameReader:
    """Turns names as written into names as compared."""

    def __init__(self, characters: NameCharacters) -> None:
        dot = characters.middle_dots[0]
        self._dot = dot
        marks = "".join(map(half_width, characters.middle_dots)) + characters.middle_dots
        self._strict = {ord(mark): dot for mark in marks}
        self._strict |= {int(code, 16): mark for code, mark in characters.private_use.items()}
        self._loose: dict[int, str | None] = {
            ord(mark): group[0] for row in characters.variants for group in row.split()
            for mark in group[1:]
        }  # fmt: skip
        self._loose |= {ord(mark): UNREADABLE for mark in characters.unreadable}
        self._loose[ord(dot)] = None

    def read(self, text: str) -> Name:
        """The name in its two forms."""
        if _ORDINARY.fullmatch(text):
            return Name(text, text.translate(self._loose))
        plain = "".join(half_width(text).split()).translate(self._strict)
        plain = _COMPATIBILITY.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain)
        plain = plain.strip(self._dot).casefold()
        loose = _TELLING_APART.sub("", plain).translate(self._loose)
        return Name(plain, _SPELLED.sub(UNREADABLE, loose))


@lru_cache(maxsize=8)
def name_reader(root: Path | None = None) -> NameReader:
    """The reader by the characters of a policy folder, or of the one that is installed."""
    return NameReader(load_name_characters(root))
