"""An item's rule in words: whom it binds and what it asks, made from its conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.measure.canonical import parsed
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.evaluation_plan import ALWAYS
from qiangshi.measure.wording import Wording
from qiangshi.policy.vocabulary import Text

if TYPE_CHECKING:
    from datetime import date

    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Whom a rule binds (None: everyone) and what it asks of them (None: that they are there)."""

    bound: Text | None
    asked: Text | None


def rule_words(plan: Plan, reference: str, *, vocabulary: Vocabulary, on: date) -> RuleWords | None:
    """The rule of a measured item as it holds on `on`; None where it tests no subject."""
    alone = plan.only({reference: plan.items[reference]})
    compiled = compile_plans([alone], vocabulary=vocabulary, on=on)
    if not compiled.tests:
        return None
    texts = {condition.id: condition.text for condition in compiled.conditions}
    measures = {measure.id: measure for measure in compiled.measures}
    chinese = Wording(vocabulary, measures, on, "zh")
    english = Wording(vocabulary, measures, on, "en")

    def words(condition: str | None) -> Text | None:
        text = None if condition is None else texts.get(condition, condition)
        if text is None or text == ALWAYS:
            return None
        tree = parsed(text)
        return Text(zh=chinese.condition(tree), en=english.condition(tree))

    test = compiled.tests[-1]
    return RuleWords(words(test.population), words(test.requires))
