"""Institutions as a Django application."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """Institutions of teacher education."""

    name = "qiangshi_web.contexts.institutions"
    label = "institutions"
    verbose_name = "教师教育院校"
