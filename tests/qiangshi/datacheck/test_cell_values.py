"""One cell at a time: what each type of column takes, and what it says to the rest."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.datacheck.cells import Adjusted, Reason
from qiangshi.datacheck.values import reader_of

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Vocabulary


def read(vocabulary: Vocabulary, place: str, cell: Any) -> Any:
    relation, _, column = place.partition(".")
    owner = vocabulary.relations[relation]
    return reader_of(owner.by_id[column], owner, vocabulary)(cell)


def value(outcome: Any) -> Any:
    return outcome.value if isinstance(outcome, Adjusted) else outcome


def reason(outcome: Any) -> str:
    assert isinstance(outcome, Reason), f"expected a reason, got {outcome!r}"
    return outcome.zh


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        (120, 120.0),
        (7.5, 7.5),
        ("120", 120.0),
        ("360学时", 360.0),
        ("360 学时", 360.0),
        ("\uff11\uff12\uff10", 120.0),
        ("\uff13\uff10\uff0e\uff15", 30.5),
        ("+12", 12.0),
        (".5", 0.5),
        ("0", 0.0),
        ("\u200b30\u00a0", 30.0),
    ],
)
def test_hours_are_read_as_officials_write_them(
    vocabulary: Vocabulary, cell: Any, hours: float
) -> None:
    assert read(vocabulary, "training_entry.hours", cell) == hours


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("1,200", 1200.0),
        ("1\uff0c200\uff0c000.50元", 1200000.5),
        ("12.3万元", 123000.0),
        ("12.3万", 123000.0),
        ("1.2亿元", 120000000.0),
        ("¥500", 500.0),
        ("1.2e3", 1200.0),
    ],
)
def test_money_is_read_in_yuan_whatever_it_was_counted_in(
    vocabulary: Vocabulary, cell: str, yuan: float
) -> None:
    assert read(vocabulary, "finance_year.training_budget", cell) == yuan


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "-", "—", "/", "不详", "暂缺"])
def test_a_cell_that_states_nothing_is_unknown_and_not_nought(
    vocabulary: Vocabulary, cell: str | None
) -> None:
    assert read(vocabulary, "training_entry.hours", cell) is None


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("十二", "应为数字"),
        ("约360", "应为数字"),
        ("300+60", "应为数字"),
        ("1,20", "应为数字"),
        ("10²", "单位应为学时"),
        ("12学分", "单位应为学时"),
        ("无", "应为数字"),
        (True, "应为数字"),
        (date(2024, 1, 2), "日期或时间格式"),
        (time(12, 0), "日期或时间格式"),
        (float("nan"), "应为数字"),
        (float("inf"), "数字过大"),
        pytest.param(10**4400, "数字过大", id="4401 digits"),
        ("9" * 39, "数字过大"),
        ("9" * 50, "应为数字"),
        (-1, "应在 0 至 400 之间"),
        (400.5, "应在 0 至 400 之间"),
        ("#N/A", "公式出错"),
        ("#REF!", "公式出错"),
        ("3\ufffd", "乱码"),
    ],
)
def test_what_is_no_number_of_hours_says_why(vocabulary: Vocabulary, cell: Any, part: str) -> None:
    assert part in reason(read(vocabulary, "training_entry.hours", cell))


@pytest.mark.parametrize("cell", [0, 400])
def test_the_bounds_of_a_range_lie_inside_it(vocabulary: Vocabulary, cell: int) -> None:
    assert read(vocabulary, "training_entry.hours", cell) == cell


def test_a_number_of_pupils_is_whole(vocabulary: Vocabulary) -> None:
    assert read(vocabulary, "organisation.pupils", 600.0) == 600
    assert isinstance(read(vocabulary, "organisation.pupils", 600.0), int)
    assert read(vocabulary, "organisation.pupils", "600人") == 600
    assert "应为整数" in reason(read(vocabulary, "organisation.pupils", 600.5))
    assert "不小于 0" in reason(read(vocabulary, "organisation.pupils", -3))


@pytest.mark.parametrize("cell", [2024, 2024.0, "2024", "2024年", "2024年度"])
def test_a_year_may_be_written_with_its_word(vocabulary: Vocabulary, cell: Any) -> None:
    assert read(vocabulary, "finance_year.year", cell) == 2024


def test_a_share_may_be_written_in_per_cent(vocabulary: Vocabulary) -> None:
    assert read(vocabulary, "finance_year.training_share", "1.5%") == 0.015
    assert read(vocabulary, "finance_year.training_share", 0.015) == 0.015
    assert "应在 0 至 1 之间" in reason(read(vocabulary, "finance_year.training_share", 1.5))


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        date(2015, 8, 1),
        datetime(2015, 8, 1, 9, 30),  # noqa: DTZ001 - a cell has no time zone
        "2015-08-01",
        "2015-8-1",
        "2015/8/1",
        "2015.8.1",
        "2015年8月1日",
        "2015 年 8 月 1 日",
        "２０１５年８月１日",
        "20150801",
        20150801.0,
        "2015-08-01 00:00:00",
        "2015-08-01T08:00:00Z",
        42217.0,
        "42217",
        42217.5,
        "201508",
        201508.0,
        "2015年8月",
        "2015-08",
        "2015/8",
        "2015.8",
        2015.8,
        "2015.08",
    ],
)
def test_a_day_is_read_as_officials_write_it(vocabulary: Vocabulary, cell: Any) -> None:
    assert value(read(vocabulary, "person.hired_on", cell)) == date(2015, 8, 1)


@pytest.mark.parametrize("cell", ["201508", "2015年8月", 201508.0, "2015.8"])
def test_a_month_ends_a_span_with_its_last_day(vocabulary: Vocabulary, cell: Any) -> None:
    assert value(read(vocabulary, "studio.valid_to", cell)) == date(2015, 8, 31)


@pytest.mark.parametrize("cell", ["201508", 42217.0])
def test_what_was_filled_up_or_converted_is_told(vocabulary: Vocabulary, cell: Any) -> None:
    assert isinstance(read(vocabulary, "person.hired_on", cell), Adjusted)


@pytest.mark.parametrize("cell", ["至今", "无", "长期", "", "-"])
def test_the_end_of_a_span_may_be_open(vocabulary: Vocabulary, cell: str) -> None:
    assert read(vocabulary, "studio.valid_to", cell) is None


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("2025-02-30", "2025 年 2 月没有 30 日"),
        ("2023-02-29", "没有 29 日"),
        (20250230, "没有 30 日"),
        ("2025-13-01", "没有 13 月"),
        ("201513", "没有 13 月"),
        ("2025-00-10", "没有 0 月"),
        ("1825-01-01", "年份应在 1900 至 2100"),
        (date(2219, 1, 1), "年份应在 1900 至 2100"),
        ("2015", "只有年份"),
        ("2015年", "只有年份"),
        (2015.0, "只有年份"),
        (date(1905, 7, 7), "像是只填了年份 2015"),
        (2015.1, "分不清是 1 月还是 10 月"),
        ("2015.1", "分不清是 1 月还是 10 月"),
        ("15.8.1", "应为日期"),
        ("1/9/2025", "应为日期"),
        ("二〇一五年八月", "应为日期"),
        ("至今", "应为日期"),
        ("去年", "应为日期"),
        (3.0, "应为日期"),
        (0.5, "应为日期"),
        (-42217.0, "应为日期"),
        (float("nan"), "应为日期"),
        (float("-inf"), "应为日期"),
        pytest.param(10**4400, "应为日期", id="4401 digits"),
        (True, "应为日期"),
        (time(8, 0), "时间格式"),
        (timedelta(days=3), "时间格式"),
    ],
)
def test_what_is_no_day_says_why(vocabulary: Vocabulary, cell: Any, part: str) -> None:
    assert part in reason(read(vocabulary, "person.hired_on", cell))


# --- ids ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "id_"),
    [
        ("P1", "P1"),
        (" P 1 ", "P1"),
        ("Ｐ\uff11", "P1"),  # noqa: RUF001 - full-width letters are the point
        ("0123", "0123"),
        ("'0123", "0123"),
        ('="0123"', "0123"),
        (1234567890.0, "1234567890"),
        ("1234567890.0", "1234567890"),
        (999999999999999.0, "999999999999999"),
        ("11010519491231002x", "11010519491231002X"),
        ("110105194912310021", "110105194912310021"),
        ("-", "-"),
    ],
)
def test_an_id_is_kept_or_mended(vocabulary: Vocabulary, cell: Any, id_: str) -> None:
    assert value(read(vocabulary, "person.person_id", cell)) == id_


def test_an_id_that_became_a_number_is_told(vocabulary: Vocabulary) -> None:
    outcome = read(vocabulary, "person.person_id", 1234567890.0)
    assert isinstance(outcome, Adjusted)
    assert "前导 0" in outcome.zh


@pytest.mark.parametrize("place", ["person.person_id", "training_entry.person_id"])
@pytest.mark.parametrize(
    ("cell", "part"),
    [
        (1.1010519491231e17, "第 16 位起已丢失"),
        (11010519491231002.0, "第 16 位起已丢失"),
        (1e15, "第 16 位起已丢失"),
        ("1.10105E+17", "第 16 位起已丢失"),
        ("1.1010519491231e17", "第 16 位起已丢失"),
        ("110105194912310000", "第 16 位起已丢失"),
        (float("nan"), "已丢失"),
        (12.5, "不应是负数或小数"),
        (-3, "不应是负数或小数"),
        (True, "应为编号"),
        (date(2024, 1, 2), "当成了日期"),
    ],
)
def test_an_id_that_lost_digits_is_refused(
    vocabulary: Vocabulary, place: str, cell: Any, part: str
) -> None:
    assert part in reason(read(vocabulary, place, cell))


def test_an_identity_number_is_kept_as_ids_are(vocabulary: Vocabulary) -> None:
    assert read(vocabulary, "person.id_number", "110105194912310021") == "110105194912310021"
    assert "已丢失" in reason(read(vocabulary, "person.id_number", 110105194912310021))


def test_a_long_number_in_free_text_has_lost_digits_too(vocabulary: Vocabulary) -> None:
    assert "已丢失" in reason(read(vocabulary, "honour.title", 1e17))


@pytest.mark.parametrize("cell", ["-", "—", "/", "", None])
def test_the_topmost_organisation_has_no_parent(vocabulary: Vocabulary, cell: str | None) -> None:
    assert read(vocabulary, "organisation.parent_id", cell) is None


# --- codes, yes and no, text ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "cell", "code"),
    [
        ("person.staff_class", "专任教师", "teacher"),
        ("person.staff_class", "教师", "teacher"),
        ("person.staff_class", "Teacher", "teacher"),
        ("person.staff_class", "TEACHER", "teacher"),
        ("person.staff_class", "1", "teacher"),
        ("person.staff_class", 1.0, "teacher"),
        ("person.staff_class", "校(园)长", "principal"),
        ("person.staff_class", "校 长", "principal"),
        ("person.sex", "２", "female"),
        ("person.title_rank", "无", "none"),
        ("person.title_rank", "中学一级教师", "first"),
        ("person.title_rank", "—", None),
        ("person.title_rank", "不详", None),
        ("ledger_confirmation.relation", "培训学时记录", "training_entry"),
        ("ledger_confirmation.relation", "training_entry", "training_entry"),
    ],
)
def test_a_code_is_known_by_label_alias_standard_or_token(
    vocabulary: Vocabulary, place: str, cell: Any, code: str | None
) -> None:
    assert read(vocabulary, place, cell) == code


@pytest.mark.parametrize(
    ("place", "cell", "part"),
    [
        ("person.title_rank", "高级老师", "是否应为“高级教师”"),
        ("person.title_rank", "甲", "可填：未定级、一级教师、高级教师"),
        ("person.title_rank", 7.0, "职称等级"),
        ("person.title_rank", date(2024, 1, 1), "职称等级"),
        ("ledger_confirmation.relation", "荣誉", "台账名称"),
    ],
)
def test_an_unknown_code_says_what_may_stand_there(
    vocabulary: Vocabulary, place: str, cell: Any, part: str
) -> None:
    assert part in reason(read(vocabulary, place, cell))


@pytest.mark.parametrize("cell", [True, "是", "√", "✓", "✔\ufe0f", "1", 1, 1.0, "Y", "yes", "有"])
def test_a_tick_is_yes(vocabulary: Vocabulary, cell: Any) -> None:
    assert read(vocabulary, "training_entry.is_recognised", cell) is True


@pytest.mark.parametrize("cell", [False, "否", "×", "0", 0, 0.0, "N", "no", "无", "FALSE"])
def test_a_cross_is_no(vocabulary: Vocabulary, cell: Any) -> None:
    assert read(vocabulary, "training_entry.is_recognised", cell) is False


@pytest.mark.parametrize("cell", ["也许", 2, "已认定", date(2024, 1, 1)])
def test_what_is_neither_yes_nor_no_says_so(vocabulary: Vocabulary, cell: Any) -> None:
    assert "应填“是”或“否”" in reason(read(vocabulary, "training_entry.is_recognised", cell))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  国培\n计划　2024 ", "国培 计划 2024"),
        ("（一）", "（一）"),
        (2024.0, "2024"),
        (date(2024, 7, 1), "2024-07-01"),
        ("\x00荣\u200b誉", "荣誉"),
        ("-", "-"),
    ],
)
def test_free_text_is_tidied_and_otherwise_left_alone(
    vocabulary: Vocabulary, cell: Any, text: str
) -> None:
    assert read(vocabulary, "honour.title", cell) == text


def test_text_that_no_file_can_hold_is_refused(vocabulary: Vocabulary) -> None:
    assert "乱码" in reason(read(vocabulary, "honour.title", "\ud800"))
