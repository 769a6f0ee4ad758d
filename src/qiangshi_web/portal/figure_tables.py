"""Tables of one figure: of the organisations below, of its parts, and of both across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.analytics.cube import labels_of
from qiangshi_web.analytics.readings import readings, readings_by_organisation
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.bars import status_rank
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.portal.heat import heat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.cube import Parts, Split
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.tables import Kind


def figure_columns(name: Column[Reading], rows: Sequence[Reading]) -> tuple[Column[Reading], ...]:
    """Shares with what they are made of; amounts alone."""
    columns = [name, _status_column(), _value_column()]
    if any(row.result.low != row.result.high for row in rows):
        columns.append(_range_column())
    if any(row.is_share for row in rows):
        columns += _share_columns()
    columns.append(
        Column(key="unknown", label="不明", value=lambda row: row.result.unknown, kind="number")
    )
    if any(row.known_share is not None for row in rows):
        columns.append(
            Column(key="known", label="已知", value=lambda row: row.known_share, kind="percent")
        )
    if any(row.bar for row in rows):
        columns.append(_bar_column())
    return tuple(columns)


def _status_column() -> Column[Reading]:
    return Column(
        key="status",
        label="状态",
        value=lambda row: row.word,
        rank=lambda row: status_rank(row.standing),
        template="portal/status_cell.html",
        filter="choice",
    )


def _value_column() -> Column[Reading]:
    return Column(
        key="value",
        label="数值",
        value=lambda row: row.known,
        words=lambda row: row.value,
        kind="number",
        template="portal/value_cell.html",
    )


def _range_column() -> Column[Reading]:
    return Column(
        key="range",
        label="可能的范围",
        value=lambda row: row.result.low,
        words=lambda row: f"{row.low} — {row.high}",
        kind="number",
        template="portal/range_cell.html",
    )


def _share_columns() -> list[Column[Reading]]:
    return [
        Column(key="met", label="达到", value=lambda row: row.result.numerator, kind="number"),
        Column(key="of", label="应达", value=lambda row: row.result.denominator, kind="number"),
        Column(key="lacking", label="未达到", value=lambda row: row.lacking, kind="number"),
    ]


def _bar_column() -> Column[Reading]:
    return Column(
        key="bar",
        label="图示",
        value=lambda row: row.result.low,
        template="portal/bar_cell.html",
        kind="percent",
    )


def parts_table(plan: Plan, here: Reading, parts: Parts, split: Split) -> Table[Reading]:
    """The parts of one figure at one organisation, under the figure itself."""
    labels = labels_of(split.breakdown)
    rows = [
        readings(plan, found, part=labels[token])[here.result.item]
        for token, found in parts.items()
    ]
    name: Column[Reading] = Column(
        key="part",
        label=split.label,
        value=lambda row: row.part or say("合计"),
    )
    return Table(
        name="parts",
        caption=say("{title}，按{label}", title=here.title, label=split.label),
        columns=figure_columns(name, rows),
        rows=rows,
        whole=here,
    )


@dataclass(frozen=True, slots=True)
class Across:
    """An organisation with its reading of each part."""

    organisation: Organisation
    readings: Mapping[str, Reading]


def across_table(
    plan: Plan,
    reference: str,
    children: Sequence[Organisation],
    parts: Parts,
    split: Split,
    *,
    caption: str,
    page: Callable[[str], str],
) -> Table[Across]:
    """Rows: the organisations below; columns: the parts. `page` leads to a row's own figures."""
    labels = labels_of(split.breakdown)
    found: dict[str, dict[str, Reading]] = {child.pk: {} for child in children}
    for token, results in parts.items():
        for at, own in readings_by_organisation(plan, results, part=labels[token]).items():
            if at in found:
                found[at][token] = own[reference]
    name: Column[Across] = Column(
        key="name",
        label="机构",
        value=lambda row: row.organisation.name,
        link=lambda row: page(row.organisation.pk),
        filter="contains",
    )
    shown = (one.result.unit for own in found.values() for one in own.values())
    kind: Kind = "percent" if "share" in shown else "number"
    return Table(
        name="across",
        caption=caption,
        columns=(name, *(_part_column(token, labels[token], kind, page) for token in parts)),
        rows=[Across(child, found[child.pk]) for child in children],
        style="heat",
    )


def _part_column(token: str, label: str, kind: Kind, page: Callable[[str], str]) -> Column[Across]:
    def reading(row: Across) -> Reading | None:
        return row.readings.get(token)

    def value(row: Across) -> float | None:
        found = reading(row)
        return None if found is None else found.known

    def words(row: Across) -> str:
        found = reading(row)
        return "" if found is None else found.in_words

    def tint(row: Across) -> str:
        found = reading(row)
        return "" if found is None else found.tint

    def markup(row: Across) -> SafeString:
        shown = wordforms.percent if kind == "percent" else wordforms.number
        return heat(reading(row), shown(value(row)), page(row.organisation.pk))

    return Column(
        key=token,
        label=label,
        kind=kind,
        value=value,
        words=words,
        tint=tint,
        markup=markup,
        link=lambda row: page(row.organisation.pk),
    )
