"""Canonical conditions taken apart once: what joins them, and the comparisons that they join.

The same for every snapshot. A comparison keeps its text, so that whatever was compared once for
one condition is known when another asks the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sqlglot import expressions as exp

from qiangshi.measure.canonical import DIALECT, parsed


@dataclass(frozen=True, slots=True)
class Fixed:
    """True, false or unknown of everybody."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Joined:
    """AND or OR of two conditions."""

    word: Literal["and", "or"]
    left: Step
    right: Step


@dataclass(frozen=True, slots=True)
class Denied:
    """NOT of a condition."""

    inner: Step


@dataclass(frozen=True, slots=True)
class Settled:
    """Whether a condition is true, is false, or (None) is unknown; never unknown itself."""

    inner: Step
    value: bool | None


@dataclass(frozen=True, slots=True)
class Atom:
    """A comparison, a column of truths, or a test for missing values: the tree and its text.

    `measures` are the ids of the measures in it, which another plan may number otherwise.
    """

    tree: exp.Expr
    text: str
    measures: tuple[str, ...]


Step = Fixed | Joined | Denied | Settled | Atom


@lru_cache(maxsize=8192)
def steps_of(text: str) -> Step:
    """A canonical condition taken apart."""
    return _step(parsed(text))


def _step(node: exp.Expr) -> Step:
    match node:
        case exp.Paren():
            return _step(node.this)
        case exp.And():
            return Joined("and", _step(node.this), _step(node.expression))
        case exp.Or():
            return Joined("or", _step(node.this), _step(node.expression))
        case exp.Not():
            return Denied(_step(node.this))
        case exp.Boolean():
            return Fixed(bool(node.this))
        case exp.Null():
            return Fixed(None)
        case exp.Is() if isinstance(node.expression, exp.Boolean) or _is_condition(node.this):
            wanted = node.expression
            value = None if isinstance(wanted, exp.Null) else bool(wanted.this)
            return Settled(_step(node.this), value)
    return _atom(node)


def _is_condition(node: exp.Expr) -> bool:
    """Whether IS is said of a condition, and not of a value that may be missing."""
    bare = node.unnest()
    joined = (exp.And, exp.Or, exp.Not, exp.Between, exp.In, exp.Is, exp.Boolean)
    compared = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
    return isinstance(bare, (*joined, *compared))


def _atom(node: exp.Expr) -> Atom:
    names = dict.fromkeys(one.name for one in node.find_all(exp.Column) if not one.table)
    return Atom(node, str(node.sql(dialect=DIALECT)), tuple(names))
