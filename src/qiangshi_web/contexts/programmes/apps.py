"""Programmes as a Django application."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Talent programmes."""

    name = "qiangshi_web.contexts.programmes"
    label = "programmes"
    verbose_name = "人才与名师"
    offers = ("capability:backbone-selection",)
