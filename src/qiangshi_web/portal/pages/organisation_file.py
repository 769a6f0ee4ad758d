"""An organisation's file: its history and everything on record about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from qiangshi_web.filing.ledgers import SUBJECTS, ledgers_about
from qiangshi_web.filing.organisation_file import HISTORY, parts_of, successions_of
from qiangshi_web.filing.sight import sight_of_place
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import requires
from qiangshi_web.portal.standpoint import Crumb, organisation_crumbs, organisation_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi_web.filing.ledgers import Ledger
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.kernel.actors import ActorRequest


@requires(Area.FIGURES)
def organisation_file(request: ActorRequest, organisation_id: str) -> HttpResponse:
    """Periods, mergers and every ledger, each row leading to its fact."""
    shown = organisation_or_404(request.actor, organisation_id)
    sight = sight_of_place(request.actor, shown.path)
    last = Crumb(say("机构档案"), request.path)
    context = {
        "organisation": shown,
        "parts": parts_of(shown, sight),
        "successions": successions_of(shown),
        "sees_people": Area.PEOPLE in sight.areas,
        "writable": _writable(sight),
        "crumbs": organisation_crumbs(request.actor, shown, last),
    }
    return render(request, "portal/organisation_file.html", context)


def _writable(sight: Sight) -> list[tuple[str, list[Ledger]]]:
    """The ledgers in which the actor may record something here, by part."""
    offered = [
        ledger
        for ledger in ledgers_about("organisation")
        if ledger.name != HISTORY and sight.writes(ledger)
    ]
    by_part = [
        (say(label), [ledger for ledger in offered if ledger.relation.owner == owner])
        for owner, label in SUBJECTS.items()
    ]
    return [(label, some) for label, some in by_part if some]
