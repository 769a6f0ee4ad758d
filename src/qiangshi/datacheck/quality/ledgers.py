"""Which ledgers were kept, which were confirmed as complete, and which nobody handed in.

Nothing on record in a ledger that was not handed in is not known, and no fault of any row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.datacheck.arrays import is_null, taken
from qiangshi.datacheck.ledgers import CONFIRMATION
from qiangshi.datacheck.quality.records import NOBODY, places_of
from qiangshi.datacheck.rules.rows import day_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.quality.records import Records
    from qiangshi.policy.vocabulary import Relation

KEPT, CONFIRMED, SILENT = "kept", "confirmed", "silent"
STATES = (SILENT, CONFIRMED, KEPT)
_MONTHS = 12
_SCHOOL_YEAR_ENDS = 1_0831  # the day after a school year's first year in which it ends
_YEAR_ENDS = 1231

LEDGERS = pa.schema(
    [
        pa.field("relation", pa.string()),
        pa.field("organisation_id", pa.string()),
        pa.field("state", pa.string()),
        pa.field("subjects", pa.int64()),
        pa.field("covered", pa.int64()),
    ]  # type: ignore[arg-type] # the stubs take fields of one type only
)
"""Each expected ledger of each organisation that should keep it. `state` is one of `STATES`;
`subjects` are her people (or 1, the school itself), `covered` those with a row."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a ledger holds by subject: the place of the latest day, and whether there is a row.

    `latest` are days such as 20251231, 0 where no row has a day.
    """

    has_row: NDArray[np.bool_]
    latest: NDArray[np.int64]


class Ledgers:
    """Asks the ledgers of a region who has what."""

    def __init__(self, records: Records, *, on: date) -> None:
        self._records, self._on = records, on
        self._held: dict[str, Held] = {}

    def held(self, relation: Relation) -> Held:
        """For each person, or each organisation, what she has in a ledger."""
        if relation.id not in self._held:
            self._held[relation.id] = self._find(relation)
        return self._held[relation.id]

    def _find(self, relation: Relation) -> Held:
        subject = str(relation.belongs_to)
        key = f"{subject}_id"
        count = self._records.table(subject).num_rows
        places = places_of(
            self._records.column(relation.id, key), self._records.column(subject, key)
        )
        days = np.where(places == NOBODY, 0, self._days(relation))
        has_row, latest = np.zeros(count + 1, np.bool_), np.zeros(count + 1, np.int64)
        has_row[places] = True
        np.maximum.at(latest, places, days)
        return Held(has_row[:count], latest[:count])

    def _days(self, relation: Relation) -> NDArray[np.int64]:
        """The last day that each row speaks of; a span without end goes on."""
        dated = relation.dated
        if dated.on is not None:
            return day_numbers(self._records.column(relation.id, dated.on))
        if dated.since is not None and dated.until is not None:
            until = self._records.column(relation.id, dated.until)
            return np.where(is_null(until), _day_number(self._on), day_numbers(until))
        year = dated.year or dated.school_year
        if year is None:
            return np.full(self._records.table(relation.id).num_rows, _day_number(self._on))
        column: Any = self._records.column(relation.id, year).fill_null(0)
        ends = _YEAR_ENDS if dated.year is not None else _SCHOOL_YEAR_ENDS
        return np.asarray(column.to_numpy(zero_copy_only=False) * 10_000 + ends)

    def handed_in(self, relation: Relation) -> NDArray[np.bool_]:
        """For each organisation whether the ledger has any row of its own."""
        subject = str(relation.belongs_to)
        organisations = len(self._records.organisations)
        rows = np.zeros(organisations + 1, np.bool_)
        rows[self._records.owners(subject)[self.held(relation).has_row]] = True
        return rows[:organisations]

    def confirmed(self, relation: Relation, *, since: date | None) -> NDArray[np.bool_]:
        """For each organisation whether it confirmed the ledger for days from `since` to now."""
        found = np.zeros(len(self._records.organisations) + 1, np.bool_)
        about: Any = self._records.column(CONFIRMATION, "relation")
        equal: Any = pc.equal
        mine = np.asarray(equal(about, relation.id).fill_null(False).to_numpy(zero_copy_only=False))
        begins = day_numbers(self._records.column(CONFIRMATION, "valid_from"))
        ends = day_numbers(self._records.column(CONFIRMATION, "valid_to"))
        mine &= begins <= _day_number(self._on)
        if since is not None:
            mine &= ends >= _day_number(since)
        found[self._records.owners(CONFIRMATION)[mine]] = True
        return found[:-1]

    def state(self, names: tuple[str, ...], tiers: frozenset[str]) -> pa.Table:
        """Each of the ledgers `names` of each organisation that should keep it; see `LEDGERS`.

        A ledger about people is kept by whoever has people, one about schools by those in `tiers`.
        """
        parts = [LEDGERS.empty_table()]
        parts += [self._state(self._records.vocabulary.relations[name], tiers) for name in names]
        return pa.concat_tables(parts).combine_chunks()

    def _state(self, relation: Relation, tiers: frozenset[str]) -> pa.Table:
        records = self._records
        subject = str(relation.belongs_to)
        count = len(records.organisations)
        owners = records.owners(subject)
        if subject == "organisation":
            tier = records.column("organisation", "tier").to_pylist()
            owners = np.where([one in tiers for one in tier], owners, NOBODY)
        subjects = _per_organisation(owners, count)
        covered = _per_organisation(owners[self.held(relation).has_row], count)
        state = np.where(covered > 0, 2, np.where(self.confirmed(relation, since=None), 1, 0))
        asked = np.flatnonzero(subjects > 0)
        ids: Array = taken(records.organisations.ids, asked)
        columns = [
            pa.array([relation.id] * len(asked), pa.string()),
            ids,
            pa.array([STATES[one] for one in state[asked].tolist()], pa.string()),
            pa.array(subjects[asked]),
            pa.array(covered[asked]),
        ]
        return pa.Table.from_arrays(columns, schema=LEDGERS)


def _per_organisation(owners: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.bincount(owners[owners != NOBODY], minlength=count).astype(np.int64)


def _day_number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    for shorter in range(4):
        try:
            return date(year, month + 1, day.day - shorter)
        except ValueError:
            continue
    raise ValueError(f"expected a day in the calendar, got {months} months before {day}")
