"""Every read of what an account keeps for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.desk.models import KeptView

if TYPE_CHECKING:
    from collections.abc import Collection

    from qiangshi_web.kernel.kept import View

__all__ = ["KeptView", "ViewsOf"]


@dataclass(frozen=True, slots=True)
class ViewsOf:
    """The views that an account keeps; read when a page with lists asks for them."""

    user_id: int | None

    def at(self, places: Collection[str]) -> dict[str, list[View]]:
        """List → its views, in one query; none where nobody has signed in."""
        if self.user_id is None or not places:
            return {}
        found: dict[str, list[View]] = {}
        for view in KeptView.objects.filter(user_id=self.user_id, place__in=places):
            found.setdefault(view.place, []).append(view)
        return found
