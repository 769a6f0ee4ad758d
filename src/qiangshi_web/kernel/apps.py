"""The kernel as a Django application: records, templates, template tags and static files."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Events and superseded rows."""

    name = "qiangshi_web.kernel"
    label = "kernel"
    verbose_name = "底座"
