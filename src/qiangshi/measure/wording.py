"""Words for conditions, made from their syntax trees and the labels of the vocabulary.

No rule has a text of its own: what a plan may say, this can say, in Chinese and in English.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sqlglot import expressions as exp

from qiangshi.measure.canonical import canonical, parsed
from qiangshi.policy.expressions import check
from qiangshi.policy.names import column_symbols

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.measure.evaluation_plan import WindowedMeasure
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Column, Text, Vocabulary

Language = Literal["zh", "en"]

_SINCE = {
    "years_since": ("{}至今年数", "years since {}", "year"),
    "months_since": ("{}至今月数", "months since {}", "month"),
    "days_since": ("{}至今天数", "days since {}", "day"),
}
_SIGNS: dict[type[exp.Expr], str] = {exp.Add: "＋", exp.Sub: "－", exp.Mul: "×", exp.Div: "÷"}
_ENGLISH_SIGNS = {"＋": "+", "－": "-", "×": "×", "÷": "÷"}
_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "≠", exp.GT: ">", exp.GTE: "≥", exp.LT: "<", exp.LTE: "≤",
}  # fmt: skip
_IN_WORDS: dict[type[exp.Expr], str] = {exp.EQ: "为", exp.NEQ: "不为"}


def number_text(number: float) -> str:
    """A number without needless places: 360, 12.5, 0.015."""
    return f"{number:,.4f}".rstrip("0").rstrip(".")


def clause_name(plan: Plan) -> str:
    """What a plan is called for short where its clauses are cited: 济源."""
    title, region = plan.head.title.zh, plan.head.region.zh
    shared = 0
    while shared < min(len(title), len(region)) and title[shared] == region[shared]:
        shared += 1
    return region[:shared] if shared > 1 else region


@dataclass(frozen=True, slots=True)
class Wording:
    """Names and conditions in one language, over the measures of one evaluation plan."""

    vocabulary: Vocabulary
    measures: dict[str, WindowedMeasure]
    on: date
    language: Language
    _named: dict[str, str] = field(default_factory=dict, init=False, compare=False, repr=False)

    def of(self, text: Text) -> str:
        """The words of this language."""
        return text.zh if self.language == "zh" else text.en

    def unit(self, unit: str | None) -> str:
        """The name of a unit; nothing for pure numbers."""
        if unit is None or self.vocabulary.units[unit].dimension == "ratio":
            return ""
        return self.of(self.vocabulary.units[unit].label)

    def amount(self, number: float, unit: str | None) -> str:
        """A number with its unit; a share as a percentage."""
        if unit == "share":
            return f"{number_text(number * 100)}%"
        name = self.unit(unit)
        return f"{number_text(number)} {name}" if name else number_text(number)

    def column(self, node: exp.Expr) -> Column | None:
        """The vocabulary's column that a tree names, if it names one."""
        bare = node.unnest()
        if isinstance(bare, exp.Column) and bare.table:
            return self.vocabulary.relations[bare.table].by_id[bare.name]
        return None

    def code(self, codes: str, token: str) -> str:
        """The label of a code."""
        found = [code for code in self.vocabulary.codes[codes].codes if code.code == token]
        return self.of(found[0].label) if found else token

    def value(self, column: Column | None, value: object) -> str:
        """A stored value as people read it."""
        if value is None:
            return "不明" if self.language == "zh" else "unknown"
        if isinstance(value, bool):
            yes, no = ("是", "否") if self.language == "zh" else ("yes", "no")
            return yes if value else no
        if column is not None and column.codes is not None:
            return self.code(column.codes, str(value))
        if isinstance(value, int | float) and column is not None:
            return self.amount(float(value), column.unit)
        return str(value)

    def measure(self, name: str) -> str:
        """What is counted, with what narrows it: 继续教育学时（新入职岗前培训）."""
        if name not in self._named:
            self._named[name] = self._name(self.measures[name])
        return self._named[name]

    def _name(self, measure: WindowedMeasure) -> str:
        label = self.of(self.vocabulary.measures[measure.measure].label)
        usual = {part.sql() for part in conditions_of(self._usual_where(measure))}
        narrowed = [part for part in conditions_of(measure.where) if part.sql() not in usual]
        if not narrowed:
            return label
        between = "、" if self.language == "zh" else ", "
        words = between.join(self._narrowing(part) for part in narrowed)
        return f"{label}（{words}）" if self.language == "zh" else f"{label} ({words})"

    def _usual_where(self, measure: WindowedMeasure) -> str:
        text = self.vocabulary.measures[measure.measure].where
        if text is None:
            return "TRUE"
        relation = self.vocabulary.relations[measure.relation]
        checked = check(text, column_symbols(relation, self.vocabulary))
        return canonical(checked, relation.id, measures={}, values={}, on=self.on)

    def _narrowing(self, node: exp.Expr) -> str:
        """A condition on rows in short: of codes, their labels alone."""
        column = self.column(node.this) if isinstance(node, exp.EQ | exp.In) else None
        if column is None or column.codes is None:
            return self.condition(node)
        members = node.expressions if isinstance(node, exp.In) else [node.expression]
        between = "或" if self.language == "zh" else " or "
        return between.join(self.operand(member, column) for member in members)

    def operand(self, node: exp.Expr, beside: Column | None = None) -> str:
        """A side of a comparison; a literal is read as a value of the column beside it."""
        bare = node.unnest()
        column = self.column(bare)
        if column is not None:
            return self.of(column.label)
        match bare:
            case exp.Column():
                return self.measure(bare.name)
            case exp.Literal() if bare.is_string:
                return self.value(beside, bare.name)
            case exp.Literal():
                return number_text(float(bare.name))
            case exp.Neg():
                return f"-{self.operand(bare.this)}"
            case exp.Null():
                return self.value(None, None)
        if type(bare) in _SIGNS:
            sign = _SIGNS[type(bare)]
            sign = sign if self.language == "zh" else f" {_ENGLISH_SIGNS[sign]} "
            return f"{self.operand(bare.this)}{sign}{self.operand(bare.expression)}"
        return self._function(bare)

    def _function(self, node: exp.Expr) -> str:
        name = function_name(node)
        if name in _SINCE:
            pattern = _SINCE[name][0 if self.language == "zh" else 1]
            return pattern.format(self.operand(node.expressions[0]))
        first = [node.this] if isinstance(node.this, exp.Expr) else []
        arguments = [self.operand(part) for part in (*first, *node.expressions)]
        return f"{name}({', '.join(arguments)})"

    def unit_of(self, node: exp.Expr) -> str | None:
        """The unit of a number's tree; None for pure numbers and products of units."""
        bare = node.unnest()
        column = self.column(bare)
        if column is not None:
            return column.unit
        if isinstance(bare, exp.Column):
            return self.measures[bare.name].unit
        if function_name(bare) in _SINCE:
            return _SINCE[function_name(bare)][2]
        if isinstance(bare, exp.Div):
            left, right = self.unit_of(bare.this), self.unit_of(bare.expression)
            return left if right is None else None
        units = {unit for unit in map(self.unit_of, bare.iter_expressions()) if unit is not None}
        return units.pop() if len(units) == 1 else None

    def condition(self, node: exp.Expr) -> str:
        """A whole condition in words."""
        zh = self.language == "zh"
        match node:
            case exp.Paren():
                inside = self.condition(node.this)
                is_joined = isinstance(node.this, exp.Or) or len(_telling(node.this)) > 1
                if not is_joined:
                    return inside
                return f"（{inside}）" if zh else f"({inside})"
            case exp.And():
                return ("，且" if zh else " and ").join(map(self.condition, _telling(node)))
            case exp.Or():
                word = "，或" if zh else " or "
                return f"{self.condition(node.this)}{word}{self.condition(node.expression)}"
            case exp.Not() if isinstance(node.this.unnest(), exp.Is):
                known = "已知" if zh else " is known"
                return f"{self._tested(node.this.unnest().this)}{known}"
            case exp.Not():
                inside = self.condition(node.this.unnest())
                if self.is_bare(node.this) and inside.startswith("是否"):
                    return f"{inside.removesuffix('为是')}为否"
                return f"非（{inside}）" if zh else f"not ({inside})"
            case exp.In():
                column = self.column(node.this)
                members = ("、" if zh else ", ").join(
                    self.operand(member, column) for member in node.expressions
                )
                return f"{self.operand(node.this)}{'为' if zh else ' is one of '}{members}"
            case exp.Is():
                known = "不明" if zh else " is unknown"
                return f"{self._tested(node.this)}{known}"
            case exp.Column():
                name = self.operand(node)
                return f"{name}为是" if name.startswith("是否") else name
        return self._comparison(node)

    def columns_of(self, node: exp.Expr, relation: str) -> list[str]:
        """The columns of `relation` that a condition names."""
        found = (column for column in node.find_all(exp.Column) if column.table == relation)
        return list(dict.fromkeys(column.name for column in found))

    def is_bare(self, node: exp.Expr) -> bool:
        """Whether a condition is no more than a yes-or-no column."""
        return isinstance(node.unnest(), exp.Column)

    def _tested(self, node: exp.Expr) -> str:
        bare = node.unnest()
        return self.operand(bare) if isinstance(bare, exp.Column) else self.condition(bare)

    def _comparison(self, node: exp.Expr) -> str:
        if type(node) not in _OPERATORS:
            return str(node.sql())
        left, right = node.this, node.expression
        one, other = self.column(left), self.column(right)
        sides = f"{self.operand(left, other)}{{}}{self.operand(right, one)}"
        is_named = isinstance(right, exp.Literal) and right.is_string
        if self.language == "zh" and is_named and type(node) in _IN_WORDS:
            return sides.format(_IN_WORDS[type(node)])
        return sides.format(f" {_OPERATORS[type(node)]} ")


def function_name(node: exp.Expr) -> str:
    """The name of a function's tree in small letters; nothing for other trees."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else ""


def _telling(node: exp.Expr) -> list[exp.Expr]:
    """The conditions that a tree joins by AND, less those that another of them implies.

    What equals something is known: that it is known needs no words.
    """
    if not isinstance(node, exp.And):
        return [node]
    parts = list(node.flatten(unnest=False))
    bare = [part.unnest() for part in parts]
    compared = {
        side.unnest().sql()
        for part in bare
        if isinstance(part, exp.In) or type(part) in _OPERATORS
        for side in (part.this, part.args.get("expression"))
        if side is not None
    }
    return [part for part, one in zip(parts, bare, strict=True) if _known(one) not in compared]


def _known(node: exp.Expr) -> str | None:
    """What a condition says is known, if it says no more."""
    tested = node.this.unnest() if isinstance(node, exp.Not) else None
    return str(tested.this.unnest().sql()) if isinstance(tested, exp.Is) else None


def conditions_of(text: str) -> list[exp.Expr]:
    """The conditions that a text joins by AND."""
    tree = parsed(text).unnest()
    if isinstance(tree, exp.And):
        return [part.unnest() for part in tree.flatten()]
    return [] if isinstance(tree, exp.Boolean) else [tree]
