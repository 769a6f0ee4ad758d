"""Made-up files with one awkward trait each: rows that do not go together."""

from __future__ import annotations

from datetime import date

from tests.qiangshi.datacheck.awkward import ALL_GOOD, Awkward
from tests.qiangshi.datacheck.books import (
    BUREAU,
    ENTRY,
    FINANCE_HEAD,
    LI,
    MEMBER_HEAD,
    ORGANISATION_HEAD,
    PERSON_HEAD,
    SCHOOL,
    STUDIO_HEAD,
    TRAINING_HEAD,
    WANG,
    region,
    replaced,
)

JOINS = (
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
        region(教职工=[PERSON_HEAD, replaced(LI, c4="?"), LI, WANG]),
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
        notices=("没有可用的“教职工”表，“教师编号”无从核对", "要用到它们的指标都按“不明”计"),
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
