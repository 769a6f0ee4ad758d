"""Made-up files with one awkward trait each: what stands in a cell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.qiangshi.datacheck.awkward import ALL_GOOD, Awkward
from tests.qiangshi.datacheck.books import (
    BUREAU,
    ENTRY,
    FINANCE_HEAD,
    LI,
    ORGANISATION_HEAD,
    PERSON_HEAD,
    SCHOOL,
    STUDIO_HEAD,
    TRAINING_HEAD,
    WANG,
    region,
    replaced,
)

if TYPE_CHECKING:
    from tests.qiangshi.datacheck.books import Row, Sheets

SEPTEMBERS = ("2025-09-01", "2025/9/1", "2025.9.1")


def _training(*rows: Row) -> Sheets:
    return region(培训学时记录=[TRAINING_HEAD, *rows])


def _people(*rows: Row) -> Sheets:
    return region(教职工=[PERSON_HEAD, *rows])


CELLS = (
    Awkward(
        "text in number cells",
        _training(
            ["T1", "P1", date(2024, 7, 15), "校本研修", "30学时", "是"],
            ["T2", "P1", date(2024, 7, 16), "校本研修", "\uff11\uff12\uff10", "是"],
            ["T3", "P1", date(2024, 7, 17), "校本研修", "三十", "是"],
            ["T4", "P1", date(2024, 7, 18), "校本研修", "约20", "是"],
            ["T5", "P1", date(2024, 7, 19), "校本研修", "3学分", "是"],
        ),
        good=ALL_GOOD | {"training_entry": 2},
        faults=(
            ("培训学时记录", 4, "学时", "应为数字"),
            ("培训学时记录", 5, "学时", "应为数字"),
            ("培训学时记录", 6, "学时", "单位应为学时"),
        ),
    ),
    Awkward(
        "money in 万元, by the line above the header",
        region(
            年度经费=[
                ["年度经费表", None, "单位：万元"],
                FINANCE_HEAD,
                ["S1", 2024, 12.3, 0.02],
                ["S1", 2023, "110,000元", None],
            ]
        ),
        good=ALL_GOOD | {"finance_year": 2},
        notices=("已乘以 10000",),
    ),
    Awkward(
        "money in 万元, by the column's heading",
        region(
            年度经费=[
                ["机构编码", "年度", "年度教师培训经费（万元）", "培训经费占比"],
                ["S1", 2024, 12.3, "2%"],
            ]
        ),
        good=ALL_GOOD | {"finance_year": 1},
        notices=("已乘以 10000",),
    ),
    Awkward(
        "every way of writing a day",
        _people(
            *[
                replaced(LI, c0=f"P{number}", c7=day)
                for number, day in enumerate(
                    (*SEPTEMBERS, "201508", "2015年8月", "2015年8月1日", 42217, 20150801), start=1
                )
            ]
        ),
        good=ALL_GOOD | {"person": 8},
        notices=("按当月第一天计", "已换算成年月日"),
    ),
    Awkward(
        "impossible days",
        _people(
            replaced(LI, c4="2025-02-30"),
            replaced(WANG, c4="1990-13-01"),
            replaced(WANG, c0="P3", c4="1990"),
            replaced(WANG, c0="P4", c4=date(1905, 7, 7)),
            replaced(WANG, c0="P5", c4="1790-01-01"),
        ),
        good={"organisation": 2, "person": 0, "training_entry": 0},
        faults=(
            ("教职工", 2, "出生日期", "2025 年 2 月没有 30 日"),
            ("教职工", 3, "出生日期", "没有 13 月"),
            ("教职工", 4, "出生日期", "只有年份"),
            ("教职工", 5, "出生日期", "像是只填了年份 2015"),
            ("教职工", 6, "出生日期", "1900 至 2100"),
            ("培训学时记录", 2, "教师编号", "“教职工”第 2 行）有误未读入"),
        ),
    ),
    Awkward(
        "codes by label, alias, standard code and token, and two that are none",
        _people(
            replaced(LI, c3="1", c5="教师", c6="一级"),
            replaced(WANG, c3=2, c5="teacher", c6="senior"),
            replaced(WANG, c0="P3", c5="专职教师"),
            replaced(WANG, c0="P4", c3="不男"),
        ),
        faults=(
            ("教职工", 4, "教职工类别", "是否应为“专任教师”"),
            ("教职工", 5, "性别", "性别"),
        ),
    ),
    Awkward(
        "ticks, crosses and other words for yes and no",
        _training(
            *[
                [f"T{number}", "P1", date(2024, 7, 15), "校本研修", 3, word]
                for number, word in enumerate(["√", "×", "Y", "N", 1, 0, True, "也许"])
            ]
        ),
        good=ALL_GOOD | {"training_entry": 7},
        faults=(("培训学时记录", 9, "是否认定", "应填“是”或“否”"),),
    ),
    Awkward(
        "ids that became numbers, short ones mended and long ones lost",
        region(
            机构=[ORGANISATION_HEAD, BUREAU, replaced(SCHOOL, c0=4145014684)],
            教职工=[
                PERSON_HEAD,
                replaced(LI, c0=1234567890.0, c1="4145014684"),
                replaced(WANG, c0=1.1010519491231e17, c1=4145014684),
                replaced(WANG, c0=11010519491231002, c1="4145014684"),
                replaced(WANG, c0="1.10105E+17", c1="4145014684"),
            ],
            培训学时记录=[TRAINING_HEAD, replaced(ENTRY, c1=1234567890.0)],
        ),
        good={"organisation": 2, "person": 1, "training_entry": 1},
        faults=(
            ("教职工", 3, "教师编号", "第 16 位起已丢失"),
            ("教职工", 4, "教师编号", "第 16 位起已丢失"),
            ("教职工", 5, "教师编号", "第 16 位起已丢失"),
        ),
        notices=("编号是数字格式，已按文本读取",),
    ),
    Awkward(
        "full-width digits and a small x in ids",
        region(
            教职工=[
                PERSON_HEAD,
                replaced(LI, c0="\uff30\uff11", c1="\uff33\uff11"),
                replaced(WANG, c0="11010519491231002x"),
            ],
            培训学时记录=[
                TRAINING_HEAD,
                ENTRY,
                replaced(ENTRY, c0="T2", c1="11010519491231002X"),
            ],
        ),
        good=ALL_GOOD | {"training_entry": 2},
    ),
    Awkward(
        "numbers out of their range",
        _training(
            ENTRY,
            replaced(ENTRY, c0="T2", c4=-5),
            replaced(ENTRY, c0="T3", c4=4000),
            replaced(ENTRY, c0="T4", c4=400),
        ),
        good=ALL_GOOD | {"training_entry": 2},
        faults=(
            ("培训学时记录", 3, "学时", "应在 0 至 400 之间"),
            ("培训学时记录", 4, "学时", "应在 0 至 400 之间"),
        ),
    ),
    Awkward(
        "required cells left empty, two in one row",
        _people(LI, WANG, replaced(WANG, c0="P3", c2=None, c5="—")),
        faults=(
            ("教职工", 4, "姓名", "必填，不能为空"),
            ("教职工", 4, "教职工类别", "必填，不能为空"),
        ),
    ),
    Awkward(
        "a span that ends before it begins",
        region(
            **{
                "工作坊（室）": [
                    STUDIO_HEAD,
                    ["W1", "S1", date(2022, 1, 1), date(2021, 12, 31)],
                    ["W2", "S1", date(2022, 1, 1), date(2022, 1, 1)],
                    ["W3", "S1", "2022年1月", "至今"],
                ]
            }
        ),
        good=ALL_GOOD | {"studio": 2},
        faults=(("工作坊（室）", 2, "撤销日期", "早于设立日期 2022-01-01"),),
    ),
    Awkward(
        "a formula that failed",
        _training(ENTRY, replaced(ENTRY, c0="T2", c4="#N/A"), replaced(ENTRY, c0="#REF!")),
        faults=(
            ("培训学时记录", 3, "学时", "公式出错"),
            ("培训学时记录", 4, "记录编号", "公式出错"),
        ),
    ),
)
