"""Made-up files with one awkward trait each: where the table stands on its sheet."""

from __future__ import annotations

from datetime import date

from tests.qiangshi.datacheck.awkward import ALL_GOOD, Awkward
from tests.qiangshi.datacheck.books import (
    BUREAU,
    ENTRY,
    HONOUR_HEAD,
    LI,
    ORGANISATION_HEAD,
    PERSON_HEAD,
    SCHOOL,
    STUDIO_HEAD,
    TRAINING_HEAD,
    WANG,
    Merged,
    region,
)

LAYOUTS = (
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
        notices=("没有可用的“年度经费”、“工作坊（室）”、“工作坊（室）成员”、“培训学时记录”表",),
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
