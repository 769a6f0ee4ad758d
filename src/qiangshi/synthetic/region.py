"""The whole region: every relation that has a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.synthetic import (
    cohorts,
    employment,
    finance,
    groups,
    honours,
    ledgers,
    memberships,
    organisations,
    people,
    resources,
    studios,
    training,
)
from qiangshi.synthetic.columns import fitted
from qiangshi.synthetic.draft import Draft, Part

if TYPE_CHECKING:
    import pyarrow as pa

    from qiangshi.policy.vocabulary import Vocabulary
    from qiangshi.synthetic.spec import RegionSpec

PARTS: tuple[Part, ...] = (
    organisations.PART,
    groups.PART,
    ledgers.PART,
    resources.PART,
    finance.PART,
    people.PART,
    employment.PART,
    training.PART,
    honours.PART,
    cohorts.PART,
    studios.PART,
    memberships.PART,
)
"""One relation each. A new one is a module with a `PART`, added here."""


def make_region(spec: RegionSpec, *, vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """The relations of `vocabulary` that have a part, as tables with exactly its columns.

    The same spec makes equal tables. A relation without a part is absent, which says that
    nobody handed in that ledger.
    """
    draft = Draft(spec, vocabulary)
    return {
        part.relation: fitted(part.make(draft), vocabulary.relations[part.relation])
        for part in PARTS
        if part.relation in vocabulary.relations
    }
