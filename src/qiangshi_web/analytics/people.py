"""Persons of the snapshot in scope of the actor, and how each stands on the standards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from qiangshi.errors import UnknownSubject
from qiangshi.measure import OpenSnapshot, PersonStandards, explain_organisation, read_snapshot
from qiangshi.policy.item_parts import is_confirmed
from qiangshi.policy.models import Standard
from qiangshi_web.analytics.folders import placed
from qiangshi_web.analytics.own_standards import OwnStandard
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.queries import snapshot_of
from qiangshi_web.analytics.records import rows_where
from qiangshi_web.contexts.organisations.queries import visible_to
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.bars import status_rank

__all__ = ["OwnStandard", "Person", "PersonStanding"]

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qiangshi.measure.explain_organisation import Part
    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.models import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the staff record, and the organisation that it belongs to."""

    row: Mapping[str, Any]
    organisation_id: str

    @property
    def person_id(self) -> str:
        """Her number in the record."""
        return str(self.row["person_id"])

    @property
    def name(self) -> str:
        """Her name in the record."""
        return str(self.row["name"])


def person_seen_by(actor: Actor, run: MeasuredSnapshot, person_id: str) -> Person | None:
    """A person in the actor's scope, or the actor herself; anyone else does not exist."""
    rows = rows_where(snapshot_of(run), "person", "person_id", person_id)
    if not rows:
        return None
    person = Person(rows[0], str(rows[0]["organisation_id"]))
    is_self = actor.may_see(Area.OWN) and actor.person_id == person_id
    in_scope = visible_to(actor, Area.PEOPLE).filter(pk=person.organisation_id)
    return person if is_self or in_scope.exists() else None


def standards_of(run: MeasuredSnapshot, person_id: str) -> list[OwnStandard]:
    """Every standard that binds the person, worst first; for a person already in scope.

    Of several plans the region's own, which stands last in the run, comes first. None where the
    run did not know her yet.
    """
    return list(standards_in(content_of(run), person_id))


@dataclass(frozen=True, slots=True)
class Content:
    """What a run measured, by the hash of it: what was worked out of that once holds for good."""

    folder: str
    sha256: str
    plan_ids: tuple[str, ...]


def content_of(run: MeasuredSnapshot) -> Content:
    """By which to keep what follows from the run alone."""
    return Content(run.folder, run.sha256, tuple(run.plan_ids))


@lru_cache(maxsize=128)
def standards_in(content: Content, person_id: str) -> tuple[OwnStandard, ...]:
    """Kept as `_parts` are."""
    found = []
    try:
        for plan_id, asked in _asked_of_persons(content).items():
            explanation = asked.explained(person_id)
            found += [OwnStandard(load(plan_id), one) for one in explanation.standards]
    except UnknownSubject:
        return ()
    return tuple(sorted(found, key=lambda standard: status_rank(standard.status)))


@lru_cache(maxsize=2)
def _asked_of_persons(content: Content) -> dict[str, PersonStandards]:
    """What a first opening does not have to work out again: all but the person's own rows."""
    opened = OpenSnapshot(read_snapshot(placed(content.folder)), vocabulary())
    return {
        plan_id: PersonStandards(load(plan_id), opened) for plan_id in reversed(content.plan_ids)
    }


def own_standards(actor: Actor, run: MeasuredSnapshot) -> list[OwnStandard]:
    """Every standard that binds the actor herself."""
    return standards_of(run, actor.person_id) if actor.may_see(Area.OWN) else []


def facts_of(run: MeasuredSnapshot, person_id: str) -> dict[str, list[dict[str, Any]]]:
    """Relation → the person's rows in it; for a person already in scope."""
    snapshot = snapshot_of(run)
    return {
        name: rows_where(snapshot, name, "person_id", person_id)
        for name, relation in vocabulary().relations.items()
        if relation.belongs_to == "person" and name in snapshot.relations
    }


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """A person of an organisation with how she stands on each standard that concerns her."""

    row: Mapping[str, Any]
    parts: Mapping[str, Part]

    @property
    def person_id(self) -> str:
        """Her number in the record."""
        return str(self.row["person_id"])

    def state(self, reference: str) -> str:
        """How she stands on a standard; `not_applicable` where it does not concern her."""
        found = self.parts.get(reference)
        return "not_applicable" if found is None else found.state


def people_standing(
    run: MeasuredSnapshot, plan: Plan, organisation: Organisation
) -> list[PersonStanding]:
    """Everybody on the staff of an organisation already in scope, with each standard for persons.

    Staff of the organisations below it are not among them.
    """
    rows = rows_where(snapshot_of(run), "person", "organisation_id", organisation.pk)
    if not rows:
        return []
    parts: dict[str, dict[str, Part]] = {}
    for reference in person_standards(plan):
        for part in parts_of(run, plan, reference, organisation):
            parts.setdefault(part.key, {})[reference] = part
    return [PersonStanding(row, parts.get(row["person_id"], {})) for row in rows]


def person_standards(plan: Plan) -> list[str]:
    """References of the standards that bind persons and are measured."""
    return [
        reference
        for reference, item in plan.items.items()
        if isinstance(item, Standard) and item.subject == "person" and is_confirmed(item)
    ]


def parts_of(
    run: MeasuredSnapshot, plan: Plan, reference: str, organisation: Organisation
) -> tuple[Part, ...]:
    """Those an item's figure is made of, at an organisation already in scope."""
    return _parts(run.folder, run.sha256, plan.id, reference, organisation.pk)


@lru_cache(maxsize=32)
def _parts(
    folder: str, sha256: str, plan_id: str, reference: str, organisation_id: str
) -> tuple[Part, ...]:
    """Snapshots and plans do not change, so neither do the parts; `sha256` keeps runs apart."""
    explained = explain_organisation(
        load(plan_id),
        read_snapshot(placed(folder)),
        organisation_id,
        reference,
        vocabulary=vocabulary(),
    )
    return explained.parts


def people_named(run: MeasuredSnapshot, keys: Sequence[str]) -> list[tuple[str, str]]:
    """Key and name of people of a school already in scope, in the order of the record."""
    if not keys:
        return []
    wanted = pc.field("person_id").isin(list(keys))
    found = pq.read_table(
        snapshot_of(run).path("person"), columns=["person_id", "name"], filters=wanted
    )
    names = dict(zip(*(found.column(name).to_pylist() for name in found.column_names), strict=True))
    return [(key, str(names[key])) for key in keys if key in names]
