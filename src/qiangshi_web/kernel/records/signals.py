"""How a higher part learns of a write without being called: it subscribes."""

from __future__ import annotations

from django.dispatch import Signal

written = Signal()
"""Sent in the writer's transaction, once a call; `sender` is the model. Arguments:

`changes`  list of `Change`: each row before and after, as columns; `at`  instant; `actor`.
A receiver that raises undoes the write.
"""
