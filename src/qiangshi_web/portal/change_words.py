"""Changes of a what-if in words: what stands in the plan, and what stands there instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.measure.what_if_changes import PlanSwap, PopulationChange, ValueChange, value_at
from qiangshi.policy.item_parts import measures_of
from qiangshi.policy.models import Window
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.readings import measured
from qiangshi_web.analytics.what_ifs import WINDOWS
from qiangshi_web.kernel.language import pick, say

if TYPE_CHECKING:
    from qiangshi.measure.what_if_changes import Change, WindowChange
    from qiangshi.policy.models import Item


def change_words(change: Change) -> str:
    """五年继续教育学时（四(三)）：应达学时 360 学时 改为 300 学时."""
    plan = load(change.plan)
    if isinstance(change, PlanSwap):
        other = pick(load(change.to).head.title) if change.to else say("不测算")
        return say("{plan} 换为 {other}", plan=pick(plan.head.title), other=other)
    item = plan.items[change.item]
    what = _what(item, change)
    return say("{item}（{clause}）：{what}", item=pick(item.title), clause=item.clause, what=what)


def _what(item: Item, change: ValueChange | WindowChange | PopulationChange) -> str:
    if isinstance(change, ValueChange):
        return _value(item, change)
    if isinstance(change, PopulationChange):
        return say("适用范围改为 {to}", to=change.to)
    label = next(
        (
            pick(vocabulary().measures[counted.measure].label)
            for below, counted in measures_of(item)
            if below[-1] == change.measure
        ),
        change.measure,
    )
    form = change.to
    token = (form.length or form.form) if isinstance(form, Window) else form
    return say("{label} 的时段改为 {to}", label=label, to=say(WINDOWS.get(token, token)))


def _value(item: Item, change: ValueChange) -> str:
    value = value_at(item, change.at)
    if value is None:
        return f"{change.at} {change.to}"
    label = pick(value.label) if value.label is not None else say("目标")
    numbers = [
        measured(number, value.unit or "") if isinstance(number, int | float) else str(number)
        for number in (value.value, change.to)
    ]
    return say("{label} {now} 改为 {to}", label=label, now=numbers[0], to=numbers[1])
