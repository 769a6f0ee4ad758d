"""What higher contexts may subscribe to. A subscriber that raises undoes the change."""

from __future__ import annotations

from django.dispatch import Signal

merged = Signal()
"""Ids `predecessor` and `successor`, the first day `on`, and who writes it: `by`."""

closing = Signal()
"""An organisation ends without a successor: `organisation_id`, its last day `on`.

Object by raising Refused.
"""
