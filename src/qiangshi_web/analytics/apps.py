"""Analytics as a Django application."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Measured results."""

    name = "qiangshi_web.analytics"
    label = "analytics"
    verbose_name = "测算"

    def ready(self) -> None:
        """Declare the jobs that measure."""
        from qiangshi_web.analytics import nightly  # noqa: F401 - declares its jobs
