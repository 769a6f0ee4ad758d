"""Identity numbers are sealed in the database, in the log and in what was believed before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from django.core.exceptions import FieldError
from django.db import connection

from qiangshi_web.analytics.sealed_door import WithSealed, fingerprint
from qiangshi_web.contexts.people.models import Certificate, Person
from qiangshi_web.kernel.encryption.columns import sealed_columns
from qiangshi_web.kernel.encryption.rotating import Rotated, rotate
from qiangshi_web.kernel.encryption.sealing import Cipher, SealBroken
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import beliefs, correct, record_many
from qiangshi_web.kernel.registry import vocabulary
from qiangshi_web.kernel.superseded import Superseded
from tests.architecture.sources import ROOT
from tests.web.records.factories import BY, TOLD, school, teacher

if TYPE_CHECKING:
    from pytest_django import Settings

NUMBER, OTHER = "11010519491231002X", "410105198001010017"
PERSON = Person._meta.get_field("id_number")


def keys(**newer: str) -> dict[str, list[dict[str, str]]]:
    """The keys of the tests, and one more for each purpose of `newer`."""
    found = {
        purpose: [{"id": f"{purpose}-1", "key": digit * 64}]
        for purpose, digit in (("log", "1"), ("field", "2"), ("index", "3"))
    }
    for purpose, digit in newer.items():
        found[purpose].append({"id": f"{purpose}-2", "key": digit * 64})
    return found


def held(key: str = "T1") -> Any:
    """What stands in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM people_person WHERE person_id = %s", [key])
        return cursor.fetchone()[0]


def put(value: str, key: str = "T1") -> None:
    """Write past the application."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET id_number = %s WHERE person_id = %s", [value, key])


@pytest.fixture
def numbered(db: None) -> Person:
    """A teacher whose number was corrected once."""
    person = teacher("T1", school("S1"))
    person = correct(person, {"id_number": OTHER}, actor=BY["actor"], at=TOLD["at"], reason="补录")
    return correct(person, {"id_number": NUMBER}, **BY)


def test_nowhere_in_the_database_does_a_number_stand_in_clear(numbered: Person) -> None:
    kept = [str(row) for row in Superseded.objects.values_list("row", flat=True)]
    told = [str(row) for row in Event.objects.values_list("before", "after")]

    assert Person.objects.get(pk="T1").id_number == NUMBER
    assert [belief.row["id_number"] for belief in beliefs(Person, "T1")][-2:] == [OTHER, NUMBER]
    assert not any(number in text for text in [held(), *kept, *told] for number in (NUMBER, OTHER))


def test_a_number_is_found_whole_and_in_no_other_way(numbered: Person) -> None:
    found = Person.objects.filter(id_number=NUMBER)

    assert list(found) == [numbered]
    assert list(Person.objects.filter(id_number__in=[OTHER, NUMBER])) == [numbered]
    assert not Person.objects.filter(id_number=NUMBER[:-1]).exists()
    assert not Person.objects.exclude(id_number=None).exclude(pk="T1").exists()
    with pytest.raises(FieldError):
        Person.objects.filter(id_number__contains="1949").exists()


@pytest.mark.parametrize("how", ["another column's", "altered", "plain"])
def test_what_was_not_sealed_for_its_column_is_not_read(numbered: Person, how: str) -> None:
    sealed = held()
    elsewhere = Cipher("people_certificate.number").seal(NUMBER)
    put({"another column's": elsewhere, "altered": sealed[:-6] + "AAAA==", "plain": NUMBER}[how])

    with pytest.raises(SealBroken, match=r"people_person\.id_number"):
        Person.objects.get(pk="T1")


def test_keys_are_changed_while_people_work(numbered: Person, settings: Settings) -> None:
    teacher("T2", "S1")
    put(OTHER, "T2")  # as it stood before columns were sealed
    settings.QIANGSHI_KEYS = keys(field="7", index="8")

    assert Person.objects.get(id_number=NUMBER).pk == "T1"
    first = rotate([PERSON], lambda *_: None)
    again = rotate([PERSON], lambda *_: None)

    column = "people_person.id_number"
    assert held().startswith("q1:field-2:index-2:")
    assert (first, again) == ([Rotated(column, 2, 0)], [Rotated(column, 0, 2)])
    settings.QIANGSHI_KEYS = {**keys(), "field": keys(field="7")["field"][1:],
                              "index": keys(index="8")["index"][1:]}  # fmt: skip
    assert Person.objects.get(id_number=NUMBER).pk == "T1"
    assert Person.objects.get(pk="T2").id_number == OTHER


def test_a_bulk_write_seals_and_the_same_rows_twice_are_once(db: None) -> None:
    teacher("T1", school("S1"))
    kinds = vocabulary().relations["certificate"].by_id["kind"].codes
    common = {"person_id": "T1", "valid_from": BY["at"].date(),
              "kind": vocabulary().codes[str(kinds)].tokens[0]}  # fmt: skip
    rows = [{"certificate_id": f"C{at}", "number": f"证字{at}号", **common} for at in range(3)]

    record_many("certificate", rows, **TOLD)
    again = record_many("certificate", rows, **TOLD)

    assert (again.recorded, again.corrected, again.unchanged) == (0, 0, 3)
    assert Certificate.objects.get(number="证字2号").pk == "C2"


def test_the_door_fills_what_snapshots_leave_out(numbered: Person) -> None:
    teacher("T2", "S1")
    without = pa.table(
        {"person_id": ["T2", "T1"], "id_number": pa.array([None, None], pa.string())}
    )
    before = fingerprint()

    found = WithSealed({"person": without})["person"]
    correct(numbered, {"id_number": OTHER}, **BY)

    assert found.column("id_number").to_pylist() == [None, NUMBER]
    assert fingerprint() != before != ""


def test_two_use_the_door_and_no_others() -> None:
    through = re.compile(r"analytics(?:\.| import )sealed_door")
    users = {
        str(file.relative_to(ROOT / "src/qiangshi_web"))
        for file in (ROOT / "src").rglob("*.py")
        if through.search(file.read_text(encoding="utf-8"))
    }
    assert users == {"exchange/packages.py", "quality/actions.py"}


def test_every_sealed_column_is_rotated() -> None:
    assert {column.cipher.column for column in sealed_columns()} == {
        "desk_draft.fields",
        "ethics_integrity_entry.basis",
        "ethics_receipt.contact",
        "people_certificate.number",
        "people_person.id_number",
        "qualification_qualification_certificate.number",
    }
