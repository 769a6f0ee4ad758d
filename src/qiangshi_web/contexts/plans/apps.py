"""Plans as a Django application."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Tasks and supervision."""

    name = "qiangshi_web.contexts.plans"
    label = "plans"
    verbose_name = "任务与督导"
