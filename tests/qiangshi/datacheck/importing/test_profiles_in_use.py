"""Tables of the national system and of a school's ledger become records of ours."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.datacheck.importing import GOOD, HELD, CheckedFile, Known
from tests.qiangshi.datacheck.importing.conftest import PEOPLE, SCHOOLS, WORDS, faults, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[..., CheckedFile]

BASIC = [
    "姓名",
    "性别",
    "身份证件号",
    "民族",
    "教职工类别",
    "是否在编",
    "人员状态",
    "进本校年月",
    "学校名称",
]
WHO = ["姓名", "身份证件号"]
LI = ["李明", "11010519491231002X"]


def test_a_person_on_record_is_known_by_her_number_and_another_is_new(check: Check) -> None:
    checked = check(
        {
            "基本信息": [
                BASIC,
                [*LI[:1], "女", LI[1], "01", "教师", "是", "在职", "201509", "第一小学"],
                [
                    "赵六",
                    "男",
                    "410105198203040011",
                    "汉",
                    "教师",
                    "否",
                    "退休",
                    "2020年9月",
                    "第二小学",
                ],
            ]
        },
        key_salt=b"secret",
    )
    assert faults(checked) == []
    people = rows(checked, "person")
    assert people[0]["person_id"] == "P1"
    assert people[1]["person_id"].startswith("x")
    assert checked.verdicts.column("is_new").to_pylist() == [False, True]
    assert people[0]["in_post_since"] == date(2015, 9, 1)
    assert people[0]["is_temporarily_hired"] is False


def test_education_codes_say_level_and_whether_it_was_completed(check: Check) -> None:
    head = [*WHO, "学历", "获得学历的院校或机构", "入学年月", "毕业年月", "学位层次", "学习方式"]
    checked = check(
        {
            "学习经历": [
                head,
                [*LI, "21", "河南大学", "199809", "200207", "4", "全日制教育"],
                [*LI, "大学本科肄业", "某大学", "200309", "200507", None, "函授"],
                [*LI, "研究生毕业", "某大学", "200509", "200807", "硕士学位", "别的"],
            ]
        }
    )
    assert faults(checked) == []
    told = [
        (r["education_level"], r.get("is_completed"), r.get("degree"), r["route"])
        for r in rows(checked, "education_history")
    ]
    assert told == [
        ("bachelor", True, "bachelor", "full_time"),
        ("bachelor", False, None, "in_service"),
        ("master", None, "master", "other"),
    ]
    assert {r["person_id"] for r in rows(checked, "education_history")} == {"P1"}


def test_former_employers_elsewhere_are_left_out_and_told(check: Check) -> None:
    checked = check(
        {
            "工作经历": [
                [*WHO, "任职单位名称", "任职开始年月", "任职结束年月"],
                [*LI, "外地中学", "199809", "200207"],
                [*LI, "第二小学", "200209", None],
            ]
        }
    )
    assert faults(checked) == []
    assert rows(checked, "employment") == [
        {"person_id": "P1", "organisation_id": "S2", "valid_from": date(2002, 9, 1)}
    ]
    assert any("1 条“任职经历”的单位不在名册里" in notice.text_zh for notice in checked.notices)


def test_one_table_of_ethics_holds_three_kinds_of_records(check: Check) -> None:
    head = [*WHO, "师德考核时间", "师德考核结论", "荣誉级别", "荣誉称号", "荣誉发生日期"]
    head += ["处分类别", "处分原因", "处分日期", "处分撤销日期"]
    checked = check(
        {
            "师德信息": [
                head,
                [*LI, "2023-12", "优秀", None, None, None, None, None, None, None],
                [*LI, None, None, "市级", "师德标兵", "2022-09", None, None, None, None],
                [*LI, None, None, None, None, None, "警告", "有偿补课", "2021-03-01", "2021-09-01"],
            ]
        }
    )
    assert faults(checked) == []
    assert [r["year"] for r in rows(checked, "ethics_appraisal")] == [2023]
    assert [(r["kind"], r["level"]) for r in rows(checked, "honour")] == [
        ("ethics_exemplar", "city")
    ]
    assert [(r["kind"], r["sanction"]) for r in rows(checked, "ethics_decision")] == [
        ("paid_tutoring", "warning")
    ]


def test_several_certificates_in_one_cell_are_several_records(check: Check) -> None:
    checked = check(
        {
            "技能及证书": [
                [*WHO, "证书类型", "证书编号", "获证年月"],
                [*LI, "1.心理咨询师\n2.职业资格证书", "A1\nB2", "201508\n2018年3月"],
                [*LI, "心理咨询师；双师型教师", "A3", "2019-01"],
                [*LI, "心理咨询师\n双师型教师\n其他", "A4\nB5", "2019-01"],
                [*LI, "心理咨询师\n双师型教师", "A6", "2019-01\n某日"],
            ]
        }
    )
    assert [(r["kind"], r["number"], r["valid_from"]) for r in rows(checked, "certificate")] == [
        ("counsellor", "A1", date(2015, 8, 1)),
        ("occupational_skill", "B2", date(2018, 3, 1)),
        ("counsellor", "A3", date(2019, 1, 1)),
        ("dual_qualified", "A3", date(2019, 1, 1)),
    ]
    assert [(row, column) for row, column, _ in faults(checked)] == [
        (4, "证书类型、证书编号、获证年月"),
        (5, "获证年月"),
    ]


def test_registrations_stand_beside_the_certificate(check: Check) -> None:
    head = [
        *WHO,
        "教师资格证种类",
        "教师资格证号码",
        "证书颁发日期",
        "首次注册日期",
        "定期注册日期",
    ]
    checked = check(
        {
            "教师资格": [
                [*head, "定期注册结论"],
                [*LI, "小学教师资格", "2001410001", "200107", "201512", "202012", "注册合格"],
                [*LI, None, None, None, None, "202112", "暂缓注册"],
            ]
        }
    )
    assert faults(checked) == []
    assert [
        (r["decided_on"].year, r["is_first"], r["conclusion"])
        for r in rows(checked, "registration")
    ] == [(2015, True, "passed"), (2020, False, "passed"), (2021, False, "deferred")]


@pytest.mark.parametrize(
    ("who", "part"),
    [
        (["李小明", "11010519491231002X"], "另一个姓名"),
        (["无名", "410105199001010011"], "没有这一身份证件号"),
        (["无名", None], "没有叫“无名”的教职工"),
        (["张伟", None], "有 2 名“张伟”"),
        ([None, None], "没有填写教师编号"),
        (["李明", "110105194912310021"], "校验不符"),
    ],
)
def test_a_row_about_nobody_says_why(who: list[Any], part: str, check: Check) -> None:
    checked = check({"年度考核": [[*WHO, "年度", "考核结果"], [*who, 2023, "优秀"]]})
    assert rows(checked, "appraisal") == []
    assert part in faults(checked)[0][2]


def test_namesakes_are_told_apart_by_their_school(check: Check) -> None:
    head = ["姓名", "学校名称", "年度", "考核结果"]
    checked = check({"年度考核": [head, ["张伟", "第二小学", 2023, "合格"]]})
    assert [r["person_id"] for r in rows(checked, "appraisal")] == ["P4"]


def test_a_school_that_is_not_on_the_register_is_told_with_what_was_meant(check: Check) -> None:
    head = ["姓名", "性别", "教职工类别", "教职工号", "学校名称"]
    checked = check({"基本信息": [head, ["赵六", "男", "教师", "P9", "第一小"]]})
    assert faults(checked) == [(2, "学校名称", "名册里没有学校“第一小”，是否应为“第一小学”")]


def test_the_file_of_one_school_need_not_name_it(check: Check) -> None:
    head = ["姓名", "性别", "教职工类别", "教职工号"]
    checked = check({"基本信息": [head, ["赵六", "男", "教师", "P9"]]}, at="S2")
    assert [(r["person_id"], r["organisation_id"]) for r in rows(checked, "person")] == [
        ("P9", "S2")
    ]


def test_one_who_may_be_on_record_waits_for_a_decision(check: Check) -> None:
    head = ["姓名", "性别", "教职工类别", "身份证件号", "学校名称"]
    moved = {"基本信息": [head, ["王芳", "女", "教师", "41010519820304002X", "第一小学"]]}
    checked = check(moved)
    assert (checked.count(HELD), checked.rows_good, faults(checked)) == (1, 0, [])
    (question,) = checked.questions.to_pylist()
    assert (question["row"], question["person_id"], question["holds"]) == (2, "P2", True)
    assert "姓名相同，单位相同" in question["reasons"]
    same = check(moved, decisions={(0, 2): "P2"})
    assert [r["person_id"] for r in rows(same, "person")] == ["P2"]
    other = check(moved, decisions={(0, 2): "new"})
    assert rows(other, "person")[0]["person_id"] not in {"P1", "P2", "P3", "P4"}


def test_a_school_ledger_gives_person_office_and_registration(check: Check) -> None:
    head = [
        "序号",
        "单位全称",
        "姓名",
        "性别",
        "身份证号码",
        "岗位",
        "岗位职务",
        "在现单位任现职时间",
    ]
    head += ["职称", "最高学历及专业", "教师资格定期注册有效期起止时间", "是否任班主任"]
    checked = check(
        {
            "教职工花名册": [
                ["某县第一小学教职工花名册"],
                head,
                [1, "第一小学", *LI[:1], "女", LI[1], "教师", "教导主任", "2019.09",
                 "小学一级教师（2015）", "本科 汉语言文学 河南大学", "2018.09-2023.09", "√"],
            ]
        },
        "school-ledger",
    )  # fmt: skip
    assert faults(checked) == []
    person = rows(checked, "person")[0]
    assert (person["title_rank"], person["education_level"]) == ("second", "bachelor")
    assert rows(checked, "post_holding")[0]["kind"] == "middle_manager"
    assert rows(checked, "registration")[0]["valid_to"] == date(2023, 9, 30)


def test_every_value_that_a_profile_lists_is_a_value_of_ours() -> None:
    from qiangshi.datacheck.profiles import load_profile, profile_ids

    assert profile_ids() == [
        "template",
        "jyt-1002-staff",
        "national-teacher-system",
        "school-ledger",
    ]
    for name in profile_ids():
        assert load_profile(name, vocabulary=WORDS).id == name


def test_the_same_file_again_brings_nothing_new(check: Check) -> None:
    sheets = {
        "基本信息": [
            BASIC,
            ["赵六", "男", "410105198203040011", "汉", "教师", "否", "退休", "202009", "第二小学"],
            ["孙七", "女", None, "汉", "教师", "是", "在职", "201509", "第一小学"],
            ["钱八", None, "E12345678", "汉", "教师", "是", "在职", "2015", "第一小学"],
        ]
    }
    empty = Known(people=PEOPLE.slice(0, 0), organisations=SCHOOLS)
    first = check(sheets, key_salt=b"secret", known=empty)
    known = Known(
        people=first.tables["person"].select([*PEOPLE.column_names, "born_on"]),
        organisations=SCHOOLS,
    )
    again = check(sheets, key_salt=b"secret", known=known)
    assert first.tables == again.tables
    assert [row["is_new"] for row in first.verdicts.to_pylist() if row["verdict"] == GOOD] == [
        True
    ] * first.rows_good
    assert not any(row["is_new"] for row in again.verdicts.to_pylist())
    assert again.questions.num_rows == 0
