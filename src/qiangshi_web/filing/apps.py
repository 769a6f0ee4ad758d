"""Filing as a Django application."""

from django.apps import AppConfig


class FilingConfig(AppConfig):
    """Files of persons and organisations."""

    name = "qiangshi_web.filing"
    label = "filing"
    verbose_name = "档案"
