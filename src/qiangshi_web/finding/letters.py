"""First letters of the pinyin of names: 王小明 is wxm, and the surname 单 is s."""

from __future__ import annotations

from functools import cache

# Surnames whose first letter is not that of the character's usual reading.
SURNAMES = {
    "单": "s", "曾": "z", "仇": "q", "解": "x", "查": "z", "盖": "g", "翟": "z", "朴": "p",
    "区": "o", "乐": "y", "缪": "m", "种": "c", "秘": "b", "折": "s", "尉迟": "yc", "万俟": "mq",
    "长孙": "zs", "澹台": "tt",
}  # fmt: skip
TWO_CHARACTERS = {
    "欧阳", "上官", "司马", "司徒", "诸葛", "东方", "皇甫", "令狐", "慕容", "夏侯", "宇文",
    "公孙", "轩辕", "端木", "南宫", "西门", "独孤", "尉迟", "万俟", "长孙", "澹台",
}  # fmt: skip
_JOINED_BY = "·•"


def letters_of_person(name: str) -> str:
    """Of a person's name; joining points and blanks are left out."""
    surname = surname_of(name)
    first = SURNAMES.get(surname) or "".join(map(_letter, surname))
    return first + "".join(map(_letter, name[len(surname) :]))


def letters_of_words(text: str) -> str:
    """Of words: 重庆 is cq, since a reading goes by the word."""
    found = "".join(_first_letters(text))
    return "".join(part for part in found.casefold() if part.isalnum())


def surname_of(name: str) -> str:
    """The surname: two characters where they are one of the known ones."""
    return name[:2] if name[:2] in TWO_CHARACTERS else name[:1]


def words_of_person(name: str) -> list[tuple[str, str]]:
    """Each word by which a person is found, with its letters: the name, and the given name.

    Of a name with joining points every part is one.
    """
    plain = name.strip()
    parts = [plain]
    for point in _JOINED_BY:
        parts += plain.split(point)[1:]
    if len(parts) == 1:
        parts.append(plain[len(surname_of(plain)) :])
    words = [
        (part.casefold(), letters_of_person(part))
        for part in parts
        if len(part) > 1 or part == plain
    ]
    return list(dict(words).items())


def _first_letters(text: str) -> list[str]:
    """By the words of a text: the first letter of each Han character, anything else as it is."""
    # Its dictionaries take half a second to load, and most processes need none.
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.FIRST_LETTER)


@cache
def _letter(character: str) -> str:
    """The first letter of one character; what is neither letter nor digit has none."""
    if not character.isalnum():
        return ""
    return _first_letters(character)[0][:1].casefold()
