"""For whom somebody acted; documents and decisions are held by the log from here on."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.records.migrating import ByVendor, append_only

_CHAINED = {"Document": ("case_id", "name"), "Decision": ("number",)}
_GUARDS = {"sqlite": append_only("casework_caseevent").forwards["sqlite"]}


def hold(apps: Any, _schema_editor: Any) -> None:
    """As they stand now; nothing where there are none."""
    from qiangshi_web.kernel.chain.actions import hold_rows
    from qiangshi_web.kernel.records.checks import chunks

    for name, columns in _CHAINED.items():
        model = apps.get_model("casework", name)
        model.chained = columns
        if name == "Decision":
            model.unchained = ("withdrawn_on",)
        for some in chunks(list(model.objects.order_by("pk").values_list("pk", flat=True))):
            hold_rows(model, some, "adopt", actor=NOBODY, at=clock.now())


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_events_in_the_chain")]

    operations = [
        # SQLite builds the table anew, and its guards go with the old one; not on the way back.
        migrations.AddField(
            model_name="caseevent",
            name="on_behalf_of",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="代表"
            ),
            preserve_default=False,
        ),
        ByVendor(_GUARDS, {}),
        append_only("casework_document"),
        migrations.RunPython(hold, migrations.RunPython.noop),
    ]
