"""An organisation's file: its periods, what it came from and became, and every ledger about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi_web.contexts.organisations.queries import predecessors_of, successors_of
from qiangshi_web.filing.ledgers import SUBJECTS
from qiangshi_web.filing.queries import file_of_organisation, names_of
from qiangshi_web.filing.timeline import when
from qiangshi_web.filing.words import cells
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.records.values import row_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.filing.queries import Kept
    from qiangshi_web.filing.sight import Sight
    from qiangshi_web.filing.words import Cell, Names

HISTORY = "organisation_state"
_SHOWN = 12
_NOT_TOLD = {"organisation_id", "valid_from", "valid_to"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a panel: when it holds, the address of its fact, and its filled columns."""

    when: str
    key: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """The newest rows of a ledger under the heads of the columns that any of them fills."""

    ledger: str
    label: str
    heads: tuple[str, ...]
    rows: tuple[FileRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file with its panels."""

    label: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """Another organisation that this one came from or went up in."""

    on: str
    words: str
    organisation: Organisation


def parts_of(organisation: Organisation, sight: Sight) -> list[Part]:
    """Every ledger about an organisation already in scope that holds anything, by part."""
    kept = file_of_organisation(organisation, sight)
    names = names_of({one.ledger: one.facts[:_SHOWN] for one in kept})
    panels = {one.ledger.name: _panel(one, sight, names) for one in kept}
    history = panels.pop(HISTORY, None)
    parts = [Part(say("沿革"), (history,))] if history else []
    for owner, label in SUBJECTS.items():
        own = tuple(
            panels[one.ledger.name]
            for one in kept
            if one.ledger.relation.owner == owner and one.ledger.name in panels
        )
        if own:
            parts.append(Part(say(label), own))
    return parts


def _panel(kept: Kept, sight: Sight, names: Names) -> Panel:
    ledger, facts = kept.ledger, kept.facts[:_SHOWN]
    rows = [row_of(fact, ledger.shape) for fact in facts]
    told = [
        [cell for cell in cells(ledger, row, sight, names) if cell.column not in _NOT_TOLD]
        for row in rows
    ]
    filled = _filled(told, without=set(ledger.dates))
    return Panel(
        ledger=ledger.name,
        label=ledger.label,
        heads=tuple(label for label, _ in filled.values()),
        rows=tuple(
            FileRow(
                when(ledger, row),
                fact.key,
                tuple(cell.text for cell in line if cell.column in filled),
            )
            for fact, row, line in zip(facts, rows, told, strict=True)
        ),
        total=len(kept.facts),
    )


def _filled(told: Iterable[list[Cell]], *, without: set[str | None]) -> dict[str, tuple[str, bool]]:
    """Column → label, for those that any row fills and that are no date of the row."""
    found: dict[str, tuple[str, bool]] = {}
    for line in told:
        for cell in line:
            known = cell.is_known or found.get(cell.column, ("", False))[1]
            found[cell.column] = (cell.label, known)
    return {name: one for name, one in found.items() if one[1] and name not in without}


def successions_of(organisation: Organisation) -> list[Succession]:
    """What it came from and what became of it, by day. Names are no secret within the tree."""
    before = [
        (one.on, _BEFORE[one.kind], one.predecessor) for one in predecessors_of(organisation.pk)
    ]
    after = [(one.on, _AFTER[one.kind], one.successor) for one in successors_of(organisation.pk)]
    return [
        Succession(wordforms.day(on), say(words), other)
        for on, words, other in sorted(before + after, key=lambda one: one[0])
    ]


_BEFORE = {"merge": "并入本单位", "split": "本单位由其分设"}
_AFTER = {"merge": "本单位并入", "split": "由本单位分设"}
