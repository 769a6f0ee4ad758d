"""Where each entry of a plan stands, so that a fault found later still has its file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qiangshi.errors import Fault
    from qiangshi.policy.yaml_marks import MarkedFile, Place


class Places:
    """Reference (`standard:hours`, `clause:四(三)`) → file and place."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[MarkedFile, Place]] = {}

    def add(self, reference: str, file: MarkedFile, place: Place) -> None:
        """Note where `reference` stands."""
        self._found[reference] = (file, place)

    def where(self, reference: str) -> str:
        """Its file and line, as `file:line`."""
        file, place = self._found[reference]
        return f"{file.name}:{file.line(place)}"

    def fault(
        self, reference: str, *below: str | int, expected: str, got: str, hint: str = ""
    ) -> Fault:
        """A fault at a place below `reference`."""
        file, place = self._found[reference]
        return file.fault((*place, *below), expected=expected, got=got, hint=hint)
