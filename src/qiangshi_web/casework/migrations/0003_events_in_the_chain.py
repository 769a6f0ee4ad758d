"""What happened to cases before the log held it: from here on as it stands now."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY


def hold(apps: Any, _schema_editor: Any) -> None:
    """Nothing where there are no cases."""
    from qiangshi_web.kernel.chain.actions import hold_rows
    from qiangshi_web.kernel.records.checks import chunks

    model = apps.get_model("casework", "CaseEvent")  # the columns of this step, no later ones
    model.chained = ("case_id", "number")
    keys = model.objects.order_by("pk").values_list("pk", flat=True)
    for some in chunks(list(keys)):
        hold_rows(model, some, "adopt", actor=NOBODY, at=clock.now())


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_notices_at_the_desk"),
        ("kernel", "0003_erasure"),
    ]

    operations = [migrations.RunPython(hold, migrations.RunPython.noop)]
