"""Every read of scores and faults, in scope of the actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Subquery

from qiangshi_web.contexts.organisations.queries import Organisation, is_in_reach, scope
from qiangshi_web.kernel.actors import Area
from qiangshi_web.quality.actions import problems_of
from qiangshi_web.quality.models import AssessedRecords, OrganisationScore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor

__all__ = [
    "AssessedRecords",
    "OrganisationScore",
    "Problem",
    "latest",
    "newest_score",
    "problems",
    "scores_below",
    "trend",
]

_AREAS = {
    "open": Area.FIGURES,
    "personal": Area.PEOPLE,
    "ethics": Area.ETHICS,
    "health": Area.HEALTH,
    "pay": Area.PAY,
    "identity": Area.PEOPLE,  # that a number is wrong may be known; the number itself is not told
}
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one row, as the library tells it."""

    rule: str
    dimension: str
    relation: str
    key: str
    person_id: str
    organisation_id: str
    field: str
    text_zh: str
    text_en: str
    cure_zh: str
    cure_en: str


def latest() -> AssessedRecords | None:
    """The newest assessment."""
    return AssessedRecords.objects.first()


def score_of(run: AssessedRecords, organisation: Organisation) -> OrganisationScore | None:
    """The score of an organisation that is in scope already."""
    return run.scores.filter(organisation=organisation).first()


def newest_score(actor: Actor, area: Area) -> OrganisationScore | None:
    """The newest score of the actor's own place: the highest in which she may see the area."""
    newest = AssessedRecords.objects.order_by("-on", "-made_at").values("pk")[:1]
    places = OrganisationScore.objects.filter(
        run=Subquery(newest), organisation__path__in=actor.reach(area)
    )
    return places.select_related("run").order_by("organisation__depth").first()


def scores_below(run: AssessedRecords, organisation: Organisation) -> QuerySet[OrganisationScore]:
    """The scores of what stands directly below, the poorest first."""
    below = run.scores.filter(organisation__parent=organisation)
    return below.select_related("organisation").order_by("score", "organisation__place")


def trend(organisation: Organisation) -> QuerySet[OrganisationScore]:
    """Its scores of all assessments, the newest first."""
    found = OrganisationScore.objects.filter(organisation=organisation)
    return found.select_related("run").order_by("-run__on", "-run__made_at")


def problems(
    run: AssessedRecords, organisation: Organisation, actor: Actor, *, rule: str = ""
) -> list[Problem]:
    """The first faults at an organisation and below it that the actor may see."""
    path = problems_of(run)
    if not path.is_file():
        return []
    allowed = [name for name, area in _AREAS.items() if is_in_reach(actor, area, organisation)]
    within = Organisation.objects.filter(
        scope(actor, Area.FIGURES), path__startswith=organisation.path
    )
    table = pq.read_table(path)
    wanted = pc.and_(
        pc.is_in(table["organisation_id"], value_set=_texts(within.values_list("pk", flat=True))),
        pc.is_in(table["area"], value_set=_texts(allowed)),
    )
    table = table.filter(wanted)
    if rule:
        table = table.filter(pc.is_in(table["rule"], value_set=_texts([rule])))
    names = list(Problem.__dataclass_fields__)
    return [
        Problem(**{name: row[name] or "" for name in names})
        for row in table.slice(0, _MOST).select(names).to_pylist()
    ]


def _texts(values: Iterable[str]) -> pa.Array[Any]:
    return pa.array([*values], pa.string())
