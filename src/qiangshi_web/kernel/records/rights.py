"""The right to write: every verb asks for it once, for all the rows of a write together.

Whoever has signed in needs the level `write` where each row lies, both before the write and after
it: in the records, and in the area of the ledger where that is one apart. What nobody signed in
for (a command, a subscription, a made-up region) has no right to ask for. What is done by another
right than this one goes under `circumstances.by_right_of`, which says by which.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from qiangshi_web.kernel.actors import Area, Level
from qiangshi_web.kernel.records.checks import chunks
from qiangshi_web.kernel.records.circumstances import present
from qiangshi_web.kernel.records.grounds import refuse
from qiangshi_web.kernel.records.shapes import rows_of, shape_of
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model

    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.records.shapes import Row, Shape

AREA_OF_OWNER = {"ethics": Area.ETHICS, "pay": Area.PAY, "wellbeing": Area.HEALTH}
"""Contexts whose ledgers are areas apart."""

_ELSEWHERE = "“{label}”中有不在您管理范围内的记录，请由其所在单位或共同的上级单位办理"
_NOT_ALLOWED = "您的岗位不能写入“{label}”，请由有权限的人员办理"
_TOP_ONLY = "“{label}”属于全区域，只能由最上一级单位办理"

Places = dict[tuple["type[Model]", str], dict[object, str]]
"""Model and way to the tree → number → path."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What a row belongs to: the column that says so, its model, the way from there to a path."""

    column: str
    model: type[Model]
    way: str


def require_right(shape: Shape, rows: Iterable[Row | None], actor: Actor) -> None:
    """Refuse rows, as they were and as they are to be, that the actor may not write."""
    if actor.user_id is None or present().right:
        return
    label = str(shape.model._meta.verbose_name)
    reach = _reach(actor, AREA_OF_OWNER.get(shape.model._meta.app_label))
    if not reach:
        raise refuse(_NOT_ALLOWED.format(label=label))
    owners = owners_of(shape.model)
    told = [row for row in rows if row is not None]
    if owners is None:
        if shape.model.vocabulary_relation and min(path.count("/") for path in reach) > 1:
            raise refuse(_TOP_ONLY.format(label=label))
        return
    places = _places(owners, told)
    if not all(_lies_within(row, shape, owners, places, reach) for row in told):
        raise refuse(_ELSEWHERE.format(label=label))


def _reach(actor: Actor, apart: Area | None) -> tuple[str, ...]:
    """The subtrees in which the actor writes records, and in the area apart where there is one."""
    records = actor.reach(Area.RECORDS, Level.WRITE)
    if apart is None:
        return records
    own = actor.reach(apart, Level.WRITE)
    both = {path for path in records if path.startswith(own)}
    return tuple(both | {path for path in own if path.startswith(records)})


@cache
def owners_of(model: type[Fact]) -> tuple[Owner, ...] | None:
    """By what the place of a row is found; None for what lies nowhere in particular.

    A person's state is written by those of both her school and the one that it names.
    """
    relation = model.vocabulary_relation or model.state_of
    steps = vocabulary().path_to(relation, "organisation") if relation else None
    if steps is None:
        return None
    way = list(steps if model.state_of else steps[1:])
    field = model._meta.get_field(way[0])
    columns = shape_of(model).columns
    if field.attname not in columns:  # type: ignore[union-attr] # a column, by the vocabulary
        return (Owner(model._meta.pk.attname, model, "__".join([*way, "path"])),)
    first = Owner(field.attname, field.related_model, "__".join([*way[1:], "path"]))  # type: ignore[union-attr, arg-type] # a reference, by the vocabulary
    others = [
        Owner(name, target, "path")
        for name, target in shape_of(model).references.items()
        if model.state_of and name in {"organisation_id", "parent_id"} and name != first.column
    ]
    return (first, *others)


def _places(owners: Iterable[Owner], rows: Iterable[Row]) -> Places:
    """The paths of all that the rows belong to: a query for each kind of owner."""
    keys: dict[tuple[type[Model], str], set[object]] = defaultdict(set)
    for row in rows:
        for owner in owners:
            keys[owner.model, owner.way].add(row.get(owner.column))
    return {
        (model, way): dict(_paths(model, way, wanted - {None}))
        for (model, way), wanted in keys.items()
    }


def _paths(model: type[Model], way: str, keys: set[object]) -> Iterator[tuple[object, str]]:
    for some in chunks(list(keys)):
        found = rows_of(model).filter(pk__in=some).values_list("pk", way)
        yield from ((key, path) for key, path in found if path)


def _lies_within(
    row: Row, shape: Shape, owners: tuple[Owner, ...], places: Places, reach: tuple[str, ...]
) -> bool:
    """Whether all that is known of a row's place is in reach, and something is.

    Who has no place yet, a person just recorded, is placed by what is written next.
    """
    known = [places[one.model, one.way].get(row.get(one.column)) for one in owners]
    stated = [path for path in known if path is not None]
    if not stated:
        return owners[0].model is shape.model
    return all(path.startswith(reach) for path in stated)
