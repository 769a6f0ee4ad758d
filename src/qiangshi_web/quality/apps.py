"""Quality as a Django application."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Scores and faults of the records."""

    name = "qiangshi_web.quality"
    label = "quality"
    verbose_name = "数据质量"

    def ready(self) -> None:
        """Records are assessed every night."""
        from qiangshi_web.quality import nightly  # noqa: F401 - declares its job
