"""Every read of what an account keeps for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from qiangshi_web.desk.models import Draft, KeptView

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from qiangshi_web.kernel.kept import View

__all__ = ["Draft", "KeptView", "ViewsOf"]

DRAFT_DAYS = 30  # after which what was typed is forgotten


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


def drafts_of(user_id: int, forms: Collection[str], *, on: date) -> dict[str, Draft]:
    """Form → what the account typed into it and has not sent, as far as it is still kept."""
    recent = Draft.objects.filter(kept_at__date__gt=on - timedelta(days=DRAFT_DAYS))
    found = recent.filter(user_id=user_id, form__in=forms)
    return {draft.form: draft for draft in found}
