"""Wellbeing as a Django application."""

from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    """Wellbeing of teachers."""

    name = "qiangshi_web.contexts.wellbeing"
    label = "wellbeing"
    verbose_name = "身心健康"
