"""The commit of a test's transaction, which never comes, as far as the log goes."""

from __future__ import annotations

from qiangshi_web.kernel.chain.actions import seal_events
from qiangshi_web.kernel.chain.committing import unsealed


def seal_now() -> None:
    """Put what was written to the log so far at the end of the chain."""
    seal_events(unsealed())
    unsealed().clear()
