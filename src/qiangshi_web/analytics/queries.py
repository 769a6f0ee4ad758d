"""Every read of measured results, in scope of the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from qiangshi.measure import Scenario
from qiangshi.measure.snapshot import read_snapshot
from qiangshi_web.analytics.folders import placed
from qiangshi_web.analytics.models import MeasuredResult, MeasuredSnapshot, SavedScenario
from qiangshi_web.contexts.organisations.queries import scope
from qiangshi_web.kernel.actors import Area, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from qiangshi.measure.snapshot import Snapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor

__all__ = [
    "MeasuredResult",
    "MeasuredSnapshot",
    "Missed",
    "SavedScenario",
    "current_run",
    "may_publish",
    "missed_among_children",
    "results",
    "results_among_children",
    "results_at",
    "results_below",
    "scenario_of",
    "scenario_seen_by",
    "scenarios",
    "snapshot_of",
    "with_tallies",
]


def current_run() -> MeasuredSnapshot | None:
    """The newest run; None before the first measuring."""
    return MeasuredSnapshot.objects.first()


def snapshot_of(run: MeasuredSnapshot) -> Snapshot:
    """The records that the run measured. Raises SnapshotError where the folder is gone."""
    return read_snapshot(placed(run.folder))


def results(actor: Actor, run: MeasuredSnapshot) -> QuerySet[MeasuredResult]:
    """All results of the run that the actor may see, with organisation, in plan and tree order."""
    return (
        MeasuredResult.objects.filter(scope(actor, Area.FIGURES, prefix="organisation__"), run=run)
        .select_related("organisation")
        .order_by("pk")
    )


def results_at(
    actor: Actor, run: MeasuredSnapshot, organisation: Organisation
) -> QuerySet[MeasuredResult]:
    """How one organisation stands on everything."""
    return results(actor, run).filter(organisation=organisation)


def results_among_children(
    actor: Actor, run: MeasuredSnapshot, organisation: Organisation
) -> QuerySet[MeasuredResult]:
    """How the organisations directly below stand."""
    return results(actor, run).filter(organisation__parent=organisation)


class Missed(NamedTuple):
    """An item that an organisation directly below does not meet, and how many people miss it."""

    plan: str
    item: str
    period: str
    organisation_id: str
    organisation_name: str
    lacking: float | None


def missed_among_children(
    actor: Actor, run: MeasuredSnapshot, organisation: Organisation
) -> list[Missed]:
    """What the organisations directly below do not meet: hundreds of rows, so no objects."""
    found = results_among_children(actor, run, organisation).filter(status="not_met")
    fields = ("plan", "item", "period", "organisation_id", "organisation__name", "not_met")
    return [Missed(*row) for row in found.values_list(*fields)]


def results_below(
    actor: Actor, run: MeasuredSnapshot, organisation: Organisation
) -> QuerySet[MeasuredResult]:
    """How the organisation and everything under it stands."""
    return results(actor, run).filter(organisation__path__startswith=organisation.path)


def with_tallies(
    organisations: QuerySet[Organisation],
    run: MeasuredSnapshot,
    plan_id: str,
    statuses: Sequence[str],
) -> QuerySet[Organisation]:
    """Organisations already in scope, each with `count_<status>`: its items of that status.

    Of an item with several periods the newest counts. The database counts, for lists that grow.
    """
    own = MeasuredResult.objects.filter(run=run, plan=plan_id, organisation=OuterRef("pk"))
    later = MeasuredResult.objects.filter(
        run=run,
        plan=plan_id,
        organisation=OuterRef("organisation"),
        item=OuterRef("item"),
        period__gt=OuterRef("period"),
    )
    newest = own.filter(~Exists(later)).order_by().values("organisation")
    return organisations.annotate(
        **{
            f"count_{status}": Coalesce(
                Subquery(
                    newest.filter(status=status).annotate(n=Count("pk")).values("n"),
                    output_field=IntegerField(),
                ),
                0,
            )
            for status in statuses
        }
    )


def may_publish(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor decides which figures of an organisation leave the office."""
    return organisation.path.startswith(actor.reach(Area.FIGURES, Level.DECIDE) or ("\0",))


def scenarios(actor: Actor) -> QuerySet[SavedScenario]:
    """The scenarios that the actor saved, and those for organisations in the actor's reach."""
    own = Q(made_by_id=actor.user_id)
    found = SavedScenario.objects.filter(own | scope(actor, Area.FIGURES, prefix="organisation__"))
    return found.select_related("organisation")


def scenario_seen_by(actor: Actor, token: str) -> SavedScenario | None:
    """The scenario of a link: for those in whose reach its organisation lies, and for those who
    stand somewhere below it; in another branch of the tree it does not exist.
    """
    saved = SavedScenario.objects.select_related("organisation").filter(token=token).first()
    if saved is None:
        return None
    path = saved.organisation.path
    reach = actor.reach(Area.FIGURES)
    return saved if any(path.startswith(own) or own.startswith(path) for own in reach) else None


def scenario_of(saved: SavedScenario) -> Scenario:
    """What was saved, as the library has it."""
    told = {"name": saved.name, "note": saved.note, "changes": saved.changes}
    return Scenario.model_validate(told)
