"""SQLite with a log that is sealed at each commit."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from qiangshi_web.kernel.chain.committing import SealsAtCommit


class DatabaseWrapper(SealsAtCommit, base.DatabaseWrapper):
    """A connection to SQLite."""
