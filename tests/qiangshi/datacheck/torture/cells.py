"""Files with a trait of cells: numbers, days, codes, names, and several entries in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.qiangshi.datacheck.torture.files import (
    HEAD,
    LI,
    LI_BORN,
    WANG,
    WANG_BORN,
    WITH_LI,
    Torture,
    book,
    number,
    text,
    with_cells,
)

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Vocabulary

_WHO = ["姓名", "身份证件号", "学校名称"]
_LI_WHO = [LI[0], LI[2], LI[7]]
_SERIAL = 29_342  # 1980-05-01
_LEDGER = ["姓名", "身份证号码", "性别", "岗位", "学校", "证书名称", "证书编号", "获证时间"]
_OLDER = "1990-07-09"


def _full_width(digits: str) -> str:
    return "".join(chr(ord(mark) + 0xFEE0) for mark in digits)


def _without_teachers(vocabulary: Vocabulary) -> Vocabulary:
    """The list of classes of staff in a later version: teachers go by another label."""
    classes = vocabulary.codes["staff_class"]
    codes = tuple(
        code.model_copy(
            update={"label": code.label.model_copy(update={"zh": "任课教师"}), "aliases": ()}
        )
        if code.code == "teacher"
        else code
        for code in classes.codes
    )
    changed = classes.model_copy(update={"codes": codes})
    return vocabulary.model_copy(update={"codes": vocabulary.codes | {"staff_class": changed}})


CELLS = (
    Torture("an identity number that became a number", "证件号成数字.xlsx",
            book(HEAD, with_cells(LI, 身份证件号=410102198005010000), WANG), good=(3,),
            bad={2: "第 16 位起已丢失"}),
    Torture("an identity number in scientific notation", "科学计数.csv",
            text(HEAD, with_cells(LI, 身份证件号="4.10102E+17"), WANG), good=(3,),
            bad={2: "第 16 位起已丢失"}),
    Torture("a wrong check digit", "校验位.xlsx",
            book(HEAD, with_cells(LI, 身份证件号=number(LI_BORN, 1)[:-1]
                                  + ("1" if number(LI_BORN, 1)[-1] != "1" else "2")), WANG),
            good=(3,), bad={2: "校验不符"}),
    Torture("a number of 15 digits", "十五位.xlsx",
            book(HEAD, with_cells(LI, 身份证件号="410102800501001")), good=(2,), notice="15 位"),
    Torture("a small x at the end", "小写x.xlsx",
            book(HEAD, with_cells(LI, 姓名="赵云", 性别="女", 身份证件号="11010519491231002x",
                                  出生日期="1949-12-31")), good=(2,)),
    Torture("a birthday other than that of the number", "生日不符.xlsx",
            book(HEAD, with_cells(LI, 出生日期="1980-05-02"), WANG), good=(3,),
            bad={2: "出生日期与身份证号不符"}),
    Torture("a sex other than that of the number", "性别不符.xlsx",
            book(HEAD, LI, with_cells(WANG, 性别="男")), good=(2,), bad={3: "性别与身份证号不符"}),
    Torture("full-width digits and letters", "全角.xlsx",
            book(HEAD, with_cells(LI, 身份证件号=_full_width(LI[2]), 进本校年月="２００５０９")),
            good=(2,)),
    Torture("spaces behind, in between and wide ones", "空格.xlsx",
            book(HEAD, with_cells(LI, 姓名="李　明 ", 性别=" 男 ", 学校名称="第一小学 "), WANG),
            good=(2, 3)),
    Torture("marks that nobody sees", "零宽字符.xlsx",
            book(HEAD, with_cells(LI, 姓名="李\u200b明", 身份证件号=f"\ufeff{LI[2]}\u202c")),
            good=(2,)),
    Torture("a name with a dot in it", "间隔号.xlsx",
            book(HEAD, with_cells(LI, 姓名="阿卜杜拉·买买提"),
                 with_cells(WANG, 姓名="古丽．阿依")), good=(2, 3)),
    Torture("a text of thirty thousand characters", "长文本.xlsx",
            book([*HEAD, "曾用名"], [*LI, "长" * 30_000]), good=(2,)),
    Torture("every way of writing a day", "日期写法.xlsx",
            book(HEAD, *(with_cells(WANG, 姓名=f"王{name}", 身份证件号=number(WANG_BORN, 2 * order),
                                    出生日期=born, 进本校年月=since)
                 for order, (name, born, since) in enumerate([
                     ("甲", "19900709", "201508"), ("乙", "1990年7月9日", "2015年8月"),
                     ("丙", "1990.7.9", "2015.08"), ("丁", "1990/07/09", 42_217),
                     ("戊", 33_063, "2015-08"), ("己", _OLDER, "2015 年 8 月"),
                 ], start=11))), good=(2, 3, 4, 5, 6, 7)),
    Torture("days that are none", "假日期.xlsx",
            book(HEAD, with_cells(LI, 出生日期="1980-02-30"), with_cells(WANG, 进本校年月="去年")),
            bad={2: "没有 30 日", 3: "应为日期"}),
    Torture("a day as a bare serial", "序列号.xlsx",
            book(HEAD, with_cells(LI, 出生日期=_SERIAL)), good=(2,)),
    Torture("several certificates in one cell", "一格多证.xlsx",
            book(_LEDGER, ["李明", LI[2], "男", "教师", "第一小学",
                           "1.心理咨询师\n2.双师型教师", "A1\nB2", "201508\n2018年3月"],
                 ["王芳", WANG[2], "女", "教师", "第一小学",
                  "心理咨询师\n双师型教师\n其他", "A4\nB5", "2019-01"], sheet="教职工台账"),
            profile="school-ledger", good=(2,), bad={3: "行数不一致"}),
    Torture("a label that no list has", "未知代码.xlsx",
            book(HEAD, with_cells(LI, 教职工类别="吉祥物"), WANG), good=(3,),
            bad={2: "没有这一项"}),
    Torture("codes instead of labels, and a label nearly right", "代码与近似.xlsx",
            book(HEAD, with_cells(LI, 性别=1), with_cells(WANG, 教职工类别="专任教帅")), good=(2,),
            bad={3: "是否应为“专任教师”"}),
    Torture("a later version of a code list", "代码表换版.xlsx",
            book(HEAD, with_cells(LI, 教职工类别="任课教师"), WANG), good=(2,),
            bad={3: "没有这一项"}, changed=_without_teachers),
    Torture("required cells left empty", "必填为空.xlsx",
            book(HEAD, with_cells(LI, 姓名=None), with_cells(WANG, 教职工类别=None)),
            bad={2: "必填", 3: "必填"}),
    Torture("damaged characters", "乱码.xlsx",
            book(HEAD, with_cells(LI, 姓名="李\ufffd明"), WANG), good=(3,), bad={2: "乱码"}),
    Torture("a school that no list has", "未知学校.xlsx",
            book(HEAD, with_cells(LI, 学校名称="第九小学"), WANG), good=(3,), bad={2: "第九小学"}),
    Torture("stages of a school of five and four years", "五四学制.xlsx",
            book([*_WHO, "学年", "任教学段", "任教课程", "周课时数"],
                 [*_LI_WHO, "2024-2025学年", "初中", "语文", 12],
                 [*_LI_WHO, 2023, "初中（五四学制）", "数学", 10],
                 [*_LI_WHO, 2022, "小学", "数学", 10], sheet="教育教学"),
            known=WITH_LI, good=(2, 3, 4), notice="第 4 行共 1 行没有可以保存的内容"),
    Torture("what would run as a formula", "公式注入.csv",
            text(HEAD, with_cells(LI, 姓名="=cmd|' /C calc'!A0"), with_cells(WANG, 姓名="+王芳")),
            good=(2, 3)),
)  # fmt: skip
