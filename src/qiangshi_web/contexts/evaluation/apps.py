"""Evaluation as a Django application."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Appraisal of teachers and principals."""

    name = "qiangshi_web.contexts.evaluation"
    label = "evaluation"
    verbose_name = "考核评价"
    offers = ("capability:titles",)
