"""Notices are the desk's from now on: those there are move to the accounts of their readers."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils.timezone import localdate


def move(apps: Any, schema_editor: Any) -> None:
    """Each notice of a request; whoever has no account could never read it."""
    old, new = apps.get_model("filing", "Notice"), apps.get_model("desk", "Notice")
    accounts = dict(
        apps.get_model("identity", "User")
        .objects.exclude(person_id="")
        .values_list("person_id", "pk")
    )
    told = old.objects.select_related("request").order_by("pk").iterator()
    new.objects.bulk_create(
        (
            new(
                user_id=accounts[one.person_id],
                kind="correction",
                key=f"{one.request_id}/{one.request.state}",
                text=one.text,
                link=f"/corrections/{one.request_id}/",
                on=localdate(one.at),
                read_at=one.read_at,
                posted_at=one.at,
                mailed_at=one.at,
            )
            for one in told
            if one.person_id in accounts
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("filing", "0002_kept_files"),
        ("desk", "0003_notices"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="Notice"),
    ]
