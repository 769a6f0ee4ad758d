"""Everything that is kept of a person, in words: sections of rows, as a workbook and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils.timezone import localtime

from qiangshi_web.audit.queries import openings_of
from qiangshi_web.casework.queries import kind
from qiangshi_web.filing.ledgers import ledgers
from qiangshi_web.filing.queries import names_of
from qiangshi_web.filing.requests import requests_visible_to
from qiangshi_web.filing.sight import sight_of_person
from qiangshi_web.filing.words import cells
from qiangshi_web.identity.queries import User, grants_in_force
from qiangshi_web.identity.roles import AREA_LABELS, ROLES
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.records.values import read_back, row_of
from qiangshi_web.kernel.superseded import Superseded
from qiangshi_web.privacy.queries import held_of, own_cases, readers_of
from qiangshi_web.signon.queries import agreed_to, directories_telling_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from qiangshi.policy.privacy import Retention
    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.filing.queries import Kept
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.privacy.queries import Held

_SHEET = 31  # characters that a workbook's sheet may be called by
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "·"))


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind, with what heads their columns."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def everything(actor: Actor, person: Person, on: date) -> list[Section]:
    """All that is kept of the actor herself, as she may see it; in Chinese.

    Numbers of papers show their last characters: the whole is shown by who checks papers.
    """
    sight = sight_of_person(actor, person)
    held = held_of(person, sight)
    kept = [one for part in held for one in part.kept]
    return [
        _purposes(held),
        *(_ledger(one, sight) for one in kept),
        _earlier(kept, sight),
        _cases(actor),
        _corrections(actor),
        _openings(actor),
        _recipients(actor),
        _account(actor, on),
    ]


def in_years(retention: Retention) -> str:
    """How long something is kept, in Chinese."""
    words = {"lasting": "长期", "consent": "至本人撤回同意", "open": "待核实"}
    return words.get(retention.kind, f"{retention.years}年")


def _purposes(held: list[Held]) -> Section:
    rows = [
        (
            one.purpose.label.zh,
            one.purpose.what.zh,
            "" if one.count is None else str(one.count),
            f"{one.purpose.basis.why.zh}（个人信息保护法{one.purpose.basis.clause.zh}）",
            in_years(one.purpose.retention),
            "、".join(role.label for role in readers_of(one.purpose)),
        )
        for one in held
    ]
    heads = ("类别", "内容", "条数", "处理依据", "保管期限", "可查看的岗位")
    return Section("处理目的", heads, tuple(rows))


def _ledger(kept: Kept, sight: Sight) -> Section:
    shape = kept.ledger.shape
    names = names_of({kept.ledger: kept.facts})
    told = [cells(kept.ledger, row_of(fact, shape), sight, names) for fact in kept.facts]
    heads = tuple(cell.label for cell in told[0])
    rows = tuple(
        (
            *(cell.text if cell.is_known else "" for cell in row),
            _instant(fact.known_from),
            fact.recorded_by,
        )
        for row, fact in zip(told, kept.facts, strict=True)
    )
    return Section(kept.ledger.label, (*heads, "记入时间", "记入人"), rows)


def _earlier(kept: list[Kept], sight: Sight) -> Section:
    """What was believed before of the facts that still stand."""
    rows: list[tuple[str, ...]] = []
    for one in kept:
        keys = [fact.key for fact in one.facts]
        for old in Superseded.objects.filter(relation=one.ledger.name, key__in=keys):
            row = read_back(old.row, one.ledger.shape)
            said = "；".join(
                f"{cell.label}：{cell.text}"
                for cell in cells(one.ledger, row, sight, names_of({}))
                if cell.is_known
            )
            rows.append(
                (one.ledger.label, said, _instant(old.known_from), _instant(old.known_to), old.by)
            )
    return Section(
        "更正前的记载", ("台账", "原记载", "记入时间", "失效时间", "更正人"), tuple(rows)
    )


def _cases(actor: Actor) -> Section:
    rows = tuple(
        (
            str(one.pk),
            one.title,
            kind(one).places[one.place].label,
            _day(one.opened_on),
            _day(one.ended_on),
        )
        for one in own_cases(actor)
    )
    return Section("办件", ("编号", "事项", "环节或结果", "发起日期", "办结日期"), rows)


def _corrections(actor: Actor) -> Section:
    rows = tuple(
        (
            ledgers()[one.ledger].label,
            one.state_label,
            one.reason,
            _instant(one.asked_at),
            one.answer,
        )
        for one in requests_visible_to(actor).filter(person=actor.person_id)
    )
    return Section("更正申请", ("台账", "状态", "理由", "申请时间", "答复"), rows)


def _openings(actor: Actor) -> Section:
    rows = tuple(
        (_instant(one.at), one.actor, one.on_behalf_of, _areas(one.after), one.reason)
        for one in openings_of(actor)
    )
    return Section("查看敏感信息的记录", ("时间", "查看人", "代表", "查看内容", "事由"), rows)


def _areas(told: Any) -> str:
    return "、".join(AREA_LABELS[Area(area)] for area in (told or {}).get("areas", ()))


def _recipients(actor: Actor) -> Section:
    user_id = actor.user_id or 0
    rows: list[tuple[str, ...]] = [
        (one.platform.name, "本人同意", one.platform.purpose, _instant(one.began_at))
        for one in agreed_to(user_id)
    ]
    rows += [
        (one.name, "账号目录", "账号与岗位同步", _instant(one.issued_at))
        for one in directories_telling_of(user_id)
    ]
    return Section("接收个人信息的平台", ("名称", "方式", "用途", "起始时间"), tuple(rows))


def _account(actor: Actor, on: date) -> Section:
    user = User.objects.get(pk=actor.user_id or 0)
    rows: list[tuple[str, ...]] = [("账号", user.username, "", "")]
    rows += [
        (
            "授权",
            f"{ROLES[one.role].label} · {one.organisation.name}",
            _day(one.valid_from),
            _day(one.valid_to),
        )
        for one in grants_in_force(user, on)
    ]
    return Section("账号与授权", ("类别", "内容", "起始日期", "截止日期"), tuple(rows))


def _instant(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


def _day(on: date | None) -> str:
    return "" if on is None else f"{on:%Y-%m-%d}"


def write_workbook(sections: list[Section], path: Path) -> None:
    """A sheet for each section; texts stay texts, whatever they look like."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        for number, section in enumerate(sections, 1):
            name = f"{number} {section.label}".translate(_FORBIDDEN)[:_SHEET]
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, row in enumerate((section.heads, *section.rows)):
                for column, text in enumerate(row):
                    sheet.write_string(place, column, text, bold if place == 0 else None)
            sheet.autofit()


def write_json(sections: list[Section], path: Path) -> None:
    """An object for each section: its rows as objects under their heads."""
    told = {
        section.label: [dict(zip(section.heads, row, strict=True)) for row in section.rows]
        for section in sections
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
