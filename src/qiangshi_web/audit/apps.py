"""The audit as a Django application."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The log to read."""

    name = "qiangshi_web.audit"
    label = "audit"
    verbose_name = "审计"
