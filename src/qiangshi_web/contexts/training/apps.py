"""Training as a Django application."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Training."""

    name = "qiangshi_web.contexts.training"
    label = "training"
    verbose_name = "培训"
