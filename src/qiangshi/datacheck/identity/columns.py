"""People as arrays: names and organisations as numbers, identity numbers in one form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.identifiers import CHECKS, WEIGHTS
from qiangshi.datacheck.identity.names import name_reader
from qiangshi.datacheck.identity.numbers import LENGTH, lengthened, plain_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.identity.names import Name

TRAITS = ("name", "born_on", "id_number", "organisation_id", "sex")
_DAYS_TO_DATE = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True, slots=True)
class PeopleColumns:
    """As many entries as people in each array; codes below 0, b"" and day 0 are not known.

    `births` are days written as one number, 19800501.
    """

    names: NDArray[np.int64]
    loose_names: NDArray[np.int64]
    readable: NDArray[np.bool_]
    numbers: NDArray[np.bytes_]
    births: NDArray[np.int64]
    organisations: NDArray[np.int64]
    sexes: NDArray[np.int64]
    spelled: Sequence[Name]

    def name(self, place: int) -> Name:
        """The name of one person in its two forms."""
        return self.spelled[int(self.names[place])]


def people_columns(tables: Sequence[pa.Table], *, root: Path | None = None) -> list[PeopleColumns]:
    """The tables as arrays whose codes mean the same in all of them.

    Columns are those of `TRAITS`; one that is absent is not known of anybody.
    """
    ends = np.cumsum([0, *(table.num_rows for table in tables)])
    texts = {name: _joined(tables, name) for name in TRAITS}
    spelled, names = _names(texts["name"], root)
    loose_index: dict[str, int] = {}
    loose_of = np.array(
        [loose_index.setdefault(name.loose, len(loose_index)) for name in spelled] or [0], np.int64
    )
    readable_of = np.array([name.is_readable for name in spelled] or [True])
    numbers, births = _numbers(texts["id_number"])
    stated = _births(texts["born_on"])
    births = np.where(stated > 0, stated, births)
    organisations, sexes = _codes(texts["organisation_id"]), _codes(texts["sex"])
    return [
        PeopleColumns(
            names[low:high],
            np.where(names[low:high] >= 0, loose_of[names[low:high]], -1),
            readable_of[names[low:high]],
            numbers[low:high],
            births[low:high],
            organisations[low:high],
            sexes[low:high],
            spelled,
        )
        for low, high in pairwise(ends.tolist())
    ]


def _joined(tables: Sequence[pa.Table], name: str) -> pa.Array[Any]:
    """One column of all tables, one after the other."""
    wanted = pa.date32() if name == "born_on" else pa.string()
    parts = [
        chunk.cast(wanted)
        for table in tables
        for chunk in (
            table.column(name).chunks
            if name in table.column_names
            else [pa.nulls(table.num_rows, wanted)]
        )
    ]
    return pa.concat_arrays(parts) if parts else pa.array([], wanted)


def _coded(texts: pa.Array[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """Distinct texts, and for each row which of them, -1 for none."""
    coded = texts.dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return [str(text) for text in coded.dictionary.to_pylist()], codes


def _codes(texts: pa.Array[Any]) -> NDArray[np.int64]:
    return _coded(texts)[1]


def _names(texts: pa.Array[Any], root: Path | None) -> tuple[list[Name], NDArray[np.int64]]:
    """Names in both forms, and for each row which of them by the strict one."""
    written, codes = _coded(texts)
    reader = name_reader(root)
    index: dict[str, int] = {}
    spelled: list[Name] = []
    meaning = np.full(len(written) + 1, -1, np.int64)  # the last for those without a name
    for place, text in enumerate(written):
        name = reader.read(text)
        if name.strict:
            meaning[place] = index.setdefault(name.strict, len(index))
            if len(index) > len(spelled):
                spelled.append(name)
    return spelled, meaning[codes]


def _numbers(texts: pa.Array[Any]) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
    """Numbers in their 18-character form, and the births that they state where they are right."""
    written, codes = _coded(texts)
    plain = [lengthened(plain_number(text)) for text in written]
    kept = np.array([number.encode("ascii", "replace") for number in (*plain, "")], f"S{LENGTH}")
    return kept[codes], _births_in(kept)[codes]


def _births_in(numbers: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """The day of birth that a number states as 19800501; 0 where its check fails."""
    marks = numbers.view(np.uint8).reshape(-1, LENGTH).astype(np.int64)
    digits = marks - ord("0")
    body = digits[:, : LENGTH - 1]
    totals = body @ np.array(WEIGHTS) % len(CHECKS)
    right = ((body >= 0) & (body <= 9)).all(axis=1)
    right &= marks[:, LENGTH - 1] == np.frombuffer(CHECKS.encode(), np.uint8)[totals]
    return np.where(right, digits[:, 6:14] @ 10 ** np.arange(7, -1, -1), 0)


def _births(days: pa.Array[Any]) -> NDArray[np.int64]:
    counted = days.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    stated = _DAYS_TO_DATE + counted.astype("timedelta64[D]")
    months = stated.astype("datetime64[M]")
    years = stated.astype("datetime64[Y]")
    number = (
        (years.astype(np.int64) + 1970) * 10_000
        + ((months - years).astype(np.int64) + 1) * 100
        + (stated - months).astype(np.int64)
        + 1
    )
    return np.where(days.is_null().to_numpy(zero_copy_only=False), 0, number)
