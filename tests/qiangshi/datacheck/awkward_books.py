"""Made-up files with one awkward trait each, and what is to become of every row of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tests.qiangshi.datacheck.books import (
    BUREAU,
    ENTRY,
    FINANCE_HEAD,
    HONOUR_HEAD,
    LI,
    MEMBER_HEAD,
    ORGANISATION_HEAD,
    PERSON_HEAD,
    SCHOOL,
    STUDIO_HEAD,
    TRAINING_HEAD,
    WANG,
    Merged,
    region,
    replaced,
)

if TYPE_CHECKING:
    from tests.qiangshi.datacheck.books import Row, Sheets

SEPTEMBERS = ("2025-09-01", "2025/9/1", "2025.9.1")
Expected = tuple[str, int, str, str]
"""Sheet, row as in Excel, column, and part of the reason."""

ALL_GOOD = {"organisation": 2, "person": 2, "training_entry": 1}


@dataclass(frozen=True)
class Awkward:
    """A file and its verdicts; `notices` are parts of what must be told beside the faults."""

    trait: str
    sheets: Sheets
    good: dict[str, int] = field(default_factory=lambda: ALL_GOOD)
    faults: tuple[Expected, ...] = ()
    notices: tuple[str, ...] = ()


def _training(*rows: Row) -> Sheets:
    return region(培训学时记录=[TRAINING_HEAD, *rows])


def _people(*rows: Row) -> Sheets:
    return region(教职工=[PERSON_HEAD, *rows])


LAYOUT = (
    Awkward("a plain workbook", region()),
    Awkward(
        "a title and a line for the unit above the header",
        region(
            培训学时记录=[
                [Merged("小城 2024 年度培训学时统计表", across=6)],
                [None],
                ["填报单位：第一小学", None, None, None, None, "单位：学时"],
                TRAINING_HEAD,
                ENTRY,
            ]
        ),
    ),
    Awkward(
        "a header of two rows with merged groups",
        region(
            教职工=[
                [
                    Merged("教师编号", down=2),
                    Merged("所在机构编码", down=2),
                    Merged("基本情况", across=3),
                    None,
                    None,
                    Merged("任职情况", across=4),
                ],
                [None, None, "姓名", "性别", "出生日期", *PERSON_HEAD[5:]],
                LI,
                WANG,
            ]
        ),
    ),
    Awkward(
        "a header of two rows without merging, the upper cells over empty ones",
        region(
            培训学时记录=[
                ["记录编号", "教师编号", None, "培训", None, None],
                [None, None, "完成日期", "类别", "学时", "是否认定"],
                ENTRY,
            ]
        ),
    ),
    Awkward(
        "a line of units below the header",
        region(
            机构=[ORGANISATION_HEAD, [None, None, None, None, "（名学生）"], BUREAU, SCHOOL],
            培训学时记录=[TRAINING_HEAD, [None, None, None, None, "学时", "是/否"], ENTRY],
        ),
    ),
    Awkward(
        "blank rows between records and a running number filled in below them",
        region(
            教职工=[
                ["序号", *PERSON_HEAD],
                [1, *LI],
                [None],
                ["  "],
                [2, *WANG],
                [3],
                [4],
            ]
        ),
        notices=("不认识的列，未读取：“序号”",),
    ),
    Awkward(
        "columns in another order",
        region(
            培训学时记录=[list(reversed(TRAINING_HEAD)), list(reversed(ENTRY))],
        ),
    ),
    Awkward(
        "columns named by id, with full-width letters, spaces, marks and remarks",
        region(
            培训学时记录=[
                [
                    "training_entry_id",
                    "教 师\n编号*",
                    "完成日期（必填）",
                    "ＣＡＴＥＧＯＲＹ",  # noqa: RUF001 - full-width letters are the point
                    "学时（学时）",
                    " Recognised ",
                ],
                ENTRY,
            ]
        ),
    ),
    Awkward(
        "a reference headed as the id it refers to",
        region(教职工=[["教师编号", "机构编码", *PERSON_HEAD[2:]], LI, WANG]),
    ),
    Awkward(
        "columns that nobody asked for and one that comes twice",
        region(
            培训学时记录=[
                [*TRAINING_HEAD, "联系电话", "备注", "学时"],
                [*ENTRY, "0391-1", "好", 99],
            ]
        ),
        notices=("“联系电话”、“备注”", "重复的列，以最左边的为准：“学时”"),
    ),
    Awkward(
        "the header repeated on every printed page, totals and a footer",
        region(
            培训学时记录=[
                TRAINING_HEAD,
                ENTRY,
                TRAINING_HEAD,
                ["T2", "P2", date(2024, 8, 1), "校本研修", 12, "是"],
                ["合计", None, None, None, 42, None],
                ["填报人：李明", None, "审核人：王芳"],
                ["备注：以上均已核对"],
            ]
        ),
        good=ALL_GOOD | {"training_entry": 2},
        notices=("第 5 行（合计）", "第 6 行（填报人:李明）", "第 7 行"),
    ),
    Awkward(
        "the table does not begin in the first column",
        region(
            培训学时记录=[[None], [None], [None, None, *TRAINING_HEAD], [None, None, *ENTRY]],
        ),
    ),
    Awkward(
        "sheets named as officials name them, and two for one register",
        {
            "附件1：机构一览表": [ORGANISATION_HEAD, BUREAU, SCHOOL],
            "2.教职工（小学）": [PERSON_HEAD, LI],
            "3.教职工（初中）": [PERSON_HEAD, WANG],
            "2024培训学时记录": [TRAINING_HEAD, ENTRY],
        },
        notices=("认作“机构”", "认作“教职工”", "认作“培训学时记录”"),
    ),
    Awkward(
        "a sheet without a name of its own, known by its header",
        {
            "机构": [ORGANISATION_HEAD, BUREAU, SCHOOL],
            "教职工": [PERSON_HEAD, LI, WANG],
            "Sheet3": [TRAINING_HEAD, ENTRY],
        },
        notices=("认作“培训学时记录”",),
    ),
    Awkward(
        "a sheet that holds something else",
        region(通讯录=[["姓名", "电话"], ["李明", "0391"]]),
        notices=("表名和表头都不认识，未读取",),
    ),
    Awkward(
        "a register of another plan",
        region(荣誉=[HONOUR_HEAD, ["H1", "P1", "师德标兵", date(2024, 9, 10)]]),
        good=ALL_GOOD | {"honour": 1},
    ),
    Awkward(
        "a sheet with a header and no rows, and one with nothing at all",
        region(工作坊=[], **{"工作坊（室）": [STUDIO_HEAD], "年度经费": []}),
        good=ALL_GOOD | {"studio": 0, "finance_year": 0},
        notices=("没有填写任何一行，按确实没有（零）计", "没有填写任何一行，没有记录的按不明计"),
    ),
    Awkward(
        "a required column is missing",
        region(培训学时记录=[TRAINING_HEAD[:5], ENTRY[:5], ENTRY[:5]]),
        good={"organisation": 2, "person": 2},
        faults=(("培训学时记录", 1, "是否认定", "整张表 2 行未读入"),),
        notices=("凡要用到它的指标都按“不明”计",),
    ),
    Awkward(
        "a sheet of text where a register should be",
        region(培训学时记录=[["本年度培训情况说明"], ["各校已按要求完成"]]),
        good={"organisation": 2, "person": 2},
        faults=(("培训学时记录", 1, "", "没有找到表头"),),
    ),
    Awkward(
        "cells merged down over several records",
        region(
            培训学时记录=[
                TRAINING_HEAD,
                ["T1", Merged("P1", down=2), date(2024, 7, 15), "校本研修", 30, "是"],
                ["T2", None, date(2024, 7, 16), "校本研修", 12, "是"],
                ["T3", "P2", date(2024, 7, 15), "校本研修", Merged(40, down=2), "是"],
                ["T4", "P2", date(2024, 7, 16), "校本研修", None, "是"],
            ]
        ),
        good=ALL_GOOD | {"training_entry": 2},
        faults=(
            ("培训学时记录", 4, "学时", "跨行合并"),
            ("培训学时记录", 5, "学时", "跨行合并"),
        ),
    ),
)

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

TOGETHER = (
    Awkward(
        "a key that comes twice, and a row without a key of its own that does",
        region(
            教职工=[PERSON_HEAD, LI, WANG, replaced(WANG, c0="P1")],
            年度经费=[FINANCE_HEAD, ["S1", 2024, 5, None], ["S1", "2024年", 7, None]],
        ),
        good=ALL_GOOD | {"finance_year": 1},
        faults=(
            ("教职工", 4, "教师编号", "与第 2 行重复"),
            ("年度经费", 3, "机构编码", "机构编码、年度与第 2 行重复"),
        ),
    ),
    Awkward(
        "a key that comes twice, first in a row that is bad itself",
        _people(replaced(LI, c4="?"), LI, WANG),
        faults=(("教职工", 2, "出生日期", "应为日期"),),
    ),
    Awkward(
        "a key that comes twice on two sheets",
        {
            "机构": [ORGANISATION_HEAD, BUREAU, SCHOOL],
            "教职工": [PERSON_HEAD, LI, WANG],
            "教职工 (2)": [PERSON_HEAD, LI],
            "培训学时记录": [TRAINING_HEAD, ENTRY],
        },
        faults=(("教职工 (2)", 2, "教师编号", "与“教职工”第 2 行重复"),),
    ),
    Awkward(
        "references that find nothing, one of them for a nought that was lost",
        region(
            机构=[ORGANISATION_HEAD, BUREAU, replaced(SCHOOL, c0="0101")],
            教职工=[PERSON_HEAD, replaced(LI, c1="0101"), replaced(WANG, c1=101)],
            培训学时记录=[TRAINING_HEAD, ENTRY, replaced(ENTRY, c0="T2", c1="P9")],
        ),
        good={"organisation": 2, "person": 1, "training_entry": 1},
        faults=(
            ("教职工", 3, "所在机构编码", "是否应为“0101”"),
            ("培训学时记录", 3, "教师编号", "“教职工”表中没有这一编号"),
        ),
    ),
    Awkward(
        "a school that is bad takes its people and their entries with it",
        region(机构=[ORGANISATION_HEAD, BUREAU, replaced(SCHOOL, c4="很多")]),
        good={"organisation": 1, "person": 0, "training_entry": 0},
        faults=(
            ("机构", 3, "在校生数", "应为数字"),
            ("教职工", 2, "所在机构编码", "“机构”第 3 行）有误未读入"),
            ("教职工", 3, "所在机构编码", "“机构”第 3 行）有误未读入"),
            ("培训学时记录", 2, "教师编号", "“教职工”第 2 行）有误未读入"),
        ),
    ),
    Awkward(
        "organisations that hang below nothing, and below each other in a circle",
        region(
            机构=[
                ORGANISATION_HEAD,
                BUREAU,
                SCHOOL,
                ["S2", "X9", "第二小学", "小学", None],
                ["S3", "S2", "第三小学", "小学", None],
                ["S4", "S5", "第四小学", "小学", None],
                ["S5", "S4", "第五小学", "小学", None],
                ["S6", "S6", "第六小学", "小学", None],
                ["S7", "S6", "第七小学", "小学", None],
            ]
        ),
        faults=(
            ("机构", 4, "上级机构编码", "没有这一编号"),
            ("机构", 5, "上级机构编码", "第 4 行）有误未读入"),
            ("机构", 6, "上级机构编码", "S4 → S5 → S4"),
            ("机构", 7, "上级机构编码", "S5 → S4 → S5"),
            ("机构", 8, "上级机构编码", "S6 → S6"),
            ("机构", 9, "上级机构编码", "S7 → S6 → S6"),
        ),
    ),
    Awkward(
        "the sheet of persons is not there",
        {
            "机构": [ORGANISATION_HEAD, BUREAU, SCHOOL],
            "培训学时记录": [TRAINING_HEAD, ENTRY],
        },
        good={"organisation": 2, "training_entry": 1},
        notices=("没有可用的“教职工”表，“教师编号”无从核对", "教职工：没有可用的这张表"),
    ),
    Awkward(
        "a row that refers to two others, of which one is missing",
        region(
            **{
                "工作坊（室）": [STUDIO_HEAD, ["W1", "S1", date(2022, 1, 1), None]],
                "工作坊（室）成员": [
                    MEMBER_HEAD,
                    ["W1", "P1", date(2022, 3, 1), None],
                    ["W2", "P1", date(2022, 3, 1), None],
                    ["W1", "P7", date(2022, 3, 1), None],
                    ["W1", "P1", date(2022, 3, 1), date(2023, 3, 1)],
                ],
            }
        ),
        good=ALL_GOOD | {"studio": 1, "studio_membership": 1},
        faults=(
            ("工作坊（室）成员", 3, "工作坊（室）编号", "没有这一编号"),
            ("工作坊（室）成员", 4, "教师编号", "没有这一编号"),
            ("工作坊（室）成员", 5, "工作坊（室）编号", "与第 2 行重复"),
        ),
    ),
)

AWKWARD = (*LAYOUT, *CELLS, *TOGETHER)
