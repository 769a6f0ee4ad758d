"""Rules that need more than one row: what somebody must have, spans apart, people twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.datacheck.identity.people import match_within
from qiangshi.datacheck.quality.ledgers import months_before
from qiangshi.datacheck.quality.records import NOBODY
from qiangshi.datacheck.rules import Judged, conditions_hold, overlapping

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.arrays import Array
    from qiangshi.datacheck.quality.ledgers import Ledgers
    from qiangshi.datacheck.quality.records import Records
    from qiangshi.datacheck.rules import Rule
    from qiangshi.datacheck.rules.models import Has

_COMPARED = ("person_id", "name", "born_on", "id_number", "organisation_id", "sex")


@dataclass(frozen=True, slots=True)
class HasJudged:
    """Subjects held to a rule about another relation; `latest` is their last day there, or 0."""

    judged: Judged
    latest: NDArray[np.int64]


def judge_has(rule: Rule, has: Has, records: Records, ledgers: Ledgers, *, on: date) -> HasJudged:
    """Which subjects lack a row. Where a ledger was not handed in, nothing is known of hers."""
    relation = records.vocabulary.relations[has.relation]
    rows = records.table(rule.relation).num_rows
    concerned = conditions_hold(rule.when, lambda name: records.column(rule.relation, name), rows)
    held = ledgers.held(relation)
    good = held.has_row
    since = None if has.within_months is None else months_before(on, has.within_months)
    if since is not None:
        good = held.latest >= since.year * 10_000 + since.month * 100 + since.day
    owners = records.owners(rule.relation)
    confirmed = np.append(ledgers.confirmed(relation, since=since), False)[owners]
    known = np.append(_known(relation.when_absent, relation.id, records, ledgers), False)[owners]
    checked = concerned & (owners != NOBODY) & (known | confirmed)
    return HasJudged(Judged(checked, checked & ~good & ~confirmed), held.latest)


def _known(when_absent: str, name: str, records: Records, ledgers: Ledgers) -> NDArray[np.bool_]:
    """For each organisation whether no row says anything."""
    if when_absent == "unknown":
        return ledgers.handed_in(records.vocabulary.relations[name])
    return np.full(len(records.organisations), name in records)


def judge_apart(rule: Rule, records: Records) -> Judged:
    """Rows whose span overlaps an earlier one with the same values in the columns of the rule."""
    relation = records.vocabulary.relations[rule.relation]
    keys = [records.column(relation.id, name) for name in rule.apart or ()]
    dated = relation.dated
    since, until = (records.column(relation.id, str(name)) for name in (dated.since, dated.until))
    found = overlapping(keys, since, until)
    concerned = conditions_hold(
        rule.when, lambda name: records.column(relation.id, name), len(since)
    )
    return Judged(found.checked & concerned, found.failed & concerned)


@dataclass(frozen=True, slots=True)
class Twins:
    """People found twice: for each row of people the place of the other, `NOBODY` without one."""

    surely: NDArray[np.int64]
    perhaps: NDArray[np.int64]


def find_twins(records: Records, *, root: Path | None = None) -> Twins:
    """The later of two rows that are or may be of one person, with the place of the earlier."""
    columns: list[Array] = [records.column("person", name) for name in _COMPARED]
    people = pa.Table.from_arrays(columns, names=list(_COMPARED))
    pairs = match_within(people, root=root)
    found = Twins(*(np.full(people.num_rows, NOBODY) for _ in range(2)))
    left, right = (_numbers(pairs, name) for name in ("left", "right"))
    is_definite: Any = pairs.column("is_definite").to_numpy(zero_copy_only=False)
    for places, mask in ((found.surely, is_definite), (found.perhaps, ~is_definite)):
        mask = np.asarray(mask, np.bool_)
        places[right[mask][::-1]] = left[mask][::-1]
    found.perhaps[found.surely != NOBODY] = NOBODY
    return found


def _numbers(table: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(table.column(name).to_numpy())
