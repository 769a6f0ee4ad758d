"""Plain rows are read to the same cells as any others, and what is not plain is noticed."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiangshi.datacheck.coded.ahead import one_ahead
from qiangshi.datacheck.coded.plain_rows import scan_rows
from qiangshi.datacheck.coded.scanning import Unusual, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = ["A", "Z", "AA", "BH", "ZZ", "AAA", "XFD"]
TAILS = ["", ' s="1"', ' t="s"', ' s="12" t="s"', ' s="3" t="n"', ' t="b"', ' t="str"']
HOLDS = st.one_of(
    st.just("/>"),
    st.from_regex(r"[0-9]{1,9}(\.[0-9]{1,3})?", fullmatch=True).map(lambda v: f"><v>{v}</v></c>"),
    st.sampled_from(["><v>-7</v></c>", "><v>1E-3</v></c>", "><v>甲&gt;乙</v></c>"]),
    # Not plain: a formula, a text in its place, nothing in open tags, an empty value, a blank.
    st.sampled_from(
        [
            "><f>A1+1</f><v>2</v></c>",
            "><is><t>字</t></is></c>",
            "></c>",
            "><v/></c>",
            " ><v>1</v></c>",
        ]
    ),
)
CELLS = st.lists(st.tuples(st.sampled_from(COLUMNS), st.sampled_from(TAILS), HOLDS), max_size=4)
ROWS = st.lists(st.tuples(st.sampled_from(["", ' spans="1:9"']), CELLS), min_size=1, max_size=5)


def written(number: int, attributes: str, cells: list[tuple[str, str, str]]) -> str:
    inside = "".join(f'<c r="{column}{number}"{tail}{holds}' for column, tail, holds in cells)
    return f'<row r="{number}"{attributes}>{inside}</row>'


@given(ROWS, st.sampled_from([1, 98, 99_998, 1_048_570]))
def test_plain_rows_hold_the_cells_that_are_found_tag_by_tag(
    rows: list[tuple[str, list[tuple[str, str, str]]]], first: int
) -> None:
    block = "".join(
        written(first + place, attributes, cells) for place, (attributes, cells) in enumerate(rows)
    ).encode()

    plain, general = scan_rows(block), scan(block)

    for field in fields(plain):
        mine, its = getattr(plain, field.name), getattr(general, field.name)
        same = np.array_equal(mine, its) if isinstance(its, np.ndarray) else mine == its
        assert same, field.name


def test_rows_without_a_number_follow_on_the_block_before() -> None:
    found = scan_rows(b'<row><c r="A8"><v>1</v></c></row><row/>', after_row=7)
    assert found.rows.tolist() == [8]


@pytest.mark.parametrize("block", [b'<c r="A1"><v>1</v></c>', b"<!-- --><row></row>"])
def test_what_is_no_row_of_cells_is_unusual(block: bytes) -> None:
    with pytest.raises(Unusual):
        scan_rows(block)


def test_what_fails_while_it_is_made_ahead_fails_where_it_is_used() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise Unusual("broken")

    taken = one_ahead(items())
    assert next(taken) == 1
    with pytest.raises(Unusual, match="broken"):
        next(taken)
