"""The formats that files come in. Knows nothing of Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.datacheck.profiles import TEMPLATE, load_profile

if TYPE_CHECKING:
    from qiangshi.datacheck.profiles import Profile
    from qiangshi.policy.vocabulary import Relation, Vocabulary

_AMOUNTS = {"integer", "decimal", "boolean"}
_OF_PERSON = ("id_number", "name", "born_on")
MADE = "x"
"""What made numbers begin with."""


def profile_named(profile_id: str, *, vocabulary: Vocabulary) -> Profile:
    """A profile; our own template takes files without numbers too."""
    profile = load_profile(profile_id, vocabulary=vocabulary)
    if profile_id != TEMPLATE:
        return profile
    tables = []
    for table in profile.tables:
        relation = vocabulary.relations[table.id]
        rows = tuple(one.model_copy(update={"key": telling(relation)}) for one in table.rows)
        tables.append(table.model_copy(update={"rows": rows}))
    return profile.model_copy(update={"tables": tuple(tables)})


def telling(relation: Relation) -> tuple[str, ...]:
    """Columns that tell one record from another: all but its number and its amounts."""
    if relation.id == "person":
        return _OF_PERSON
    if relation.key is None or relation.id == "organisation":
        return ()
    years = {relation.dated.year, relation.dated.school_year}
    return tuple(
        column.id
        for column in relation.columns
        if column.id != relation.key and (column.type not in _AMOUNTS or column.id in years)
    )
