"""Identity as a Django application."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Accounts and grants."""

    name = "qiangshi_web.identity"
    label = "identity"
    verbose_name = "账号与授权"
