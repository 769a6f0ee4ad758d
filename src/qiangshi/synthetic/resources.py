"""What a school has for its pupils in the current school year: rooms, grounds, equipment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.periods import school_year
from qiangshi.synthetic.columns import digits_for, numbered, of, texts
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import chosen
from qiangshi.synthetic.organisations import organisations
from qiangshi.synthetic.schools import STAGES

if TYPE_CHECKING:
    from qiangshi.synthetic.drawing import Floats, Ints

_FEWEST_DIGITS = 5
_WHOLE = {"media_classrooms"}


def resources_table(draft: Draft) -> pa.Table:
    """The relation `school_year_figures`: a row for each school and stage with pupils."""
    schools = draft.ask(organisations)
    row, stage = np.nonzero(schools.pupils > 0)
    columns: dict[str, Any] = {
        "school_year_figures_id": numbered(
            "Y", np.arange(1, len(row) + 1), digits=digits_for(len(row), least=_FEWEST_DIGITS)
        ),
        "organisation_id": of(schools.ids, row),
        "school_year": pa.array(np.full(len(row), school_year(draft.spec.on).first.year)),
        "stage": texts(STAGES, stage),
        "pupils": pa.array(schools.pupils[row, stage]),
        "full_time_teachers": pa.array(schools.teachers[row, stage]),
    }
    return pa.table(columns | _resources(schools.pupils[row, stage], draft))


def _resources(pupils: Ints, draft: Draft) -> dict[str, Any]:
    """Each around its mean for a pupil, and unknown for a few."""
    rng = draft.generator("school_year_figures")
    columns: dict[str, Any] = {}
    for name, settings in draft.figures.tables("resources_per_pupil").items():
        amounts: Floats = (
            pupils * settings["mean"] * rng.lognormal(0.0, settings["spread"], len(pupils))
        )
        rounded = np.rint(amounts).astype(np.int64) if name in _WHOLE else np.round(amounts, 1)
        columns[name] = pa.array(rounded, mask=chosen(rng, len(pupils), settings["unknown"]))
    return columns


PART = Part("school_year_figures", resources_table)
