"""What happens to grants, for higher parts to hear of: they subscribe."""

from __future__ import annotations

from django.dispatch import Signal

granted = Signal()
"""Somebody who signed in granted, delegated or ended something, in that transaction. Arguments:

`grant`; `verb`  "grant", "delegate", "end" or "revoke"; `at`  instant; `actor`.
"""

borrowed = Signal()
"""Somebody has begun to look with another's sight. Arguments: `sight`; `at`  instant; `actor`."""
