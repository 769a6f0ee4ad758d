"""The case types that contexts declare, with what their outcomes call and what they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qiangshi.casework.grounds import refuse
from qiangshi_web.kernel.events import Event as Change
from qiangshi_web.kernel.records import undo

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.panels import Tie
    from qiangshi.casework.standing import Event, Standing
    from qiangshi.casework.variants import Succession
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.kernel.records.authorship import From


@dataclass(frozen=True)
class File:
    """A case as the owning context sees it: what it is about, and where it stands."""

    number: int
    kind: CaseType
    title: str
    person_id: str
    organisation_id: str
    standing: Standing
    opened_on: date
    round_id: int | None = None
    parent: int | None = None

    @property
    def payload(self) -> Mapping[str, Any]:
        """What was filled in, as JSON keeps it."""
        return self.standing.payload


@dataclass(frozen=True)
class Deed:
    """The act whose outcome takes effect: who, when, and by which event."""

    event: Event
    actor: Actor
    at: datetime
    on: date

    @property
    def reason(self) -> str:
        """What the record gives as its source or reason."""
        return self.event.reason or "办件结论"

    def told(self, file: File) -> From:
        """Who records what follows, when, and from which case."""
        source = f"办件{file.number}：{self.reason}"[:400]
        return {"actor": self.actor, "at": self.at, "source": source}


Effect = Callable[[File, Deed], None]


def operation_of(number: int) -> str:
    """How the log calls what the effects of a case wrote."""
    return f"case-{number}"


def take_back(file: File, deed: Deed) -> None:
    """An effect: whatever earlier effects of the case wrote is turned back, the last one first.

    Raises Refused where something else changed it since.
    """
    done, name = [], operation_of(file.number)
    written = Change.objects.filter(operation__in=(name, f"undo:{name}")).order_by("pk")
    for operation, number in dict.fromkeys(written.values_list("operation", "operation_id")):
        if operation == name:
            done.append(number)
        else:
            done.pop()
    for number in reversed(done):
        undo(number, actor=deed.actor, at=deed.at, reason=deed.reason)


Proposal = Callable[[File], tuple[str, dict[str, Any]]]
"""What the outcome would record, as relation and row: the gates on it judge it beforehand."""


@dataclass(frozen=True)
class Declared:
    """A type with all that its context adds.

    `facts` reads what rules look at; `prefill` what the record knows of a person already; `due`
    names the persons below a path for whom a round begins, `begins` those for whom time itself
    begins a case on a day; `pool` those of the judges' register who are fit to judge on a day;
    `ranked_by` the fields of the payload that tell of which `kind` and `level` a case is in its
    round's quotas, and whether it is `directed`, so takes none; `place` the organisation that a
    case about a person belongs to, where it is not simply hers. Open cases of an older version keep
    it, unless this one `follows` it.
    """

    kind: CaseType
    effects: Mapping[str, Effect] = field(default_factory=dict)
    facts: Callable[[File, date], dict[str, Any]] | None = None
    prefill: Callable[[str, date], dict[str, Any]] | None = None
    proposal: Proposal | None = None
    pool: Callable[[date], Collection[str]] | None = None
    due: Callable[[str, date], list[str]] | None = None
    begins: Callable[[date], list[str]] | None = None
    ranked_by: Mapping[str, str] | None = None
    place: Callable[[str, date], str] | None = None
    source: str = ""
    variants: Mapping[str, CaseType] = field(default_factory=dict)
    follows: Succession | None = None


_DECLARED: dict[tuple[str, int], Declared] = {}
TieSource = Callable[["Collection[str]"], "Iterable[Tie]"]
TIES: list[TieSource] = []
"""Contexts' readers of ties on record that concern any of the persons; order does not matter."""


def declare(declared: Declared) -> CaseType:
    """Make a type known; its variants with it. Raises ValueError for a second one of its name."""
    key = (declared.kind.key, declared.kind.version)
    if key in _DECLARED and _DECLARED[key].source != declared.source:
        raise ValueError(f"expected one declaration of {key}, got another in {declared.source}")
    _DECLARED[key] = declared
    return declared.kind


def declared(key: str, version: int) -> Declared:
    """A declaration. Raises KeyError."""
    return _DECLARED[key, version]


def declarations() -> list[Declared]:
    """Every declaration, by key and version."""
    return [_DECLARED[key] for key in sorted(_DECLARED)]


def newest(key: str) -> Declared:
    """The declaration of the highest version. Raises Refused for an unknown type."""
    versions = [version for known, version in _DECLARED if known == key]
    if not versions:
        raise refuse(f"没有“{key}”这一事项")
    return _DECLARED[key, max(versions)]


def kind_of(key: str, version: int, variant: str) -> CaseType:
    """The type that a stored case runs under. Raises KeyError."""
    found = declared(key, version)
    return found.variants[variant] if variant else found.kind


def kinds() -> list[CaseType]:
    """Every type and variant."""
    return [kind for one in declarations() for kind in (one.kind, *one.variants.values())]


def successions() -> list[Succession]:
    """Every declared succession."""
    return [one.follows for one in declarations() if one.follows is not None]
