"""Who lacks what: a row for each person and each standard that she does not certainly meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.backends.duckdb_persons import SUBJECT
from qiangshi.measure.explain_organisation import subtree_of
from qiangshi.measure.explain_person import person_standards, tested_items
from qiangshi.measure.judged import judged
from qiangshi.measure.wording import clause_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qiangshi.measure.comparisons import Comparison
    from qiangshi.measure.evaluation_plan import MeasuredItem
    from qiangshi.measure.judged import Judged
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Gap:
    """A standard that a person does not meet, or of which nobody can say yet (`unknown`).

    `has`, `needs` and `shortfall` are of the first comparison that does not hold.
    """

    organisation_id: str
    organisation_name: str
    person_id: str
    name: str
    item: str
    clause: str
    title_zh: str
    label_zh: str
    has: float | str | None
    needs: float | str | None
    shortfall: float | None
    unit_zh: str
    due: date | str | None
    state: Literal["not_met", "unknown"]
    sentence_zh: str


def gaps(
    plan: Plan,
    snapshot: Snapshot,
    *,
    vocabulary: Vocabulary,
    on: date | None = None,
    organisation_id: str | None = None,
) -> Iterator[Gap]:
    """Gaps by standard, persons in tree order; of one organisation's subtree if it is given.

    Raises UnknownSubject when the snapshot has no such organisation.
    """
    compiled = person_standards(plan, vocabulary, on or snapshot.on)
    only = None
    if organisation_id is not None:
        only = ("organisation", subtree_of(snapshot, organisation_id))
    also = {SUBJECT: {(SUBJECT, "name")}}
    with Session(compiled, snapshot, vocabulary, only=only, also=also) as session:
        for item, test in tested_items(compiled):
            for subject in judged(session, test, "lacking"):
                yield _gap(plan, item, subject)


def _gap(plan: Plan, item: MeasuredItem, subject: Judged) -> Gap:
    found = _first_lacking(subject)
    return Gap(
        organisation_id=subject.organisation_id,
        organisation_name=subject.organisation_name,
        person_id=subject.key,
        name=subject.name,
        item=item.item,
        clause=item.clause,
        title_zh=item.title_zh,
        label_zh="" if found is None else found.label_zh,
        has=None if found is None else found.has,
        needs=None if found is None else found.needs,
        shortfall=None if found is None else found.shortfall,
        unit_zh="" if found is None else found.unit_zh,
        due=getattr(plan.items[item.item], "due", None),
        state="not_met" if subject.state == "not_met" else "unknown",
        sentence_zh=subject.sentence(f"{clause_name(plan)} {item.clause}"),
    )


def _first_lacking(subject: Judged) -> Comparison | None:
    for wanted in (False, None, True):
        for found in subject.comparisons:
            if found.verdict is wanted:
                return found
    return None
