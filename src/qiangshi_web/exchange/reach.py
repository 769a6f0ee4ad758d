"""Whose rows are whose: what lies outside the actor's reach is refused, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi_web.contexts.organisations.queries import path_to_organisation
from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.records.checks import chunks
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.rights import AREA_OF_OWNER
from qiangshi_web.kernel.records.shapes import rows_of
from qiangshi_web.kernel.registry import register, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa
    from django.db.models import Model

    from qiangshi.policy.vocabulary import Relation
    from qiangshi_web.kernel.actors import Actor

_ELSEWHERE = "不在您的管理范围内；确属调入的，请由共同的上级单位办理调动"
_NOT_YOURS = "该编号的记录属于其他单位，不能由本单位更改"
_NOT_ALLOWED = "您的岗位不能写入“{label}”，请由有权限的人员导入"
_TOP_ONLY = "“{label}”属于全区域，只能由最上一级单位导入"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a record may not go in: its relation, its place among the good rows, the reason."""

    relation: str
    place: int
    column: str
    reason: str


def objections(tables: Mapping[str, pa.Table], actor: Actor) -> list[Objection]:
    """What in `tables`, relation → good rows, the actor may not write."""
    return [found for name, table in tables.items() for found in _against(name, table, actor)]


def _against(name: str, table: pa.Table, actor: Actor) -> Iterator[Objection]:
    relation = vocabulary().relations[name]
    paths = actor.reach(_area(relation), Level.WRITE)
    refusal = _wholly_refused(relation, actor)
    if refusal:
        yield from (Objection(name, place, "", refusal) for place in range(table.num_rows))
        return
    yield from _misplaced(relation, table, paths)
    yield from _taken(relation, table, paths)


def area_of_relation(relation: Relation) -> Area:
    """What one must be allowed to see to see any of a relation's rows."""
    about_people = "person" in (vocabulary().path_to(relation.id, "organisation") or ())
    return AREA_OF_OWNER.get(relation.owner, Area.PEOPLE if about_people else Area.FIGURES)


def _area(relation: Relation) -> Area:
    return AREA_OF_OWNER.get(relation.owner, Area.RECORDS)


def _wholly_refused(relation: Relation, actor: Actor) -> str:
    paths = actor.reach(Area.RECORDS, Level.WRITE)
    if not paths or not actor.may(_area(relation), Level.WRITE):
        return _NOT_ALLOWED.format(label=relation.label.zh)
    above = vocabulary().path_to(relation.id, "organisation")
    if above is None and min(path.count("/") for path in paths) > 1:
        return _TOP_ONLY.format(label=relation.label.zh)
    return ""


def _misplaced(relation: Relation, table: pa.Table, paths: Sequence[str]) -> Iterator[Objection]:
    """Rows about an organisation, a person or what else they belong to that lies elsewhere."""
    for column, model in _owners(relation):
        values = table.column(column).to_pylist()
        elsewhere = _outside(model, {value for value in values if value is not None}, paths)
        label = relation.by_id[column].label.zh
        for place, value in enumerate(values):
            if value in elsewhere:
                yield Objection(relation.id, place, label, f"{_ELSEWHERE}")


def _owners(relation: Relation) -> Iterator[tuple[str, type[Model]]]:
    """Columns that say to whom a row belongs, with the models that they refer to."""
    for column in relation.columns:
        if column.of is not None and column.of in {relation.belongs_to, "organisation"}:
            if column.of == "organisation" and column.id not in {"organisation_id", "parent_id"}:
                continue  # where somebody is sent or comes from may lie anywhere
            yield column.id, register(column.of).model


def _taken(relation: Relation, table: pa.Table, paths: Sequence[str]) -> Iterator[Objection]:
    """Rows whose number is that of a record elsewhere."""
    if relation.key is None:
        return
    values = table.column(relation.key).to_pylist()
    model = register(relation.id).model
    elsewhere = _outside(model, {value for value in values if value is not None}, paths)
    reason = _ELSEWHERE if relation.id in {"person", "organisation"} else _NOT_YOURS
    label = relation.by_id[relation.key].label.zh
    for place, value in enumerate(values):
        if value in elsewhere:
            yield Objection(relation.id, place, label, reason)


def _outside(model: type[Model], keys: set[Any], paths: Sequence[str]) -> set[Any]:
    """Those of the keys that are on record and belong to an organisation below none of `paths`."""
    way = _way(model)
    if way is None:
        return set()
    found = set()
    for some in chunks(sorted(keys)):
        rows = rows_of(model).filter(pk__in=some).values_list("pk", way)
        found |= {key for key, path in rows if path is None or not path.startswith(tuple(paths))}
    return found


def _way(model: type[Model]) -> str | None:
    """From a row to the path of its organisation."""
    if not issubclass(model, Fact):
        return "path"
    try:
        return f"{path_to_organisation(model)}__path"
    except ValueError:
        return None
