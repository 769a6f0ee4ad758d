"""Rows that two standards of a plan might count: who counts them, by the plan's `overlap`.

`shared`: both do. `exclusive`: whichever stands first in the plan does, where it binds the subject;
the others leave out its rows. What is claimed is a condition over rows, so every engine carries it
out without knowing of overlaps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import expressions as exp

from qiangshi.measure.canonical import DIALECT, all_of, parsed
from qiangshi.policy.models import Standard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.measure.registers import Registers
    from qiangshi.policy.models import Counted, Item, Plan


def unclaimed(plan: Plan, item: Item, counted: Counted, registers: Registers) -> tuple[str, ...]:
    """Conditions over the rows that `counted` counts: not claimed by a standard before this one."""
    others = list(before(plan, item))
    if not others:
        return ()
    relation = registers.vocabulary.measures[counted.measure].relation
    own = registers.where(counted, item.values)
    found = []
    for other in others:
        for theirs in other.measures.values():
            if registers.vocabulary.measures[theirs.measure].relation != relation:
                continue
            where = registers.where(theirs, other.values)
            if not _exclude_each_other(own, where):
                found.append(_not(all_of(_bound(other, registers), where)))
    return tuple(found)


def before(plan: Plan, item: Item) -> Iterator[Standard]:
    """Standards that stand before an item in the plan and share no row with it."""
    if not isinstance(item, Standard):
        return
    for other in plan.known.values():
        if not isinstance(other, Standard):
            continue
        if other.id == item.id:
            return
        if other.subject == item.subject and (_shuts_out(item, other) or _shuts_out(other, item)):
            yield other


def _shuts_out(one: Standard, other: Standard) -> bool:
    told = one.overlap
    return told is not None and told.policy == "exclusive" and other.id in told.others


def _bound(item: Standard, registers: Registers) -> str:
    return registers.text(
        item.population, item.subject, counted={}, measures={}, values=item.values
    )


def _not(text: str) -> str:
    return str(exp.not_(parsed(text)).sql(dialect=DIALECT))


def _exclude_each_other(one: str, other: str) -> bool:
    """Whether both ask another value of the same column: no row can satisfy the two."""
    asked, wanted = _asked(one), _asked(other)
    return any(column in wanted and wanted[column] != value for column, value in asked.items())


def _asked(text: str) -> dict[str, str]:
    """Column → the literal that it must equal."""
    return {
        part.left.sql(): part.right.sql()
        for part in _joined(parsed(text))
        if isinstance(part, exp.EQ) and isinstance(part.right, exp.Literal)
    }


def _joined(tree: exp.Expr) -> Iterator[exp.Expr]:
    """All that a condition joins by AND, however it is put in brackets."""
    inner = tree.unnest()
    if isinstance(inner, exp.And):
        yield from _joined(inner.left)
        yield from _joined(inner.right)
    else:
        yield inner
