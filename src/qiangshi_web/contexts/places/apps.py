"""Places as a Django application."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """School places and buildings."""

    name = "qiangshi_web.contexts.places"
    label = "places"
    verbose_name = "学位与校舍"
