"""What reading a workbook has to tell the person who filled it in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why one row was left out: where it stands as the reader sees it, and what stood there.

    `row` counts from 1 as in Excel. `column` is the Chinese label, or empty where the whole row is
    meant.
    """

    sheet: str
    row: int
    column: str
    reason_zh: str
    value: str = ""

    def __str__(self) -> str:
        where = f"{self.sheet} 第 {self.row} 行"
        what = f"“{self.column}”" if self.column else ""
        got = f"（填的是：{self.value}）" if self.value else ""
        return f"{where}{what}：{self.reason_zh}{got}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that cost no row but that the reader should know. `sheet` may be empty."""

    sheet: str
    text_zh: str

    def __str__(self) -> str:
        return f"{self.sheet}：{self.text_zh}" if self.sheet else self.text_zh
