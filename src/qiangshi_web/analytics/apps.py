"""Analytics as a Django application."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Measured results."""

    name = "qiangshi_web.analytics"
    label = "analytics"
    verbose_name = "测算"
