"""The exchange as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Import and export."""

    name = "qiangshi_web.exchange"
    label = "exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        """The steps of an import are jobs, and so is an export that takes long."""
        from qiangshi_web.exchange import exported, steps  # noqa: F401 - they declare their jobs
