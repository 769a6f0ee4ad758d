"""The one place where the application reads the calendar."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date

_CLOSING = time(18)


def today() -> date:
    """The day in the region's time zone, or the day at which the settings stand still."""
    fixed: date | None = settings.QIANGSHI_TODAY
    return timezone.localdate() if fixed is None else fixed


def now() -> datetime:
    """The instant; where the settings stand still, the end of office hours of their day."""
    fixed: date | None = settings.QIANGSHI_TODAY
    if fixed is None:
        return timezone.now()
    return datetime.combine(fixed, _CLOSING, tzinfo=timezone.get_default_timezone())
