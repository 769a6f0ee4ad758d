"""Events take their places in the chain as the last thing that their transaction does.

Django tells nobody before a commit; a database of one's own (`qiangshi_web.kernel.databases`) is
where it lets that in. Why there: docs/adr/0011-sealed-at-commit.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper as Base
else:
    Base = object


class SealsAtCommit(Base):
    """Mixed into a connection of Django's. `unsealed` numbers the events of its transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unsealed: list[int] = []

    def connect(self) -> None:
        """What another connection had not committed is lost."""
        self.unsealed.clear()
        super().connect()

    def rollback(self) -> None:
        """So is what is rolled back."""
        self.unsealed.clear()
        super().rollback()

    def commit(self) -> None:
        """Seal, commit, and say outside of the database how far the chain goes now."""
        from qiangshi_web.kernel.chain.actions import seal_events  # which needs models
        from qiangshi_web.kernel.chain.anchors import drop_anchor

        try:
            end = seal_events(self.unsealed) if self.unsealed else None
        except DatabaseError:
            raise  # which Django answers with a rollback
        except BaseException:
            self.rollback()
            raise
        super().commit()
        self.unsealed.clear()
        if end is not None:
            drop_anchor(end.position, end.seal)


def unsealed() -> list[int]:
    """The numbers of the events of this transaction, to add to."""
    numbers: list[int] = connection.unsealed  # type: ignore[attr-defined] # one of ours has it
    return numbers
