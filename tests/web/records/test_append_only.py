"""The database itself keeps the log and the old beliefs from being changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from qiangshi_web.kernel.records import correct
from tests.web.records.factories import BY, entry, school, teacher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def corrected_entry() -> None:
    """An entry that was corrected, so that there is an event and an old belief."""
    teacher("T1", school("S1"))
    correct(entry("T1"), {"hours": 12}, **BY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_event SET reason = 'other'",
        "DELETE FROM kernel_event",
        "UPDATE kernel_superseded SET reason = 'other'",
        "DELETE FROM kernel_superseded",
    ],
)
def test_nobody_rewrites_the_past(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_an_old_belief_ends_after_it_began() -> None:
    statement = (
        "INSERT INTO kernel_superseded (relation, key, row, known_from, known_to, by, reason) "
        "SELECT relation, key, \"row\", known_to, known_from, 'x', 'x' FROM kernel_superseded"
    )
    with (
        pytest.raises(DatabaseError, match="superseded_after_it_was_known"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.replace(" row,", ' "row",').replace("by,", '"by",'))
