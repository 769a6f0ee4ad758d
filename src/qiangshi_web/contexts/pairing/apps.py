"""Pairing as a Django application."""

from django.apps import AppConfig


class PairingConfig(AppConfig):
    """Paired assistance."""

    name = "qiangshi_web.contexts.pairing"
    label = "pairing"
    verbose_name = "对口帮扶"
