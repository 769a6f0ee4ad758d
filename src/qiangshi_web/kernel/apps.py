"""The kernel as a Django application: templates, template tags and static files."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Has no models."""

    name = "qiangshi_web.kernel"
    verbose_name = "底座"
