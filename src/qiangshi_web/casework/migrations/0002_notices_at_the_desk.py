"""Notices are the desk's from now on: those there are move, none is told twice."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    """Each notice of a case, with what has become of it."""
    old, new = apps.get_model("casework", "Notice"), apps.get_model("desk", "Notice")
    new.objects.bulk_create(
        (
            new(
                user_id=one.user_id,
                kind="case",
                key=one.key,
                text=one.text,
                link=f"/cases/{one.case_id}/",
                on=one.on,
                read_at=one.read_at,
                posted_at=one.sent_at,
                mailed_at=one.sent_at,
            )
            for one in old.objects.order_by("pk").iterator()
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("desk", "0003_notices"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="Notice"),
    ]
