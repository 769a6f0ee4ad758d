"""Organisations as a Django application."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The tree of organisations."""

    name = "qiangshi_web.contexts.organisations"
    label = "organisations"
    verbose_name = "机构"
