"""The one place where the application reads the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date


def today() -> date:
    """The day in the region's time zone, or the day at which the settings stand still."""
    fixed: date | None = settings.QIANGSHI_TODAY
    return timezone.localdate() if fixed is None else fixed
