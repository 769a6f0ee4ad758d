"""Every relation of the vocabulary comes in by a file: one row of each, in one workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qiangshi.datacheck.naming import sheet_name
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.exchange import actions
from qiangshi_web.exchange.findings import findings
from qiangshi_web.exchange.models import WRITING
from qiangshi_web.jobs.working import work_off
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Actor, Area, Holding, Level
from qiangshi_web.kernel.registry import registers, vocabulary
from tests.web.exchange.files import book

if TYPE_CHECKING:
    from qiangshi.policy.vocabulary import Column, Relation
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

NOBODY_YET = "N-1"
A_LEDGER = "师德考核"


def cell(column: Column, relation: Relation, cast: Cast) -> Any:
    """A value that the column takes, referring to rows that are there or in the same workbook."""
    if column.id == relation.key:
        return NOBODY_YET if relation.id == "person" else f"K-{relation.id}"[:40]
    if column.of is not None:
        there = {"person": NOBODY_YET, "organisation": cast.school}
        return there.get(column.of, f"K-{column.of}"[:40])
    if column.codes is not None:
        return vocabulary().codes[column.codes].codes[0].label.zh
    if column.type in {"integer", "decimal"}:
        year = column.id in {relation.dated.year, relation.dated.school_year}
        return 2024 if year else max(1, column.at_least or 0)
    if column.label.zh == "台账名称":
        return A_LEDGER
    return {"boolean": "是", "date": "2025-06-02", "text": "甲"}[column.type]


def sheet(relation: Relation, cast: Cast) -> list[list[Any]]:
    columns = [column for column in relation.columns if column.required]
    if relation.id == "organisation":
        columns += [relation.by_id["parent_id"]]
    return [
        [column.label.zh for column in columns],
        [cell(column, relation, cast) for column in columns],
    ]


def everything() -> Actor:
    """Somebody at the top of the tree whom every area is open to."""
    top = Organisation.objects.get(parent=None)
    write = {area: frozenset({Level.WRITE}) for area in Area}
    holding = Holding("all", "全部", top.pk, top.name, top.path, frozenset(Area), write)
    return Actor(user_id=1, name="全权", person_id="", holdings=(holding,))


def test_a_row_of_every_relation_comes_in(cast: Cast) -> None:
    actor, at = everything(), clock.now()
    relations = [one.relation for one in registers().values()]
    content = book({sheet_name(relation): sheet(relation, cast) for relation in relations})
    place = Organisation.objects.get(parent=None)
    file = actions.hand_in(
        SimpleUploadedFile("全部.xlsx", content),
        organisation=place,
        on=at.date(),
        actor=actor,
        at=at,
    )
    work_off()
    file.refresh_from_db()
    actions.check(file, lambda *_: None, actor=actor, at=at)
    file.state = WRITING
    file.save()
    refused = [(one.sheet, one.column, one.value, one.reason) for one in findings(file)]
    actions.write(file.pk, lambda *_: None, actor=actor, at=at)

    file.refresh_from_db()
    told = file.summary
    assert refused == []
    assert told["recorded"] + told["corrected"] + told["unchanged"] == len(relations)
    assert told["recorded"] >= len(relations) - 1  # a school's finances of the year are there
