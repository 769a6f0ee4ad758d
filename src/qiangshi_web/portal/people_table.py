"""Tables of persons: everybody at a school, and everyone that one standard concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.measure.comparisons import sentence_en, sentence_zh
from qiangshi.measure.ways import either_en, either_zh
from qiangshi_web.analytics.people import person_standards
from qiangshi_web.analytics.records import code_text
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.addresses import address
from qiangshi_web.kernel.bars import STATUS_MARKS, status_rank
from qiangshi_web.kernel.language import language, pick, say
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qiangshi.measure.comparisons import Comparison
    from qiangshi.measure.explain_organisation import Part
    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.people import PersonStanding
    from qiangshi_web.kernel.tables import CellValue

_FACTS = (("staff_class", "教职工类别"), ("stage", "任教学段"), ("subject", "任教学科"))
_NOT_CONCERNED = "not_applicable"
_FAR_APART = 1e9  # more than any shortfall, so that the state orders first


def people_table(
    plan: Plan, rows: Sequence[PersonStanding], *, caption: str
) -> Table[PersonStanding]:
    """Everybody, with a column for each standard that concerns anybody here."""
    references = [
        reference
        for reference in person_standards(plan)
        if any(row.state(reference) != _NOT_CONCERNED for row in rows)
    ]
    return Table(
        name="people",
        caption=caption,
        columns=(
            Column(
                key="name",
                label="姓名",
                value=lambda row: str(row.row["name"]),
                link=lambda row: address("person", row.person_id),
                filter="contains",
            ),
            *(_fact(codes, label) for codes, label in _FACTS),
            *(_standard(plan, reference) for reference in references),
        ),
        rows=rows,
    )


def _fact(codes: str, label: str) -> Column[PersonStanding]:
    def value(row: PersonStanding) -> str | None:
        code = row.row[codes]
        return None if code is None else code_text(codes, code)

    return Column(key=codes, label=label, value=value, filter="choice")


def _standard(plan: Plan, reference: str) -> Column[PersonStanding]:
    item = plan.items[reference]
    return Column(
        key=item.id,
        label=pick(item.title),
        note=item.clause,
        value=lambda row: state_word(row.state(reference)),
        rank=lambda row: _rank(row, reference),
        template="portal/judged_cell.html",
        drawn=lambda row: {
            "state": row.state(reference),
            "amount": has_and_needs(row.parts.get(reference)),
        },
        words=lambda row: _in_words(row, reference),
        filter="choice",
    )


def _rank(row: PersonStanding, reference: str) -> float:
    """Worst first, and within that the greatest shortfall."""
    part = row.parts.get(reference)
    short = 0.0 if part is None else _shortfall(part)
    return status_rank(row.state(reference)) * _FAR_APART - short


def _in_words(row: PersonStanding, reference: str) -> str:
    part = row.parts.get(reference)
    return "" if part is None else sentence(part)


def state_word(state: str) -> str:
    """A state in words."""
    return say(STATUS_MARKS[state][1])


def first_comparison(part: Part | None) -> Comparison | None:
    """What a list shows of a part: its first comparison."""
    judged = None if part is None else part.judged
    return judged.comparisons[0] if judged is not None and judged.comparisons else None


def has_and_needs(part: Part | None) -> str:
    """300 / 360, of the first comparison; empty where it is no number."""
    first = first_comparison(part)
    if first is None or not isinstance(first.needs, float) or isinstance(first.has, str):
        return ""
    has = wordforms.UNKNOWN if first.has is None else wordforms.number(first.has)
    return f"{has} / {wordforms.number(first.needs)}"


def sentence(part: Part) -> str:
    """What someone has, needs and lacks."""
    if part.judged is None:
        return ""
    cited = part.judged.comparisons
    each = [sentence_en(one) if language() == "en" else sentence_zh(one) for one in cited]
    return ("; " if language() == "en" else "；").join(each)


def _shortfall(part: Part) -> float:
    first = first_comparison(part)
    return 0.0 if first is None else first.shortfall or 0.0


def part_table(
    parts: Sequence[Part], *, caption: str, page: Callable[[Part], str | None]
) -> Table[Part]:
    """Those a figure is made of, worst first. `page` gives the address of a part's own page."""
    columns = [_name(page), _school(), _state()]
    if any(first_comparison(part) for part in parts):
        columns += [_compared("has", "已有"), _compared("needs", "应达")]
        columns += [_compared("shortfall", "还差"), _ways()]
    if any(part.value is not None for part in parts):
        columns.append(_value())
    return Table(name="people", caption=caption, columns=tuple(columns), rows=parts, first="state")


def _name(page: Callable[[Part], str | None]) -> Column[Part]:
    return Column(
        key="name", label="名称", value=lambda part: part.name, link=page, filter="contains"
    )


def _school() -> Column[Part]:
    return Column(
        key="school", label="机构", value=lambda part: part.organisation_name, filter="choice"
    )


def _state() -> Column[Part]:
    return Column(
        key="state",
        label="状态",
        value=lambda part: state_word(part.state),
        rank=lambda part: status_rank(part.state) * _FAR_APART - _shortfall(part),
        template="portal/judged_cell.html",
        drawn=lambda part: {"state": part.state, "amount": ""},
        filter="choice",
    )


def _compared(field: str, label: str) -> Column[Part]:
    def value(part: Part) -> CellValue:
        found: CellValue = getattr(first_comparison(part), field, None)
        return found

    return Column(key=field, label=label, kind="number", value=value)


def _ways() -> Column[Part]:
    return Column(key="ways", label="最小改变", value=turned_part)


def turned_part(part: Part) -> str:
    """The smallest changes that would turn the verdict on a part; empty where there are none."""
    ways = () if part.judged is None else part.judged.ways
    return either_en(ways) if language() == "en" else either_zh(ways)


def _value() -> Column[Part]:
    return Column(key="value", label="数值", kind="number", value=lambda part: part.value)
