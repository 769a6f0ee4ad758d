"""Ethics as a Django application."""

from django.apps import AppConfig


class EthicsConfig(AppConfig):
    """Ethics of teachers."""

    name = "qiangshi_web.contexts.ethics"
    label = "ethics"
    verbose_name = "师德"
    offers = (
        "capability:ethics-cases",
        "capability:exposure-page",
        "report:ethics-violations-half-year",
    )

    def ready(self) -> None:
        """The half-yearly report is a job."""
        from qiangshi_web.contexts.ethics import half_year  # noqa: F401 - declares its job
