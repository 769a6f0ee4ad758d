"""The desk as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What an account keeps for itself."""

    name = "qiangshi_web.desk"
    label = "desk"
    verbose_name = "个人工作台"

    def ready(self) -> None:
        """Its jobs are known, and it hears of grants."""
        from qiangshi_web.desk import listening, nightly  # noqa: F401 - declare themselves
