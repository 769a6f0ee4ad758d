"""Qualification as a Django application."""

from django.apps import AppConfig


class QualificationConfig(AppConfig):
    """Qualification and registration."""

    name = "qiangshi_web.contexts.qualification"
    label = "qualification"
    verbose_name = "资格与注册"
