"""Signing on as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class SignonConfig(AppConfig):
    """Logins, platforms and directories."""

    name = "qiangshi_web.signon"
    label = "signon"
    verbose_name = "统一登录"

    def ready(self) -> None:
        """Listens for people who sign in and out."""
        import_module("qiangshi_web.signon.listening")
        import_module("qiangshi_web.signon.nightly")
