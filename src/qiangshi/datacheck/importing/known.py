"""What is on record already, as far as a file may refer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qiangshi.datacheck.arrays import texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

PEOPLE = ("person_id", "name", "born_on", "id_number", "organisation_id", "sex")
ORGANISATIONS = ("organisation_id", "name", "code")


@dataclass(frozen=True, slots=True)
class Known:
    """Business keys by relation; people and organisations with what they are found by.

    `people` has the columns of `PEOPLE`, `organisations` those of `ORGANISATIONS`; all but the
    first of each may be missing or null.
    """

    keys: Mapping[str, pa.Array[Any]] = field(default_factory=dict)
    people: pa.Table | None = None
    organisations: pa.Table | None = None

    def keys_of(self, relation: str) -> pa.Array[Any] | None:
        """The keys of a relation; None where nothing is known of it."""
        if relation in self.keys:
            return self.keys[relation].cast(pa.string())
        table = {"person": self.people, "organisation": self.organisations}.get(relation)
        return None if table is None else texts_of(table, f"{relation}_id")
