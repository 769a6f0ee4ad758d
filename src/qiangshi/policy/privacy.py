"""Why personal information is kept, by which clause and for how long: `policy/privacy/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from qiangshi.errors import Fault, PolicyError
from qiangshi.policy.files import policy_root
from qiangshi.policy.schema import fit_list
from qiangshi.policy.vocabulary import Name, Record, Text
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from pathlib import Path

LAW = Text(zh="个人信息保护法", en="Personal Information Protection Law")


class Basis(Record):
    """The clause of the law that allows it, and what that comes to here."""

    clause: Text
    why: Text


class Retention(Record):
    """How long it is kept: for good, for years from what it tells of, or until consent ends.

    `open`: nobody has named the document that says it; `confirm` marks what waits for that.
    """

    kind: Literal["lasting", "years", "consent", "open"]
    years: int | None = Field(default=None, ge=1)
    source: Text | None = None
    confirm: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.kind == "years") != (self.years is not None):
            raise ValueError("expected years where, and only where, the kind is years")
        if (self.kind == "open") != self.confirm:
            raise ValueError("expected confirm where, and only where, the kind is open")
        if self.kind in {"lasting", "years"} and self.source is None:
            raise ValueError("expected the document that says how long")
        return self


class Purpose(Record):
    """What some relations, or stores beside them, are kept for."""

    id: Name
    label: Text
    what: Text
    relations: tuple[Name, ...] = ()
    stores: tuple[Name, ...] = ()
    basis: Basis
    retention: Retention


def load_purposes(root: Path | None = None) -> dict[str, Purpose]:
    """`policy/privacy/purposes.yaml` by id. Raises PolicyError with every fault."""
    name = "policy/privacy/purposes.yaml"
    file = read_marked((root or policy_root()) / "privacy" / "purposes.yaml", name=name)
    faults: list[Fault] = []
    found: dict[str, Purpose] = {}
    told: dict[str, str] = {}
    for place, purpose in fit_list(Purpose, file, faults):
        found[purpose.id] = purpose
        for kept in (*purpose.relations, *purpose.stores):
            if kept in told:
                got = f"{kept}, already of {told[kept]}"
                faults.append(file.fault(place, expected="each relation once", got=got))
            told[kept] = purpose.id
    if faults:
        raise PolicyError(faults)
    return found
