"""Whether the items of a plan can be measured: asked of the compiler, not declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.measure.backends.duckdb_rollup import measured_organisations, sums_query, tests_query
from qiangshi.measure.backends.duckdb_subjects import Layout, measured_query
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.registers import Registers
from qiangshi.measure.windows import days_of
from qiangshi.policy.item_parts import subject_of
from qiangshi.policy.models import Gate, Incentive

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.measure.evaluation_plan import EvaluationPlan
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


def why_not_measured(plan: Plan, *, vocabulary: Vocabulary) -> dict[str, str]:
    """Reference of each item that cannot be measured → the reason.

    Standards, indicators, programmes and fund rules are compiled to what the engine carries out,
    gates and incentives as far as the condition that they read.
    """
    on = plan.head.validity.since
    compiled = compile_plans([plan], vocabulary=vocabulary, on=on)
    reasons = {left.item: left.reason_zh for left in compiled.left_out}
    try:
        _spell_out(compiled, vocabulary)
    except (KeyError, ValueError) as error:
        reasons |= dict.fromkeys((item.item for item in compiled.items), f"无法编译：{error}")
    for reference, item in plan.items.items():
        if isinstance(item, Gate | Incentive):
            reason = _why_no_condition(plan, item, vocabulary, on)
            if reason is not None:
                reasons[reference] = reason
    return reasons


def _spell_out(compiled: EvaluationPlan, vocabulary: Vocabulary) -> None:
    """Write every statement of the reference engine, without carrying it out."""
    layout = Layout(compiled, vocabulary, frozenset(vocabulary.relations))
    for subject in layout.measures_at:
        measured_query(subject, layout)
    measured_organisations(layout)
    sums_query(layout)
    for subject in dict.fromkeys(test.subject for test in compiled.tests):
        tests_query(subject, layout)


def _why_no_condition(
    plan: Plan, item: Gate | Incentive, vocabulary: Vocabulary, on: date
) -> str | None:
    text = item.requires if isinstance(item, Gate) else item.reads
    if text is None:
        return None  # what the people who decide weigh themselves, the case type carries
    registers = Registers(vocabulary, on)
    subject = subject_of(item)
    if vocabulary.path_to(subject, "organisation") is None:
        return f"{vocabulary.relations[subject].label.zh}不属于任何机构"
    measures = {
        name: registers.measure(
            counted, subject, values=item.values, days=days_of(counted, plan.head.validity, on)
        )
        for name, counted in item.measures.items()
    }
    registers.text(text, subject, counted=item.measures, measures=measures, values=item.values)
    return None
