"""Rights to one's own data as a Django application."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Access, copies, erasure and consent."""

    name = "qiangshi_web.privacy"
    label = "privacy"
    verbose_name = "个人信息权利"

    def ready(self) -> None:
        """A copy of everything is made by a job."""
        from qiangshi_web.privacy import copying  # noqa: F401 - it declares its jobs
