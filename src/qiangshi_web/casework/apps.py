"""Casework as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CaseworkConfig(AppConfig):
    """Cases, rounds, notices and decisions."""

    name = "qiangshi_web.casework"
    label = "casework"
    verbose_name = "办件"

    def ready(self) -> None:
        """Every context's `cases.py` declares its types."""
        autodiscover_modules("cases")

    @property
    def offers(self) -> tuple[str, ...]:
        """The case types that run here, as references of the catalogue."""
        from qiangshi_web.casework.registry import kinds

        return tuple(sorted({f"case:{kind.key}" for kind in kinds()}))
