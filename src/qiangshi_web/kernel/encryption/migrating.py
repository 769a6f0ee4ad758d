"""A migration's steps by which a column that held plain texts comes to hold sealed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

from qiangshi_web.kernel.encryption.rotating import rotate
from qiangshi_web.kernel.records.migrating import ByVendor

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation

    from qiangshi_web.kernel.encryption.fields import SealedText


def seal(model: str, name: str, field: SealedText, *, app: str) -> list[Operation]:
    """Alter the column and seal what it holds. There is no way back but a backup.

    SQLite's tables need not be rebuilt for it: any of its text columns takes texts of any length.
    """
    table = f"{app}_{model}"

    def seal_what_is_there(apps: Any, _: object) -> None:
        rotate([apps.get_model(app, model.replace("_", ""))._meta.get_field(name)], _unheard)

    return [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                ByVendor({"postgresql": [f"ALTER TABLE {table} ALTER COLUMN {name} TYPE text"]}, {})
            ],
            state_operations=[migrations.AlterField(model.replace("_", ""), name, field)],
        ),
        migrations.RunPython(seal_what_is_there),
    ]


def _unheard(_column: str, _seen: int) -> None:
    """Migrations are silent."""
