"""An import taken back, as far as nothing that came later rests on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction

from qiangshi_web.exchange.models import UNDOING, UNDONE, ImportFile
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.records import Refused, correct, operation, withdraw
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.records.values import read_back
from qiangshi_web.kernel.superseded import Superseded
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi_web.jobs.declaring import Progress
    from qiangshi_web.kernel.actors import Actor

_KEPT = 200  # of the rows that stay, named on the page


@dataclass(slots=True)
class _Undoing:
    """What becomes of the rows of one import."""

    actor: Actor
    at: datetime
    reason: str
    undone: int = 0
    kept: list[str] = field(default_factory=list)

    def turn_back(self, event: Event) -> None:
        """The rows of one bulk write, newest first; each that nothing rests on."""
        model = _model(event.relation)
        keys: dict[str, Any] = event.after or {}
        for key in reversed(keys.get("recorded", [])):
            self._each(model, event, key, self._withdrawn)
        for key in reversed(keys.get("corrected", [])):
            self._each(model, event, key, self._corrected)

    def _each(self, model: type[Fact], event: Event, key: str, how: Any) -> None:
        fact = _find(model, key)
        name = f"{model._meta.verbose_name} {key}"
        if fact is None or fact.known_from != event.at:
            self.kept.append(f"{name}：在此之后又有变动")
            return
        try:
            with transaction.atomic():
                how(model, fact, event)
            self.undone += 1
        except Refused as refused:
            self.kept.append(f"{name}：{refused}")

    def _withdrawn(self, _model: type[Fact], fact: Fact, _event: Event) -> None:
        withdraw(fact, actor=self.actor, at=self.at, reason=self.reason)

    def _corrected(self, model: type[Fact], fact: Fact, event: Event) -> None:
        old = Superseded.objects.filter(
            relation=event.relation, key=fact.key, known_to=event.at
        ).order_by("-pk")[0]
        before = read_back(old.row, shape_of(model))
        correct(fact, before, actor=self.actor, at=self.at, reason=self.reason)


def undo_import(file_id: int, progress: Progress, *, actor: Actor, at: datetime) -> Said:
    """Take back what an import wrote, in one transaction; rows that were changed since, or that
    others refer to, stay and are named. What is undone is not undone again."""
    with transaction.atomic(), operation(f"undo-import:{file_id}"):
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state != UNDOING:
            return _told(file)
        events = list(Event.objects.filter(operation_id=file.operation_id).order_by("-pk"))
        undoing = _Undoing(actor, at, f"撤销导入 {file.name}"[:400])
        for number, event in enumerate(events):
            progress("撤销", number, len(events))
            if event.verb == "record_many":
                undoing.turn_back(event)
        file.summary |= {"undone": undoing.undone, "kept": undoing.kept[:_KEPT]}
        file.summary["kept_count"] = len(undoing.kept)
        file.state = UNDONE
        file.save()
    return _told(file)


def _told(file: ImportFile) -> Said:
    counts = {"undone": file.summary.get("undone", 0), "kept": file.summary.get("kept_count", 0)}
    return Said("撤销 {undone} 条，保留 {kept} 条", counts)


def _model(ledger: str) -> type[Fact]:
    for model in apps.get_models():
        if issubclass(model, Fact) and model.ledger() == ledger:
            return model
    raise LookupError(f"expected a ledger, got {ledger!r}")


def _find(model: type[Fact], key: str) -> Fact | None:
    names = shape_of(model).key
    parts = key.split("/", len(names) - 1)
    found: Fact | None = model.objects.filter(**dict(zip(names, parts, strict=True))).first()
    return found
