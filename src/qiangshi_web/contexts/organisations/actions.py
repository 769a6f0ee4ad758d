"""Every write to organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi.measure.tables import tree_order
from qiangshi_web.contexts.organisations.models import SEPARATOR, Organisation

if TYPE_CHECKING:
    from typing import Any

    import pyarrow as pa

_WRITTEN = ["parent", "path", "depth", "place", "name", "kind", "tier"]


@transaction.atomic
def load_organisations(*, table: pa.Table) -> int:
    """Take over the organisations of a snapshot; the count of them. The same table twice is once.

    An organisation that the table no longer has stays: results and grants of the past name it.
    """
    rows = {str(row["organisation_id"]): row for row in table.to_pylist()}
    paths: dict[str, str] = {}
    made: list[Organisation] = []
    for place, organisation_id in enumerate(tree_order(table)):
        made.append(_organisation(rows[organisation_id], paths=paths, place=place))
        paths[organisation_id] = made[-1].path
    Organisation.objects.bulk_create(
        made,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["organisation_id"],
        update_fields=_WRITTEN,
    )
    return len(made)


def _organisation(row: dict[str, Any], *, paths: dict[str, str], place: int) -> Organisation:
    parent_id = row["parent_id"]
    path = f"{paths.get(parent_id, '')}{row['organisation_id']}{SEPARATOR}"
    return Organisation(
        organisation_id=row["organisation_id"],
        parent_id=parent_id,
        path=path,
        depth=path.count(SEPARATOR) - 1,
        place=place,
        name=row["name"],
        kind=row["kind"],
        tier=row["tier"],
    )
