"""Jobs as a Django application."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work in the background."""

    name = "qiangshi_web.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Old jobs are forgotten at night."""
        from qiangshi_web.jobs import forgetting  # noqa: F401 - declares its job
