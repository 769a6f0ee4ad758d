"""Staffing as a Django application."""

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    """Staffing quotas, posts and hires."""

    name = "qiangshi_web.contexts.staffing"
    label = "staffing"
    verbose_name = "编制与岗位"
