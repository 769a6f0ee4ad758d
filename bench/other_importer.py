"""The made-up file through django-import-export, held to the same rules.

`python other_importer.py FILE ROWS` reads the first rows as tablib does, checks them as a dry run,
and prints seconds, MiB and the rows that were refused, as JSON. Cells are
read by our own readers, one by one, so that the rules are the same to the letter; everything that
makes the library slower and is not needed here (differences, look-ups, saving) is off.
Finding likely duplicates of people, which ours does too, is left out.
"""

from __future__ import annotations

import json
import resource
import sys
from functools import lru_cache
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import django
import openpyxl
import tablib
from django.conf import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.made_up_file import PARTS, fields, profile
from qiangshi.datacheck.cells import Adjusted, Reason
from qiangshi.datacheck.identity import IdentityNumber, read_identity_number
from qiangshi.datacheck.joins import key_columns
from qiangshi.datacheck.profiles.readers import target_reader
from qiangshi.datacheck.rules import load_rules
from qiangshi.policy import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi.datacheck.cells import Outcome
    from qiangshi.policy.vocabulary import Vocabulary

_KIBIBYTES_PER_MEBIBYTE = 1 << 10
_REMEMBERED = 4_096


def main(path: Path, rows: int) -> None:
    """See the module."""
    settings.configure(
        INSTALLED_APPS=["import_export"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        USE_TZ=True,
    )
    django.setup()
    vocabulary = load_vocabulary()
    start, cpu = perf_counter(), process_time()
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
    open_seconds = perf_counter() - start
    start = perf_counter()
    dataset = read(sheet, rows)
    read_seconds = perf_counter() - start
    lines = lines_resource(vocabulary)
    start = perf_counter()
    result = lines.import_data(dataset, dry_run=True, raise_errors=False)
    check_seconds = perf_counter() - start
    bad = {row.number + 1 for row in (*result.invalid_rows, *result.error_rows)}
    found = {
        "rows": len(dataset),
        "open_seconds": open_seconds,
        "read_seconds": read_seconds,
        "check_seconds": check_seconds,
        "cpu_seconds": process_time() - cpu,
        "bad": sorted(bad),
        "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        // _KIBIBYTES_PER_MEBIBYTE,
    }
    print(json.dumps(found))


def read(sheet: Any, rows: int) -> tablib.Dataset:
    """The first rows, the way tablib reads workbooks."""
    lines = sheet.iter_rows(values_only=True)
    dataset = tablib.Dataset(headers=next(lines))
    for line in islice(lines, rows):
        dataset.append(line)
    return dataset


def lines_resource(vocabulary: Vocabulary) -> Any:
    """The resource: a field for each column, and what rows must be beside."""
    from django.core.exceptions import ValidationError
    from django.db import models
    from import_export import resources
    from import_export.fields import Field as ResourceField

    names = [f"{one.relation}_of_{one.column.id}" for one in fields(vocabulary)]
    attributes: dict[str, Any] = {name: models.TextField(null=True) for name in names}
    attributes |= {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "import_export"})}
    line = type("Line", (models.Model,), attributes)

    rules, widget = _Rules(vocabulary), _cell_widget()

    class Lines(resources.ModelResource):  # type: ignore[misc] # it carries no types
        """Sixty columns into one row."""

        class Meta:
            model = line
            fields = tuple(names)
            import_id_fields = ()
            force_init_instance = True
            skip_diff = True
            report_skipped = False
            use_bulk = True

        def bulk_create(self, *args: Any, **kwargs: Any) -> None:
            """Nothing is saved: ours is timed without that too."""
            self.create_instances.clear()

        def validate_instance(self, instance: Any, *args: Any, **kwargs: Any) -> None:
            """What rows must be beside their cells, told with the cells."""
            super().validate_instance(instance, *args, **kwargs)
            if wrong := rules.broken(instance):
                raise ValidationError(wrong)

    found = Lines()
    found.fields = {
        name: ResourceField(
            column_name=one.header,
            attribute=name,
            widget=widget(read, required=one.column.required),
        )
        for name, one, read in zip(names, fields(vocabulary), _readers(vocabulary), strict=True)
    }
    return found


def _cell_widget() -> Any:
    """A widget around one of our readers."""
    from import_export import widgets

    class CellWidget(widgets.Widget):  # type: ignore[misc] # it carries no types
        """Reads a cell by our reader."""

        def __init__(self, read: Callable[[Any], Outcome], *, required: bool) -> None:
            super().__init__()
            self.read, self.required = read, required

        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
            found = self.read(value)
            if isinstance(found, Reason):
                raise ValueError(found.zh)
            if found is None and self.required:
                raise ValueError("必填，不能为空")
            return found.value if isinstance(found, Adjusted) else found

    return CellWidget


def _readers(vocabulary: Vocabulary) -> list[Callable[[Any], Outcome]]:
    """Our own reader of each column, remembering what it has read."""
    read = profile(vocabulary)
    (table,) = read.tables
    return [
        lru_cache(_REMEMBERED, typed=True)(
            target_reader(target, how, table=table, profile=read, vocabulary=vocabulary)
        )
        for column in table.columns
        for target, how in column.to.items()
    ]


class _Rules:
    """What a row must be: spans, keys that occur once, ages, birth and sex as the number says."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._relations = [vocabulary.relations[name] for name in PARTS]
        self._seen: dict[str, set[tuple[Any, ...]]] = {name: set() for name in PARTS}
        self._rules = [
            rule
            for rule in load_rules(vocabulary=vocabulary)
            if rule.relation == "person" and rule.refuses
        ]

    def broken(self, row: Any) -> list[str]:
        """What is wrong with one row."""
        wrong = [text for relation in self._relations for text in self._relation(relation, row)]
        number = read_identity_number(row.person_of_id_number or "")
        for rule in self._rules:
            if rule.agrees is not None and isinstance(number, IdentityNumber):
                stated = getattr(row, f"person_of_{rule.agrees.column}")
                said: Any = number.born_on if rule.agrees.part == "birth" else number.sex
                if stated is not None and stated != said:
                    wrong.append(rule.label.zh)
            elif rule.years is not None:
                since = getattr(row, f"person_of_{rule.years.since}")
                until = getattr(row, f"person_of_{rule.years.until}")
                if since is not None and until is not None:
                    years = until.year - since.year
                    years -= (until.month, until.day) < (since.month, since.day)
                    if not _within(years, rule.years.at_least, rule.years.at_most):
                        wrong.append(rule.label.zh)
        return wrong

    def _relation(self, relation: Any, row: Any) -> list[str]:
        wrong = []
        dated = relation.dated
        if dated.since and dated.until:
            since = getattr(row, f"{relation.id}_of_{dated.since}", None)
            until = getattr(row, f"{relation.id}_of_{dated.until}", None)
            if since is not None and until is not None and until < since:
                wrong.append(f"{relation.label.zh}截止早于起始")
        key = tuple(
            getattr(row, f"{relation.id}_of_{column.id}", row.person_of_person_id)
            for column in key_columns(relation)
        )
        if key in self._seen[relation.id]:
            wrong.append(f"{relation.label.zh}重复")
        self._seen[relation.id].add(key)
        return wrong


def _within(years: int, at_least: int | None, at_most: int | None) -> bool:
    return (at_least is None or years >= at_least) and (at_most is None or years <= at_most)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
