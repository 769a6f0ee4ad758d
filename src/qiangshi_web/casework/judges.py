"""Who may judge whom: the register of judges, and every tie that the record or a party tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qiangshi.casework.kinds import EXPERT
from qiangshi.casework.panels import Conflicts, Spell, Tie, same_school, served_together
from qiangshi.casework.payloads import asking
from qiangshi.casework.rounds import Entry
from qiangshi_web.casework.models import CaseEvent
from qiangshi_web.casework.registry import TIES
from qiangshi_web.contexts.people.queries import Employment, Person
from qiangshi_web.identity.queries import holders_above

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from qiangshi_web.casework.registry import Declared, File

_BETWEEN_NAMES = re.compile(r"[\s,，、;；]+")


def pool_of(one: Declared, path: str, on: date) -> list[str]:
    """Whoever is on a register of judges at or above a place on a day and fit for the type."""
    fit = set(one.pool(on)) if one.pool else set()
    return [person for person in holders_above(path, EXPERT, on) if person in fit]


def conflicts(files: Sequence[File], pool: Collection[str]) -> Conflicts:
    """The graph of ties between the applicants of the cases and the pool."""
    applicants = {file.person_id for file in files}
    people = Person.objects.filter(pk__in=applicants.union(pool))
    schools, names = {}, {}
    for person, school, name in people.values_list("pk", "organisation_id", "name"):
        schools[person], names[person] = school or "", name
    columns = "person_id", "organisation_id", "valid_from", "valid_to"
    served = Employment.objects.filter(person__in=people).values_list(*columns)
    ties = [*same_school(schools, pool)]
    ties += served_together([Spell(*spell) for spell in served], pool)
    ties += _declared(files, {one: names.get(one, "") for one in pool})
    ties += _stepped_back(applicants)
    return Conflicts([*ties, *(tie for source in TIES for tie in source(applicants))])


def _declared(files: Sequence[File], names: Mapping[str, str]) -> Iterator[Tie]:
    """Whom an applicant named as kin or co-author, by number or name."""
    for file in files:
        told = [name for name, one in asking(file.kind.payload).items() if one.names == "ties"]
        text = " ".join(str(file.payload.get(name) or "") for name in told)
        named = set(_BETWEEN_NAMES.split(text))
        for expert, name in names.items():
            if named & {expert, name}:
                yield Tie(expert, file.person_id, "declared")


def _stepped_back(applicants: Collection[str]) -> list[Tie]:
    """Experts who once stepped back from judging the same person."""
    found = CaseEvent.objects.filter(verb="recuse", case__person_id__in=applicants)
    pairs = found.values_list("body__key", "case__person_id")
    return [Tie(expert, str(person), "recused") for expert, person in pairs]


def entry_of(file: File, ranked_by: Mapping[str, str]) -> Entry:
    """How a case stands in the ranking of its round: by mean, equal ones by median.

    `ranked_by` gives the field of the payload for `kind` and `level`, and for `directed`.
    """
    said = {part: file.payload.get(name) for part, name in ranked_by.items()}
    return Entry(
        case=str(file.number),
        score=round(file.standing.score or 0.0, 4),
        regions=(file.organisation_id,),
        kind=str(said.get("kind", "")),
        level=str(said.get("level", "")),
        ties=(file.standing.middle or 0.0,),
        track="directed" if said.get("directed") else "ordinary",
    )
