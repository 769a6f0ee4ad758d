"""The figures that a synthetic region is calibrated on, each with its source."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Figure(BaseModel):
    """One figure, or one table of figures that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    basis: Literal["published", "derived", "assumed"]
    source: str = Field(min_length=10)
    value: Any


class Calibration:
    """`calibration.yaml`, by name. Raises KeyError for a figure that is not in the file."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.figures = {figure.id: figure for figure in figures}

    def number(self, name: str) -> float:
        """A single figure."""
        return float(self.figures[name].value)

    def by_name(self, name: str) -> Mapping[str, float]:
        """A row of figures: shares by code, or the settings of one subject."""
        return cast("Mapping[str, float]", self.figures[name].value)

    def tables(self, name: str) -> Mapping[str, Mapping[str, float]]:
        """Rows of figures by name, for instance shares of titles by stage."""
        return cast("Mapping[str, Mapping[str, float]]", self.figures[name].value)

    def lists(self, name: str) -> Mapping[str, Sequence[float]]:
        """Lists of figures by name, for instance the bands of an age pyramid."""
        return cast("Mapping[str, Sequence[float]]", self.figures[name].value)

    def entries(self, name: str) -> Sequence[Mapping[str, Any]]:
        """A list of things of the same shape, for instance kinds of training."""
        return cast("Sequence[Mapping[str, Any]]", self.figures[name].value)


@cache
def calibration() -> Calibration:
    """The figures that come with the package."""
    text = resources.files(__package__).joinpath("calibration.yaml").read_text(encoding="utf-8")
    return Calibration(TypeAdapter(list[Figure]).validate_python(yaml.safe_load(text)))
