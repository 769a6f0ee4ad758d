"""Pay as a Django application."""

from django.apps import AppConfig


class PayConfig(AppConfig):
    """Funds and pay."""

    name = "qiangshi_web.contexts.pay"
    label = "pay"
    verbose_name = "经费与待遇"
