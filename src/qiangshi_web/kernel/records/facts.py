"""The base of every fact: what is believed now, since when, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from typing import Any


class Fact(models.Model):
    """A row of a ledger. Its table holds what is believed now; `Superseded` what was before.

    A fact is written with the verbs of `qiangshi_web.kernel.records` and no other way.

    `vocabulary_relation`  the relation whose columns it has
    `state_of`             the relation whose dated part it is, told by a row for each span
    `natural_key`          columns that name a row where the relation has no key of its own
    `one_at_a_time`        columns within whose values spans must not overlap; the first one
                           refers to the row that is locked meanwhile
    `derived`              fields that follow from other rows and are no part of the record
    """

    vocabulary_relation: ClassVar[str] = ""
    state_of: ClassVar[str] = ""
    natural_key: ClassVar[tuple[str, ...]] = ()
    one_at_a_time: ClassVar[tuple[str, ...]] = ()
    derived: ClassVar[tuple[str, ...]] = ()

    known_from = models.DateTimeField("记入时间", db_index=True)
    recorded_by = models.CharField("记录人", max_length=80)
    recorded_source = models.CharField("记录来源", max_length=400, blank=True)

    class Meta:
        abstract = True

    objects: ClassVar[models.Manager[Any]]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.key}"

    @property
    def key(self) -> str:
        """What names the row in the log: its business key, or its natural key in parts."""
        names = self.natural_key or (self._meta.pk.attname,)
        return "/".join(str(getattr(self, name)) for name in names)

    @classmethod
    def ledger(cls) -> str:
        """What the log calls the table: the relation, or the relation and `_state`."""
        return cls._meta.db_table.removeprefix(f"{cls._meta.app_label}_")
