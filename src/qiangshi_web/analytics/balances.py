"""How evenly the schools of an organisation are provided for, on the snapshot of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from qiangshi.measure import evaluate, read_snapshot
from qiangshi.measure.balance import parts, provisions, spreads
from qiangshi.policy.methods import load_balance_methods
from qiangshi_web.analytics.folders import placed
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.contexts.organisations.queries import visible_to
from qiangshi_web.kernel.actors import Area

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.measure.balance import Provided, Provisions, Spread
    from qiangshi.policy.methods import BalanceMethod
    from qiangshi_web.analytics.models import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor


@cache
def balance_methods() -> dict[str, BalanceMethod]:
    """The versions of the method, newest first, read once."""
    return load_balance_methods()


@dataclass(frozen=True, slots=True)
class SchoolProvided:
    """A school with what it has of each resource of a stage.

    `parts` tells by resource what part of the differences between schools is this one's.
    """

    organisation: Organisation
    pupils: float | None
    provided: Mapping[str, Provided]
    parts: Mapping[str, float]

    @property
    def met(self) -> int:
        """Of how many resources it certainly has enough."""
        return sum(one.status == "met" for one in self.provided.values())


@dataclass(frozen=True, slots=True)
class Balance:
    """The spread of every resource between the schools of an organisation."""

    method: BalanceMethod
    spreads: tuple[Spread, ...]
    found: Provisions
    schools: Mapping[str, Mapping[str, Organisation]]  # by stage and id

    def schools_of(self, stage: str) -> list[SchoolProvided]:
        """The schools that teach the stage, and those of which nobody can say, in tree order."""
        schools = self.schools[stage]
        rows = {
            item: {key: own[key] for key in schools if key in own}
            for item, own in self.found[stage].items()
        }
        shares = {item: parts(own.values()) for item, own in rows.items()}
        answer = []
        for key, organisation in schools.items():
            provided = {item: own[key] for item, own in rows.items() if key in own}
            pupils = next((one.pupils for one in provided.values()), 0.0)
            if pupils != 0:
                own = {item: part[key] for item, part in shares.items() if key in part}
                answer.append(SchoolProvided(organisation, pupils, provided, own))
        return answer


def balance_at(
    actor: Actor, run: MeasuredSnapshot, method: BalanceMethod, organisation: Organisation
) -> Balance:
    """For an organisation in scope, over the schools below it that the actor may see."""
    kinds = {kind for told in method.stages.values() for kind in told.kinds}
    below = list(
        visible_to(actor, Area.FIGURES).filter(path__startswith=organisation.path, kind__in=kinds)
    )
    schools = {
        stage: {one.pk: one for one in below if one.kind in told.kinds}
        for stage, told in method.stages.items()
    }
    found = _provisions(run.folder, run.sha256, method.id)
    ids = {stage: {organisation.pk: list(own)} for stage, own in schools.items()}
    spread = spreads(found, load(method.plan), method, below=ids)
    return Balance(method, tuple(spread), found, schools)


@lru_cache(maxsize=4)
def _provisions(folder: str, sha256: str, method_id: str) -> Provisions:
    """What every organisation has; `sha256` keeps runs apart. Snapshots do not change."""
    method = balance_methods()[method_id]
    wanted = {item for stage in method.stages.values() for item in stage.items}
    plan = load(method.plan)
    kept = {reference: item for reference, item in plan.items.items() if reference in wanted}
    alone = plan.model_copy(update={"items": kept})
    results = evaluate([alone], read_snapshot(placed(folder)), vocabulary=vocabulary())
    return provisions(results, method)
