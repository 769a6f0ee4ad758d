"""How commands start the application: the settings that are named, else production's."""

from __future__ import annotations

import os

import click
from django.core.exceptions import ImproperlyConfigured

VARIABLE = "DJANGO_SETTINGS_MODULE"
_PRODUCTION = "qiangshi_web.settings.production"

settings_option = click.option(
    "--settings", help=f"Django 设置模块，默认取 {VARIABLE}，再默认为正式环境"
)


def start(settings: str | None) -> None:
    """Django with the settings named, else those of the environment, else production's.

    Raises click.ClickException where they cannot be used.
    """
    import django

    os.environ[VARIABLE] = settings or os.environ.get(VARIABLE) or _PRODUCTION
    try:
        django.setup()
    except (ImproperlyConfigured, ImportError) as error:
        raise click.ClickException(f"设置 {os.environ[VARIABLE]} 无法使用：{error}") from error
