"""Accounts for everybody at once: each with a first password, handed out as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import xlsxwriter
from django.db import transaction

from qiangshi_web.contexts.people.queries import staff_under
from qiangshi_web.identity.actions import grant_role
from qiangshi_web.identity.queries import people_with_accounts
from qiangshi_web.kernel import clock
from qiangshi_web.signon.actions import issue_account

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from qiangshi_web.kernel.actors import Actor

_HEAD = ("机构编号", "教师编号", "姓名", "账号", "初始密码")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Issued:
    """How many accounts were opened, and how many people had one."""

    opened: int
    had: int


@transaction.atomic
def issue_accounts(organisation_id: str, *, out: Path, actor: Actor, at: datetime) -> Issued:
    """An account, as a teacher at her own school, for everybody there and below who has none.

    The account is named after the person's number. The workbook is written before anything is
    kept: without it nobody could use the accounts. Doing it again opens those of newcomers only.
    """
    today = clock.today()
    states = staff_under(organisation_id, today).iterator(chunk_size=_BATCH)
    rows, had = [], 0
    while batch := list(islice(states, _BATCH)):
        known = people_with_accounts([state.person_id for state in batch])
        had += len(known)
        for state in batch:
            if state.person_id in known:
                continue
            user, password = issue_account(
                username=state.person_id.lower(),
                name=state.person.name,
                person_id=state.person_id,
                actor=actor,
                at=at,
            )
            place = state.organisation_id
            grant_role(user=user, role="teacher", organisation_id=place, valid_from=today)
            rows.append((place, state.person_id, state.person.name, user.username, password))
    _write(out, rows)
    return Issued(opened=len(rows), had=had)


def _write(out: Path, rows: Sequence[tuple[str, ...]]) -> None:
    out.touch(mode=0o600)
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("账号")
        for number, row in enumerate([_HEAD, *rows]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
