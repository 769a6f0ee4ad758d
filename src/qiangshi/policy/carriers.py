"""What may carry a provision, by its shape, and the catalogue of what the product offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.policy.models import ITEM_KINDS
from qiangshi.policy.vocabulary import Record, Text

if TYPE_CHECKING:
    from qiangshi.policy.models import Shape

RIGHT_KINDS: dict[Shape, frozenset[str]] = {
    "indicator_target": frozenset({"indicator"}),
    "person_standard": frozenset({"standard"}),
    "org_standard": frozenset({"standard", "register"}),
    "programme_quota": frozenset({"programme"}),
    "gate_rule": frozenset({"gate"}),
    "fund_rule": frozenset({"fund"}),
    "process": frozenset({"case", "procedure", "activity"}),
    "system": frozenset({"capability"}),
    "report": frozenset({"report"}),
    "incentive": frozenset({"incentive", "task"}),
    "task": frozenset({"task"}),
    "principle": frozenset({"task", "provision", *ITEM_KINDS}),
}
"""Shape → kinds of reference that may carry it; one of them at least must be present."""


class CatalogueEntry(Record):
    """Something that the product offers and that provisions may be carried by.

    `context` owns it; `relation` is the relation behind a register; `row` is the row of the
    feature list that the capability belongs to, such as `F44`.
    """

    id: str
    label: Text
    context: str | None = None
    relation: str | None = None
    row: str | None = None


class Catalogue(Record):
    """`policy/catalogue.yaml`: capabilities, case types, registers and reports, by id."""

    capabilities: tuple[CatalogueEntry, ...] = ()
    cases: tuple[CatalogueEntry, ...] = ()
    registers: tuple[CatalogueEntry, ...] = ()
    reports: tuple[CatalogueEntry, ...] = ()

    def references(self) -> dict[str, CatalogueEntry]:
        """`kind:id` → entry."""
        kinds = {
            "capability": self.capabilities,
            "case": self.cases,
            "register": self.registers,
            "report": self.reports,
        }
        return {f"{kind}:{entry.id}": entry for kind, entries in kinds.items() for entry in entries}
