"""What is kept of a person erased by law, with the files and corrections that repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi_web.exchange.actions import forget_contents
from qiangshi_web.exchange.queries import ImportFile, files_behind
from qiangshi_web.filing.ledgers import ledgers_about
from qiangshi_web.filing.models import CorrectionRequest, Evidence, KeptFile
from qiangshi_web.filing.sight import ARCHIVE
from qiangshi_web.kernel.records import erase
from qiangshi_web.kernel.superseded import Superseded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.facts import Fact


@transaction.atomic
def erase_about(
    person: Person, relations: Collection[str], *, actor: Actor, at: datetime, reason: str
) -> int:
    """Erase every row about a person in those relations; how many. Raises Refused.

    A correction once asked for keeps who asked and how it ended, not what it said. Imported files
    that wrote one of the rows are let go of whole.
    """
    count, files = 0, set()
    for ledger in ledgers_about("person"):
        if ledger.relation.id not in relations:
            continue
        facts = list(ledger.model.objects.filter(**{ledger.subject_column: person.pk}))
        asked = CorrectionRequest.objects.filter(ledger=ledger.name, person=person)
        Evidence.objects.filter(request__in=asked).delete()
        asked.update(before={}, changes={}, reason="")
        if ledger.name == ARCHIVE:
            KeptFile.objects.filter(entry__in=[fact.pk for fact in facts]).delete()
        files |= _files_behind(ledger.name, facts)
        for fact in facts:
            erase(fact, actor=actor, at=at, reason=reason)
        count += len(facts)
    kept = ImportFile.objects.filter(pk__in=files)
    forget_contents(kept, actor=actor, at=at, reason=reason)
    return count


def _files_behind(relation: str, facts: Sequence[Fact]) -> set[int]:
    """The files that any belief about the facts came from."""
    keys = [fact.key for fact in facts]
    before = Superseded.objects.filter(relation=relation, key__in=keys)
    instants = {*before.values_list("known_from", flat=True)}
    return files_behind(relation, keys, instants | {fact.known_from for fact in facts})
