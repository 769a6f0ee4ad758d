"""The portal as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Has no models."""

    name = "qiangshi_web.portal"
    label = "portal"
    verbose_name = "门户"
