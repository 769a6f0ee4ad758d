"""A condition taken apart: what each comparison has, what it needs, and what is short.

Comparisons joined by AND must all hold; those under an OR are alternatives, numbered by group and
branch: of the branches of a group one suffices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import expressions as exp

from qiangshi.measure.wording import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.measure.wording import Wording

Operator = Literal[">=", "<=", ">", "<", "=", "<>", "in", "not in", "holds"]
Branch = tuple[int, int]

_OPERATORS: dict[type[exp.Expr], Operator] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
_TURNED: dict[Operator, Operator] = {
    ">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "=", "<>": "<>",
}  # fmt: skip
_DENIED: dict[Operator, Operator] = {
    ">=": "<", "<": ">=", "<=": ">", ">": "<=", "=": "<>", "<>": "=", "in": "not in",
    "not in": "in",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison of a condition, as trees. `holds` stands for any other condition."""

    condition: exp.Expr
    left: exp.Expr
    op: Operator
    right: tuple[exp.Expr, ...]
    denied: bool
    branch: Branch | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison for one subject.

    `has` is a number, or the words of a code, text or day; None where it is unknown. Where
    `at_least` is set, more may come: part of the records lacks what is counted. `shortfall` is how
    much is missing (or too much), in `unit`. `verdict` None: nobody can say yet.
    """

    label_zh: str
    label_en: str
    has: float | str | None
    has_en: float | str | None
    op: Operator
    needs: float | str
    needs_en: float | str
    unit: str | None
    unit_zh: str
    unit_en: str
    shortfall: float | None
    verdict: bool | None
    at_least: bool = False
    branch: Branch | None = None


def leaves(tree: exp.Expr) -> list[Leaf]:
    """The comparisons of a condition, in the order of reading."""
    return list(_Walk().leaves(tree, denied=False, branch=None))


class _Walk:
    def __init__(self) -> None:
        self.groups = 0

    def leaves(self, node: exp.Expr, *, denied: bool, branch: Branch | None) -> Iterator[Leaf]:
        match node:
            case exp.Paren():
                yield from self.leaves(node.this, denied=denied, branch=branch)
            case exp.Not():
                yield from self.leaves(node.this, denied=not denied, branch=branch)
            case exp.And() | exp.Or() if isinstance(node, exp.Or) == denied or branch is not None:
                for part in (node.this, node.expression):
                    yield from self.leaves(part, denied=denied, branch=branch)
            case exp.And() | exp.Or():
                self.groups += 1
                group = self.groups
                for number, part in enumerate(node.flatten(), start=1):
                    yield from self.leaves(part, denied=denied, branch=(group, number))
            case exp.Between():
                low = exp.GTE(this=node.this, expression=node.args["low"])
                high = exp.LTE(this=node.this, expression=node.args["high"])
                yield from (self._leaf(side, denied=denied, branch=branch) for side in (low, high))
            case exp.Boolean():
                return
            case _:
                yield self._leaf(node, denied=denied, branch=branch)

    def _leaf(self, node: exp.Expr, *, denied: bool, branch: Branch | None) -> Leaf:
        left: exp.Expr = node
        right: tuple[exp.Expr, ...] = ()
        op: Operator = "holds"
        if isinstance(node, exp.In):
            left, right, op = node.this, tuple(node.expressions), "in"
        elif type(node) in _OPERATORS:
            left, right, op = node.this, (node.expression,), _OPERATORS[type(node)]
            if isinstance(left.unnest(), exp.Literal):
                left, right, op = right[0], (left,), _TURNED[op]
        if denied:
            op = _DENIED.get(op, op)
        return Leaf(node, left, op, right, denied, branch)


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine found for a leaf and a subject: the bounds of a number, or a plain value."""

    verdict: bool | None
    low: Any
    high: Any
    needed: Any


class Compared:
    """A leaf with all of its words that do not depend on the subject, made once."""

    def __init__(self, leaf: Leaf, zh: Wording, en: Wording) -> None:
        self.leaf = leaf
        self.zh, self.en = zh, en
        self.unit = self._unit()
        self.column = zh.column(leaf.left)
        self.labels = _label(leaf, zh), _label(leaf, en)
        self.units = zh.unit(self.unit), en.unit(self.unit)
        self.needs = self._needs(zh, "、"), self._needs(en, ", ")

    def _unit(self) -> str | None:
        if not self.leaf.right:
            return None
        unit = self.zh.unit_of(self.leaf.left)
        if unit is None and self.leaf.op not in {"in", "not in"}:
            return self.zh.unit_of(self.leaf.right[0])
        return unit

    def _needs(self, words: Wording, between: str) -> str:
        if not self.leaf.right:
            return words.value(None, not self.leaf.denied)
        return between.join(words.operand(member, self.column) for member in self.leaf.right)

    def comparison(self, found: Found) -> Comparison:
        """The leaf for one subject."""
        has, at_least = self._has(found, self.zh)
        has_en = has if has is None or isinstance(has, float) else self._has(found, self.en)[0]
        needed = float(found.needed) if _is_number(found.needed) else None
        return Comparison(
            label_zh=self.labels[0],
            label_en=self.labels[1],
            has=has,
            has_en=has_en,
            op=self.leaf.op,
            needs=self.needs[0] if needed is None else needed,
            needs_en=self.needs[1] if needed is None else needed,
            unit=self.unit,
            unit_zh=self.units[0],
            unit_en=self.units[1],
            shortfall=_shortfall(self.leaf.op, has, needed, found.verdict),
            verdict=found.verdict,
            at_least=at_least,
            branch=self.leaf.branch,
        )

    def _has(self, found: Found, words: Wording) -> tuple[float | str | None, bool]:
        """What a subject has, and whether that is only what is known so far."""
        if found.low is None and found.high is None:
            return None, False
        if not _is_number(found.low if found.low is not None else found.high):
            return words.value(self.column, found.low), False
        known = float(found.low if found.low is not None else found.high)
        closed = found.high is not None and found.low is not None and found.high == found.low
        return (None, True) if not closed and known == 0 else (known, not closed)


def _label(leaf: Leaf, words: Wording) -> str:
    if leaf.right or isinstance(leaf.left.unnest(), exp.Column):
        return words.operand(leaf.left)
    return words.condition(leaf.condition)


def _is_number(value: Any) -> bool:
    plain = isinstance(value, bool | str) or hasattr(value, "isoformat")
    return value is not None and not plain


def _shortfall(
    op: Operator, has: float | str | None, needs: float | None, verdict: bool | None
) -> float | None:
    """How far a number is from what is needed; None for words, and where nothing is missing."""
    if verdict is True or needs is None or not isinstance(has, float):
        return None
    difference = abs(needs - has)
    return difference if op in {">=", "<=", "="} or difference else None


_ZH_NEEDS: dict[Operator, str] = {
    ">=": "应达", "<=": "应不超过", ">": "应超过", "<": "应少于", "=": "应为", "<>": "应不为",
    "in": "应为", "not in": "应不为", "holds": "应为",
}  # fmt: skip
_EN_NEEDS: dict[Operator, str] = {
    ">=": "needs", "<=": "at most", ">": "needs more than", "<": "less than", "=": "must be",
    "<>": "must not be", "in": "must be one of", "not in": "must not be one of", "holds": "must be",
}  # fmt: skip


def sentence_zh(found: Comparison) -> str:
    """继续教育学时 300 学时，应达 360 学时，差 60 学时."""
    has = "不明" if found.has is None else _amount(found.has, found.unit, found.unit_zh)
    known = "已知 " if found.at_least and found.has is not None else ""
    needs = _amount(found.needs, found.unit, found.unit_zh)
    rank = isinstance(found.needs, str)
    ordered = {">=": "及以上", "<=": "及以下"}.get(found.op, "") if rank else ""
    word = "应为" if ordered else _ZH_NEEDS[found.op]
    space = "" if rank else " "
    return f"{found.label_zh} {known}{has}，{word}{space}{needs}{ordered}{_short_zh(found)}"


def _short_zh(found: Comparison) -> str:
    if found.verdict is None:
        return "，另有记录不全，尚不能判定" if found.at_least else "，尚不能判定"
    if found.verdict or not found.shortfall:
        return ""
    word = "多" if found.op in {"<=", "<"} else "差"
    return f"，{word} {_amount(found.shortfall, found.unit, found.unit_zh)}"


def sentence_en(found: Comparison) -> str:
    """Continuing-education hours: 300 class hour, needs 360 class hour, short by 60 class hour."""
    has = "unknown" if found.has_en is None else _amount(found.has_en, found.unit, found.unit_en)
    known = "known so far " if found.at_least and found.has_en is not None else ""
    needs = _amount(found.needs_en, found.unit, found.unit_en)
    rank = isinstance(found.needs_en, str)
    ordered = {">=": " or above", "<=": " or below"}.get(found.op, "") if rank else ""
    word = "must be" if ordered else _EN_NEEDS[found.op]
    text = f"{found.label_en}: {known}{has}, {word} {needs}{ordered}"
    if found.verdict is None:
        return f"{text}, cannot be told yet"
    if found.verdict or not found.shortfall:
        return text
    short = _amount(found.shortfall, found.unit, found.unit_en)
    return f"{text}, {'over' if found.op in {'<=', '<'} else 'short'} by {short}"


def _amount(value: float | str, unit: str | None, unit_name: str) -> str:
    if isinstance(value, str):
        return value
    if unit == "share":
        return f"{number_text(value * 100)}%"
    return f"{number_text(value)} {unit_name}" if unit_name else number_text(value)


def joined(comparisons: list[Comparison], sentences: list[str], *, among: str, after: str) -> str:
    """The sentences of a condition: alternatives joined by `among`, all else by `after`."""
    parts: dict[object, list[str]] = {}
    for number, (found, sentence) in enumerate(zip(comparisons, sentences, strict=True)):
        group = f"alone {number}" if found.branch is None else found.branch[0]
        parts.setdefault(group, []).append(sentence)
    return after.join(among.join(part) for part in parts.values())
