"""Burden as a Django application."""

from django.apps import AppConfig


class BurdenConfig(AppConfig):
    """Burdens on schools."""

    name = "qiangshi_web.contexts.burden"
    label = "burden"
    verbose_name = "减负"
    offers = ("capability:secondment-approval",)
