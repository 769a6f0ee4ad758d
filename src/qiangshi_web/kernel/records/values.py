"""Single values: held to their column on the way in, told as JSON and back in the log."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.records.shapes import BELIEF, longest
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Field

    from qiangshi.policy.vocabulary import Column
    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.records.shapes import Row, Shape

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_INTEGERS = 2**31 - 1  # what both databases hold in an integer column
_NEARLY = 1e-9  # sums of decimal fractions, told as floats


def converter(shape: Shape, name: str) -> Callable[[Any], Any]:
    """Takes a value to what the column stores; raises ValueError with a ground in Chinese.

    None and the empty text are unknown and stay None.
    """
    column, field = shape.columns[name], shape.fields[name]
    convert = _BY_TYPE[column.type](column, field)

    def converted(value: Any) -> Any:
        return None if value is None or value == "" else convert(value)

    return converted


def _text(column: Column, field: Field[Any, Any]) -> Callable[[Any], str]:
    most = longest(field)

    def convert(value: Any) -> str:
        if not isinstance(value, str):
            raise _unfit(column, "文字", value)
        if len(value) > most:
            raise ValueError(f"{column.label.zh}：最多{most}字，实有{len(value)}字")
        if _CONTROL.search(value):
            raise ValueError(f"{column.label.zh}：含有不可见的控制字符")
        return value

    return convert


def _code(column: Column, _: Field[Any, Any]) -> Callable[[Any], str]:
    assert column.codes is not None
    codes = vocabulary().codes[column.codes]
    known = frozenset(codes.tokens)

    def convert(value: Any) -> str:
        if value not in known:
            raise ValueError(f"{column.label.zh}：“{value}”不在代码表“{codes.label.zh}”中")
        return str(value)

    return convert


def _integer(column: Column, _: Field[Any, Any]) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _unfit(column, "整数", value)
        _require_range(column, value)
        if abs(value) > _INTEGERS:
            raise ValueError(f"{column.label.zh}：{value}过大")
        return value

    return convert


def _decimal(column: Column, field: Field[Any, Any]) -> Callable[[Any], Decimal]:
    assert isinstance(field, DecimalField), f"expected a decimal field, got {field!r}"
    places = field.decimal_places
    most = 10 ** (field.max_digits - places)
    step = Decimal(1).scaleb(-places)

    def convert(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise _unfit(column, "数字", value)
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            raise _unfit(column, "数字", value)
        _require_range(column, number)
        if abs(number) >= most:
            raise ValueError(f"{column.label.zh}：{value}过大")
        rounded = number.quantize(step)
        if abs(rounded - number) > _NEARLY:
            raise ValueError(f"{column.label.zh}：{value}小数过长，最多{places}位")
        return rounded

    return convert


def _boolean(column: Column, _: Field[Any, Any]) -> Callable[[Any], bool]:
    def convert(value: Any) -> bool:
        if not isinstance(value, bool):
            raise _unfit(column, "是或否", value)
        return value

    return convert


def _date(column: Column, _: Field[Any, Any]) -> Callable[[Any], date]:
    def convert(value: Any) -> date:
        if type(value) is not date:  # an instant is one too
            raise _unfit(column, "日期", value)
        return value

    return convert


_BY_TYPE: dict[str, Callable[[Column, Any], Callable[[Any], Any]]] = {
    "text": _text,
    "reference": _text,
    "code": _code,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
}


def _unfit(column: Column, wanted: str, value: object) -> ValueError:
    return ValueError(f"{column.label.zh}：应为{wanted}，实为“{value}”")


def _require_range(column: Column, number: int | Decimal) -> None:
    least, most = column.at_least, column.at_most
    if least is not None and number < least:
        raise ValueError(f"{column.label.zh}：{number}小于{least:g}")
    if most is not None and number > most:
        raise ValueError(f"{column.label.zh}：{number}大于{most:g}")


def row_of(fact: Fact, shape: Shape) -> Row:
    """The columns of a row that stands in the table."""
    return {name: getattr(fact, name) for name in shape.columns}


def told(fact: Fact, shape: Shape) -> Row:
    """A row as the log keeps it: its columns, and who recorded it from what."""
    source = {"recorded_by": fact.recorded_by, "recorded_source": fact.recorded_source}
    return as_kept(row_of(fact, shape), shape) | source


def as_kept(row: Row, shape: Shape) -> Row:
    """Columns of a row as they are kept outside of its table: what is sealed there is sealed."""
    return {name: _as_kept(shape.fields[name], value) for name, value in row.items()}


def _as_kept(field: Field[Any, Any], value: Any) -> Any:
    return field.as_kept(value) if isinstance(field, SealedText) else value


def _as_was_kept(field: Field[Any, Any], value: Any) -> Any:
    return field.as_was_kept(value) if isinstance(field, SealedText) else field.to_python(value)


def read_back(row: Row, shape: Shape) -> Row:
    """The columns of a row that the log kept as JSON, typed again."""
    return {
        name: _as_was_kept(shape.fields[name], value)
        for name, value in row.items()
        if name in shape.fields and name not in BELIEF
    }
