"""Ethics as a Django application."""

from django.apps import AppConfig


class EthicsConfig(AppConfig):
    """Ethics of teachers."""

    name = "qiangshi_web.contexts.ethics"
    label = "ethics"
    verbose_name = "师德"
