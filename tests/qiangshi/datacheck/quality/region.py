"""A region of two schools under one county, small enough to judge by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from qiangshi.datacheck.tables import arrow_schema
from qiangshi.policy import load_vocabulary

VOCABULARY = load_vocabulary()
ON = date(2025, 12, 31)
COUNTY, EAST, WEST = "C1", "S1", "S2"

_SCHOOL = {
    "kind": "primary_school",
    "tier": "school",
    "parent_id": COUNTY,
    "ownership": "public",
    "urban_rural": "town",
    "pupils": 400,
    "classes": 10,
    "code": None,
}
_TEACHER = {
    "staff_class": "teacher",
    "status": "in_post",
    "sex": "male",
    "born_on": date(1980, 1, 2),
    "employment_kind": "established",
    "stage": "primary",
    "subject": "chinese",
    "education_level": "bachelor",
    "title_rank": "first",
    "teaching_since": date(2002, 9, 1),
    "mandarin_level": "two_b",
}


_GIVEN = "甲乙丙丁戊己庚"


def table(relation: str, *rows: dict[str, Any]) -> pa.Table:
    schema = arrow_schema(VOCABULARY.relations[relation])
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema)


def school(organisation_id: str, **changes: Any) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "name": organisation_id, **_SCHOOL, **changes}


def teacher(person_id: str, organisation_id: str, **changes: Any) -> dict[str, Any]:
    row = {
        "person_id": person_id,
        "name": f"张{_GIVEN[int(person_id[1:])]}",
        "organisation_id": organisation_id,
    }
    return {**row, **_TEACHER, **changes}


def region(*people: dict[str, Any], **tables: pa.Table) -> dict[str, pa.Table]:
    """The county with its two schools, these people, and whatever ledgers were handed in."""
    organisations = table(
        "organisation",
        {"organisation_id": COUNTY, "name": "县", "kind": "bureau", "tier": "region"},
        school(EAST),
        school(WEST),
    )
    return {"organisation": organisations, "person": table("person", *people), **tables}
