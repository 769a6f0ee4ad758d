"""The first files of a new plan, ready to be filled and already clean to check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qiangshi.errors import QiangshiError

if TYPE_CHECKING:
    from pathlib import Path

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")

PLAN = """\
# 方案基本信息：名称、发文机关、有效期、适用范围、上位方案。
id: {id}
title: {{zh: {title}, en: {title}}}
issuer: {{zh: 发文机关, en: Issuer}}
validity: {{since: {since}, until: {until}}}
level: county
region: {{zh: 地区, en: Region}}
parents: []
"""

CLAUSES = """\
# 条款目录：path 为条款编号，term 为该条款原文中的一个词（不超过 12 字），用于核对。
- {path: 一, label: {zh: 第一条, en: First clause}}
"""

PROVISIONS = """\
# 每一项要求一条，写明由什么承载（carried_by）。用自己的话概括，不抄原文。
- id: "1.a"
  clause: 一
  shape: task
  subject: county
  summary: {zh: 写明要做的事, en: Say what must be done}
  carried_by: ["task:first-task"]
"""

TASKS = """\
# 任务：谁负责，何时完成或多久一次，凭什么证明做到。
- id: first-task
  clause: 一
  title: {zh: 第一项任务, en: First task}
  summary: {zh: 写明要做的事, en: Say what must be done}
  owners: [教育行政部门]
  recurs: year
  evidence: {zh: 写明佐证材料, en: Name the evidence}
"""


def start_plan(root: Path, plan_id: str, *, title: str, since: int, until: int) -> Path:
    """Write the skeleton of plan `plan_id` for the years `since`..`until`; returns its folder.

    Raises QiangshiError when the id is not fit for a folder or the folder exists.
    """
    if not _SLUG.fullmatch(plan_id):
        raise QiangshiError(f"方案标识应由小写字母、数字和连字符组成，现为 {plan_id!r}")
    folder = root / "regions" / plan_id
    if folder.exists():
        raise QiangshiError(f"已有方案目录：{folder}")
    folder.mkdir(parents=True)
    head = PLAN.format(id=plan_id, title=title, since=f"{since}-01-01", until=f"{until}-12-31")
    files = {
        "plan.yaml": head,
        "clauses.yaml": CLAUSES,
        "provisions.yaml": PROVISIONS,
        "tasks.yaml": TASKS,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
