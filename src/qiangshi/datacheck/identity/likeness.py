"""How like two people are: what agrees, what differs, what is not known, and what follows.

Works on arrays of pairs, so that one rule serves a single question and a whole region.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qiangshi.datacheck.identity.columns import PeopleColumns

UNKNOWN, SAME, NEAR, DIFFERENT = range(4)
"""What comparing one trait of two people comes to; NEAR is what a slip of the pen makes of it."""

NONE, POSSIBLE, DEFINITE = range(3)

_NUMBER = {
    SAME: "身份证号相同",
    NEAR: "身份证号只差一处：一位不同、少一位或相邻两位颠倒",
    DIFFERENT: "身份证号不同",
    UNKNOWN: "一方没有身份证号",
}
_NAME = {SAME: "姓名相同", NEAR: "姓名写法相近", DIFFERENT: "姓名不同"}
_BIRTH = {SAME: "出生日期相同", NEAR: "出生日期只差一处", DIFFERENT: "出生日期不同"}
_ORGANISATION = {SAME: "单位相同", DIFFERENT: "单位不同"}
_SEX = {DIFFERENT: "性别不同"}


@dataclass(frozen=True, slots=True)
class Traits:
    """For each pair, what comparing its number, name, birth, organisation and sex comes to."""

    number: NDArray[np.int8]
    name: NDArray[np.int8]
    birth: NDArray[np.int8]
    organisation: NDArray[np.int8]
    sex: NDArray[np.int8]

    def verdicts(self) -> NDArray[np.int8]:
        """NONE, POSSIBLE or DEFINITE for each pair."""
        named = self.name == SAME
        alike = named | (self.name == NEAR)
        here = self.organisation == SAME
        born = self.birth == SAME
        unknown = self.number == UNKNOWN
        same = self.number == SAME
        definite = (same & alike) | (unknown & named & born & here & (self.sex != DIFFERENT))
        possible = (
            same
            | ((self.number == NEAR) & alike)
            | (unknown & alike & born)
            | (unknown & alike & here & np.isin(self.birth, [UNKNOWN, NEAR]))
            | ((self.number == DIFFERENT) & named & born & here)
        )
        return np.where(definite, DEFINITE, np.where(possible, POSSIBLE, NONE)).astype(np.int8)

    def reasons(self, pair: int) -> str:
        """What speaks for and against one pair, in Chinese."""
        told = (
            _NUMBER[int(self.number[pair])],
            _NAME[int(self.name[pair])],
            _BIRTH.get(int(self.birth[pair]), ""),
            _ORGANISATION.get(int(self.organisation[pair]), ""),
            _SEX.get(int(self.sex[pair]), ""),
        )
        return "，".join(part for part in told if part)


def compare(
    left: PeopleColumns, right: PeopleColumns, mine: NDArray[np.int64], its: NDArray[np.int64]
) -> Traits:
    """The traits of the pairs `mine[i]` of `left` with `its[i]` of `right`."""
    return Traits(
        number=_numbers(left.numbers[mine], right.numbers[its]),
        name=_names(left, right, mine, its),
        birth=_births(left.births[mine], right.births[its]),
        organisation=_equal(left.organisations[mine], right.organisations[its]),
        sex=_equal(left.sexes[mine], right.sexes[its]),
    )


def _equal(mine: NDArray[np.int64], its: NDArray[np.int64]) -> NDArray[np.int8]:
    """Codes; below 0 is not known."""
    known = (mine >= 0) & (its >= 0)
    return np.where(known, np.where(mine == its, SAME, DIFFERENT), UNKNOWN).astype(np.int8)


def _numbers(mine: NDArray[np.bytes_], its: NDArray[np.bytes_]) -> NDArray[np.int8]:
    known = (mine != b"") & (its != b"")
    same = mine == its
    near = known & ~same & _slipped(mine, its)
    found = np.where(same, SAME, np.where(near, NEAR, DIFFERENT))
    return np.where(known, found, UNKNOWN).astype(np.int8)


def _slipped(mine: NDArray[np.bytes_], its: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    """One character wrong, two neighbours exchanged, or one left out."""
    width = mine.dtype.itemsize
    a = mine.view(np.uint8).reshape(-1, width)
    b = its.view(np.uint8).reshape(-1, width)
    wrong = a != b
    count = wrong.sum(axis=1)
    first = wrong.argmax(axis=1)
    rows = np.arange(len(a))
    second = np.minimum(first + 1, width - 1)
    exchanged = (
        (count == 2)
        & wrong[rows, second]
        & (a[rows, first] == b[rows, second])
        & (a[rows, second] == b[rows, first])
    )
    near = (count == 1) | exchanged
    lengths = np.abs((a != 0).sum(axis=1) - (b != 0).sum(axis=1))
    for pair in np.flatnonzero(~near & (lengths == 1)):
        near[pair] = _left_out(bytes(mine[pair]), bytes(its[pair]))
    return np.asarray(near)


def _left_out(mine: bytes, its: bytes) -> bool:
    """Whether one is the other without one of its characters."""
    short, long = sorted((mine, its), key=len)
    start = next((at for at in range(len(short)) if short[at] != long[at]), len(short))
    return short[start:] == long[start + 1 :]


def _births(mine: NDArray[np.int64], its: NDArray[np.int64]) -> NDArray[np.int8]:
    """Days as year, month, day in one number, 0 where not known."""
    known = (mine > 0) & (its > 0)
    parts = [(mine // unit % base, its // unit % base) for unit, base in _DAY_PARTS]
    agreeing = sum((a == b).astype(np.int8) for a, b in parts)
    (year, its_year), (month, its_month), (day, its_day) = parts
    exchanged = (year == its_year) & (month == its_day) & (day == its_month)
    near = (agreeing == 2) | exchanged
    found = np.where(mine == its, SAME, np.where(near, NEAR, DIFFERENT))
    return np.where(known, found, UNKNOWN).astype(np.int8)


_DAY_PARTS = ((10_000, 10_000), (100, 100), (1, 100))


def _names(
    left: PeopleColumns, right: PeopleColumns, mine: NDArray[np.int64], its: NDArray[np.int64]
) -> NDArray[np.int8]:
    same = left.names[mine] == right.names[its]
    near = left.loose_names[mine] == right.loose_names[its]
    doubtful = ~same & ~near & (~left.readable[mine] | ~right.readable[its])
    for pair in np.flatnonzero(doubtful):
        near[pair] = left.name(int(mine[pair])).is_like(right.name(int(its[pair])))
    return np.where(same, SAME, np.where(near, NEAR, DIFFERENT)).astype(np.int8)
