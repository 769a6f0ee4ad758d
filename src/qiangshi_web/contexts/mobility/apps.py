"""Mobility as a Django application."""

from django.apps import AppConfig


class MobilityConfig(AppConfig):
    """Rotation and transfer."""

    name = "qiangshi_web.contexts.mobility"
    label = "mobility"
    verbose_name = "交流与调动"
