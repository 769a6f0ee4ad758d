"""What is written beside each row: the result, and everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qiangshi.datacheck.importing.checked import BAD, GOOD, HELD, PASSED_OVER
from qiangshi.datacheck.importing.headings import REASONS, RESULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.datacheck.importing import CheckedFile, CheckedSheet

_RESULTS = {GOOD: "通过", BAD: "有误", HELD: "待确认", PASSED_OVER: "未读取"}
_NEWS = {True: "（新增）", False: "（更新）", None: ""}
_LONGEST = 2_000


@dataclass(slots=True)
class Answer:
    """The two cells of one row. `is_bad` colours them."""

    result: str
    reasons: str = ""
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class SheetAnswers:
    """The answers of one sheet by row as in Excel, the header's among them."""

    sheet: CheckedSheet
    rows: Mapping[int, Answer] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say about the sheet."""
        return not self.rows


def answers_of(checked: CheckedFile) -> list[SheetAnswers]:
    """What to write into each sheet of the file, in their order."""
    found: list[dict[int, Answer]] = [{} for _ in checked.sheets]
    verdicts = checked.verdicts.to_pydict()
    for sheet, row, verdict, is_new in zip(
        verdicts["sheet"], verdicts["row"], verdicts["verdict"], verdicts["is_new"], strict=True
    ):
        news = _NEWS[is_new] if verdict == GOOD else ""
        found[sheet][row] = Answer(_RESULTS[verdict] + news, is_bad=verdict in {BAD, HELD})
    for sheet, row, text in [*_faults(checked), *_questions(checked)]:
        answer = found[sheet].setdefault(row, Answer(_RESULTS[BAD], is_bad=True))
        if len(answer.reasons) < _LONGEST:
            answer.reasons += f"；{text}" if answer.reasons else text
    for sheet, about in enumerate(checked.sheets):
        if about.table is not None:
            whole = found[sheet].get(about.header_row)
            told = f"{REASONS}（{whole.reasons}）" if whole is not None else REASONS
            found[sheet][about.header_row] = Answer(RESULT, told, is_bad=whole is not None)
    return [SheetAnswers(about, rows) for about, rows in zip(checked.sheets, found, strict=True)]


def _faults(checked: CheckedFile) -> list[tuple[int, int, str]]:
    told = checked.faults.to_pydict()
    return [
        (sheet, row, _fault(column, reason, value))
        for sheet, row, column, reason, value in zip(
            told["sheet"], told["row"], told["column"], told["reason"], told["value"], strict=True
        )
    ]


def _fault(column: str, reason: str, value: str) -> str:
    what = f"“{column}”" if column else ""
    got = f"（填的是：{value}）" if value else ""
    return f"{what}{reason}{got}"


def _questions(checked: CheckedFile) -> list[tuple[int, int, str]]:
    return [
        (asked["sheet"], asked["row"], f"与{_who(asked)}可能是同一人：{asked['reasons']}")
        for asked in checked.questions.to_pylist()
    ]


def _who(asked: Mapping[str, object]) -> str:
    if asked["person_id"] is not None:
        return f"已在册的 {asked['person_id']} "
    return f"第 {asked['other_row']} 行"
