"""A form for any ledger, as the vocabulary declares it: what was typed, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qiangshi.datacheck.cells import half_width
from qiangshi_web.filing.choices import Choice, choices_of, code_named, row_named
from qiangshi_web.filing.readings import TRUTH, day_in, is_empty, number_in
from qiangshi_web.kernel.language import pick
from qiangshi_web.kernel.records import Ground
from qiangshi_web.kernel.records.values import converter
from qiangshi_web.kernel.registry import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qiangshi.policy.vocabulary import Column
    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.shapes import Row

_FROM_FILE = frozenset({"file_name", "file_sha256"})  # told by the file that is kept
_NUMBERED = frozenset({"integer", "decimal"})
_INPUTS = {"date": "date", "boolean": "boolean", "code": "code", "reference": "reference"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the form, ready to draw. `choices` are None where anything may be typed."""

    name: str
    label: str
    kind: str
    text: str
    required: bool
    unit: str
    note: str
    choices: tuple[Choice, ...] | None
    target: str
    problems: tuple[str, ...]


@dataclass(slots=True)
class RecordForm:
    """What somebody typed into the columns of a ledger that she may write."""

    ledger: Ledger
    actor: Actor
    sight: Sight
    texts: dict[str, str]
    problems: dict[str, list[str]] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)

    @property
    def columns(self) -> list[Column]:
        """The columns that are asked for: neither whose the row is, nor its number."""
        shape = self.ledger.shape
        hidden = {self.ledger.subject_column, shape.model._meta.pk.attname}
        if self.ledger.name == self.ledger.subject:
            hidden = {shape.model._meta.pk.attname}
        hidden |= _FROM_FILE
        return [
            column
            for name, column in shape.columns.items()
            if name not in hidden and self.sight.sees_column(column)
        ]

    @property
    def unsaid(self) -> frozenset[str]:
        """Numbers, which no form shows: left empty, they stay as they are."""
        return frozenset(column.id for column in self.columns if column.sensitivity == "identity")

    def values(self) -> Row:
        """What the texts mean; what means nothing is None and gets a problem."""
        return {column.id: self._value(column) for column in self.columns}

    def _value(self, column: Column) -> Any:
        try:
            return self.read(column)
        except ValueError as error:
            self.problems.setdefault(column.id, []).append(str(error))
            return None

    def read(self, column: Column) -> Any:
        """What one text means. Raises ValueError with a ground in words."""
        text = self.texts.get(column.id, "").strip()
        if not text:
            return None
        value = text if column.type == "text" else self._typed(column, text)
        return converter(self.ledger.shape, column.id)(value)

    def _typed(self, column: Column, given: str) -> Any:
        text = half_width(given).strip()
        if column.type == "code":
            codes = column.codes or ""
            found = code_named(codes, given) or code_named(codes, text)
            if found is None:
                raise ValueError(f"{column.label.zh}：“{text}”不在可选项中")
            return found
        if column.type == "reference":
            target = self.ledger.shape.references[column.id]
            key = row_named(self.actor, target, text)
            if key is None:
                raise ValueError(f"{column.label.zh}：在您的管理范围内没有“{text}”")
            return key
        if column.type == "boolean":
            return TRUTH.get(text, text)
        if column.type == "date":
            return day_in(column, text)
        return number_in(column, text)

    def check(self, name: str) -> list[str]:
        """What is wrong with one field as it stands, looked at by itself."""
        column = next((column for column in self.columns if column.id == name), None)
        if column is None:
            return []
        try:
            value = self.read(column)
        except ValueError as error:
            return [str(error)]
        is_missing = value is None and column.required
        return [f"{column.label.zh}：不能为空"] if is_missing else []

    def take(self, grounds: Iterable[Ground]) -> None:
        """Put each ground to its field; what belongs to none stands above the form."""
        asked = {column.id for column in self.columns}
        for ground in grounds:
            if ground.field not in asked:
                self.general.append(ground.text_zh)
            elif ground.field not in self.problems:
                self.problems[ground.field] = [ground.text_zh]
            elif ground.text_zh not in self.problems[ground.field]:
                self.problems[ground.field] += [] if is_empty(ground) else [ground.text_zh]

    def faults(self) -> list[Ground]:
        """Everything that is wrong with what was typed."""
        return [Ground(said, name) for name, some in self.problems.items() for said in some]

    def fields(self) -> list[FieldView]:
        """The fields, those that must be filled in first."""
        found = [self._view(column) for column in self.columns]
        return sorted(found, key=lambda view: not view.required)

    def _view(self, column: Column) -> FieldView:
        label = pick(column.label)
        unit = vocabulary().units.get(column.unit or "")
        says_it = unit is None or label.casefold().endswith(pick(unit.label).casefold())
        return FieldView(
            name=column.id,
            label=label,
            kind=_INPUTS.get(column.type, "number" if column.type in _NUMBERED else "text"),
            text=self.texts.get(column.id, ""),
            required=column.required,
            unit="" if unit is None or says_it else pick(unit.label),
            note="" if column.note is None else pick(column.note),
            choices=tuple(choices_of(column.codes)) if column.codes else None,
            target=column.of or "",
            problems=tuple(self.problems.get(column.id, ())),
        )


def as_typed(column: Column, value: Any) -> str:
    """A value as somebody would have typed it."""
    if value is None:
        return ""
    if column.codes is not None:
        labels = {code.code: pick(code.label) for code in vocabulary().codes[column.codes].codes}
        return labels.get(str(value), str(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def blank(ledger: Ledger, *, actor: Actor, sight: Sight) -> RecordForm:
    """An empty form."""
    return RecordForm(ledger, actor, sight, {})


def filled(ledger: Ledger, row: Row, *, actor: Actor, sight: Sight) -> RecordForm:
    """A form that says what is on record."""
    columns = ledger.shape.columns
    texts = {name: as_typed(columns[name], value) for name, value in row.items()}
    form = RecordForm(ledger, actor, sight, texts)
    form.texts |= dict.fromkeys(form.unsaid, "")
    return form


def typed(ledger: Ledger, sent: Mapping[str, str], *, actor: Actor, sight: Sight) -> RecordForm:
    """A form as it was sent."""
    texts = {name: sent.get(name, "") for name in ledger.shape.columns}
    return RecordForm(ledger, actor, sight, texts)


def changes_in(form: RecordForm, row: Row) -> Row:
    """Columns whose typed values differ from the row."""
    return {
        name: value
        for name, value in form.values().items()
        if row[name] != value and not (value is None and name in form.unsaid)
    }
