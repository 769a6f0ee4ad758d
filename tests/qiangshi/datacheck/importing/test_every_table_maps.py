"""Every table of every profile: its headings are known, each kind of row becomes a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qiangshi.datacheck.ledgers import code_list_of
from qiangshi.datacheck.profiles import load_profile
from qiangshi.datacheck.profiles.models import FINDERS, NOT_STATED, split_target
from tests.qiangshi.datacheck.importing.conftest import WORDS, faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.datacheck.profiles import Profile, ProfileTable
    from qiangshi.policy.vocabulary import Column

PROFILES = {
    name: load_profile(name, vocabulary=WORDS)
    for name in ("national-teacher-system", "jyt-1002-staff", "school-ledger")
}
TABLES = [
    (profile, table) for profile in PROFILES.values() for table in profile.tables if table.rows
]
# Names of the national system's tables, as public code shows them.
NATIONAL = [
    "教师首次注册",
    "教师定期注册",
    "教师资格",
    "岗位聘任",
    "专业技术职务聘任",
    "交流轮岗",
    "年度考核",
    "师德考核",
    "师德荣誉",
    "师德处分",
    "入选人才项目",
    "基本待遇",
    "教育教学",
    "学习经历",
    "工作经历",
    "国内培训",
    "海外研修",
    "培训项目",
    "培训结果",
    "培训结果补录",
    "语言能力",
    "证书",
    "其他技能",
    "获奖",
    "论文",
    "著作",
    "课题",
    "专利",
    "文艺作品",
    "咨询报告",
    "标准",
    "指导学生获奖",
    "联系方式",
]
PERSON = {
    "name": "李明",
    "id_number": "11010519491231002X",
    "person_id": "P1",
    "born_on": "1949-12-31",
    "organisation_id": "S1",
    "code": "4111010001",
}
_UNTIL = frozenset({"valid_to", "until", "retires_on"})


def cell(profile: Profile, table: ProfileTable, target: str, how: Any) -> Any:
    """A cell that one target of a heading takes."""
    group, column_id = split_target(target)
    if group in FINDERS:
        return "第一小学" if target == "where.name" else PERSON[column_id]
    relation = WORDS.relations[table.groups[group].relation]
    if relation.id == "person" and column_id in PERSON:
        return PERSON[column_id]
    if how.values is not None:
        named = profile.values[how.values].items()
        return next(names[0] for value, names in named if value != NOT_STATED and names[0] != "*")
    column = relation.by_id[column_id]
    codes = code_list_of(column, relation, WORDS)
    if codes is not None:
        return "女" if column_id == "sex" else codes.codes[0].label.zh
    if how.reads is not None:
        return {"year_start": "2015", "year_end": "2019"}.get(how.reads, "2015-09至2019-08")
    is_year = column_id in {relation.dated.year, relation.dated.school_year}
    return "2024" if is_year else plain(column)


def plain(column: Column) -> Any:
    """A value of a column without codes."""
    match column.type:
        case "date":
            return "2019-08" if column.id in _UNTIL else "2015-09"
        case "integer" | "decimal":
            return 2
        case "boolean":
            return "是"
    return "甲乙丙"


def filled(profile: Profile, table: ProfileTable) -> list[list[Any]]:
    """All headings of a table and one row below them."""
    columns = profile.columns_of(table)
    row = [
        "".join(
            str(one)
            for one in dict.fromkeys(
                cell(profile, table, target, how)
                for target, how in list(column.to.items())[: None if contains(column.to) else 1]
            )
        )
        for column in columns
    ]
    return [[column.header for column in columns], row]


def contains(to: Any) -> bool:
    """Whether a heading's text holds several things at once."""
    return all(how.reads == "contains" for how in to.values())


@pytest.mark.parametrize(
    ("profile", "table"), TABLES, ids=[f"{profile.id}:{table.id}" for profile, table in TABLES]
)
def test_every_kind_of_row_becomes_a_record(
    profile: Profile, table: ProfileTable, check: Callable[..., Any]
) -> None:
    checked = check({table.label.zh: filled(profile, table)}, profile=profile.id, rules=())
    assert faults(checked) == []
    assert not any("不认识" in notice.text_zh for notice in checked.notices)
    relations = {rows.relation for rows in table.rows}
    assert {name for name, found in checked.tables.items() if found.num_rows} == relations


@pytest.mark.parametrize("name", NATIONAL)
def test_every_table_of_the_national_system_has_its_headings(name: str) -> None:
    tables = PROFILES["national-teacher-system"].tables
    (table,) = [one for one in tables if name in (one.label.zh, *one.names)]
    assert table.columns


def test_all_headings_that_were_seen_are_known() -> None:
    counted = {
        profile.id: sum(len(table.columns) for table in profile.tables)
        for profile in PROFILES.values()
    }
    assert counted == {"national-teacher-system": 144, "jyt-1002-staff": 19, "school-ledger": 40}
