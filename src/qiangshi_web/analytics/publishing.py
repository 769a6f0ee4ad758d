"""Which figures of a run may leave the office, and which are withheld.

It is decided over the whole tree at once, so that two tables that were published apart do not give
away together what neither does alone; kept beside the run's parts until the run is made anew.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

from qiangshi.measure.publication import Pair, withheld, withheld_counts
from qiangshi.policy.item_parts import measures_of, subject_of
from qiangshi.policy.methods import load_publication_method
from qiangshi_web.analytics.cube import folder_of
from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.kernel.chain.actions import note

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from qiangshi.policy.methods import PublicationMethod
    from qiangshi.policy.models import Item, Plan
    from qiangshi_web.analytics.models import MeasuredSnapshot
    from qiangshi_web.kernel.actors import Actor

_PEOPLE = {"person", "person_time"}  # dimensions of what counts people
_FIELDS = ("item", "period", "organisation_id", "numerator", "denominator", "unit")

Row = tuple[str, str, str, float | None, float | None, str]


@cache
def publication_method() -> PublicationMethod:
    """The smallest cell, read once."""
    return load_publication_method()


def withheld_of(run: MeasuredSnapshot, plan: Plan) -> set[tuple[str, str, str]]:
    """Item, period and organisation of every figure of the plan that is not published."""
    file = _file(run, plan)
    if not file.is_file():
        _lay_down(file, _found(run, plan))
    return {(item, period, at) for item, period, at in json.loads(file.read_text("utf-8"))}


def _file(run: MeasuredSnapshot, plan: Plan) -> Path:
    return folder_of(run) / f"{plan.id}.withheld-{publication_method().smallest_cell}.json"


def _lay_down(file: Path, found: Collection[tuple[str, str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    making = file.with_name(f".{file.name}.{uuid4().hex}")
    making.write_text(json.dumps(sorted(found)), "utf-8")
    making.replace(file)


def _found(run: MeasuredSnapshot, plan: Plan) -> set[tuple[str, str, str]]:
    parents = dict(Organisation.objects.values_list("organisation_id", "parent_id"))
    rows: dict[tuple[str, str], list[Row]] = {}
    kept = MeasuredResult.objects.filter(run=run, plan=plan.id).values_list(*_FIELDS)
    for row in kept:
        rows.setdefault((row[0], row[1]), []).append(row)
    return {
        (item, period, at)
        for (item, period), own in rows.items()
        for at in _withheld(plan.items[item], own, parents)
    }


def _withheld(item: Item, rows: Sequence[Row], parents: Mapping[str, str | None]) -> set[str]:
    """Organisations of which one figure is not published."""
    told = {at: (met or 0, of) for _, _, at, met, of, _ in rows}
    inner = {at: above if (above := parents.get(at)) in told else None for at in told}
    if _is_share_of_people(item, rows):
        pairs = {at: Pair(int(met), int(of or 0)) for at, (met, of) in told.items()}
        return withheld(pairs, inner, publication_method())
    if _counts_people(item):
        counts = {at: int(met) for at, (met, _) in told.items()}
        return withheld_counts(counts, inner, publication_method())
    return set()


def _is_share_of_people(item: Item, rows: Sequence[Row]) -> bool:
    """Whether it is a share whose parts are persons, or things of persons."""
    is_share = all(unit == "share" and of is not None for _, _, _, _, of, unit in rows)
    path = vocabulary().path_to(subject_of(item), "person")
    return is_share and path is not None


def _counts_people(item: Item) -> bool:
    units = [vocabulary().measures[counted.measure].unit for _, counted in measures_of(item)]
    units.append(getattr(item, "unit", ""))
    known = vocabulary().units
    return any(known[unit].dimension in _PEOPLE for unit in units if unit in known)


def note_publication(
    run: MeasuredSnapshot,
    plan: Plan,
    organisation: Organisation,
    *,
    actor: Actor,
    at: datetime,
    told: Mapping[str, object],
) -> None:
    """The log says who took which figures out of the office, and how many were withheld."""
    key = f"{plan.id} {organisation.pk} {run.on.isoformat()}"
    note("publish", "measured_result", key, actor=actor, at=at, after=dict(told))
