"""What the application offers of the catalogue, asked of the code that runs.

A register for every relation that has a model, and whatever an application declares of itself as
`offers`, a tuple of references such as `capability:titles`, on its AppConfig.
"""

from __future__ import annotations

import os

import django
from django.apps import apps

_SETTINGS = "DJANGO_SETTINGS_MODULE"
_ANY = "qiangshi_web.settings.base"  # only which applications there are is asked


def offered() -> frozenset[str]:
    """References of the catalogue that run here. Sets Django up where nobody has."""
    if not apps.ready:
        os.environ.setdefault(_SETTINGS, _ANY)
        django.setup()
    from qiangshi_web.kernel.registry import registers

    kept = {f"register:{relation.replace('_', '-')}" for relation in registers()}
    declared = {one for app in apps.get_app_configs() for one in getattr(app, "offers", ())}
    return frozenset(kept | declared)
