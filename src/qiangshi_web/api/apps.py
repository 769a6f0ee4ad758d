"""The interface for programs as a Django application."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Operations and personal tokens."""

    name = "qiangshi_web.api"
    label = "api"
    verbose_name = "数据接口"
