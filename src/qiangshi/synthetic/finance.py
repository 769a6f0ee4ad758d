"""Money: five years of wages, public funds and what of both went to training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qiangshi.synthetic.columns import of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import chosen
from qiangshi.synthetic.organisations import Organisations, organisations
from qiangshi.synthetic.posts import posts
from qiangshi.synthetic.schools import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.synthetic.drawing import Floats, Ints, Mask

Money = NDArray[np.float64]


def finance_table(draft: Draft) -> pa.Table:
    """The relation `finance_year`: schools and offices; points are in their central school's."""
    schools = draft.ask(organisations)
    rng = draft.generator("finance")
    rows = np.flatnonzero(_keeps_accounts(schools))
    wages = _wages(schools, draft, rng)[rows]
    funds = _public_funds(schools, draft, rng)[rows]
    money: Mapping[str, Money] = {
        "staff_wages": wages,
        "public_funds_budget": funds,
        "training_from_public_funds": funds * _training_share(len(rows), draft, rng),
        "training_budget": wages * _share_of_wages(len(rows), draft, rng),
        "workforce_spending": wages * _over_wages(len(rows), draft, rng),
    }
    row, year = np.nonzero(_handed_in(len(rows), draft, rng))
    columns: dict[str, Any] = {
        "organisation_id": of(schools.ids, rows[row]),
        "year": pa.array(np.array(draft.spec.years, dtype=np.int64)[year]),
    }
    for name, amounts in money.items():
        empty = _empty(row, year, draft, rng)
        columns[name] = pa.array(np.round(amounts[row, year], 2), mask=empty)
    return pa.table(columns)


def _keeps_accounts(schools: Organisations) -> Mask:
    return schools.tier.any_of("school", "township") & ~schools.kind.any_of("teaching_point")


def _to_account(values: Ints, schools: Organisations) -> Ints:
    """Teaching points hand theirs up to the organisation above them."""
    points = np.flatnonzero(schools.kind.any_of("teaching_point"))
    moved = values.copy()
    np.add.at(moved, schools.parent[points], values[points])
    moved[points] = 0
    return moved


def _growth(draft: Draft, rate: float) -> Floats:
    return np.asarray((1.0 + rate) ** np.arange(len(draft.spec.years)), dtype=np.float64)


def _wages(schools: Organisations, draft: Draft, rng: np.random.Generator) -> Money:
    """Yuan by organisation and year: heads times a wage that grows."""
    settings = draft.figures.by_name("wages")
    heads = np.bincount(draft.ask(posts).organisation, minlength=len(schools.parent))
    heads = _to_account(heads, schools)
    wage = settings["first"] * rng.lognormal(0.0, settings["spread"], len(heads))
    wage *= np.where(schools.is_private, settings["private"], 1.0)
    return np.asarray((heads * wage)[:, None] * _growth(draft, settings["growth"]))


def _public_funds(schools: Organisations, draft: Draft, rng: np.random.Generator) -> Money:
    """Yuan by organisation and year: pupils times the quota of their stage, the least topped up."""
    quotas = draft.figures.by_name("public_funds_per_pupil")
    row = np.array([quotas[stage] for stage in STAGES])
    pupils = schools.pupils.sum(axis=1)
    least = np.where(pupils > 0, draft.figures.number("least_pupils_funded"), 0)
    topped_up = np.maximum(least / np.maximum(pupils, 1), 1.0)
    funds = _to_account(np.rint((schools.pupils @ row) * topped_up).astype(np.int64), schools)
    funds = funds + draft.figures.by_name("office_funds")["each"] * (pupils == 0)
    amounts = funds * rng.lognormal(0.0, 0.03, len(funds))
    return np.asarray(
        amounts[:, None] * _growth(draft, draft.figures.by_name("office_funds")["growth"])
    )


def _training_share(rows: int, draft: Draft, rng: np.random.Generator) -> Money:
    """Training over public funds: most schools reach the usual, some stay behind every year."""
    spans = draft.figures.lists("training_money")
    stays_behind = chosen(rng, rows, draft.figures.by_name("training_money")["low_share"])
    shape = (rows, len(draft.spec.years))
    usual, low = (rng.uniform(spans[name][0], spans[name][1], shape) for name in ("usual", "low"))
    return np.asarray(np.where(stays_behind[:, None], low, usual))


def _share_of_wages(rows: int, draft: Draft, rng: np.random.Generator) -> Money:
    """Training money over wages: less in the first years."""
    low, high = draft.figures.lists("training_money")["of_wages"]
    less = draft.figures.by_name("training_money")["first_years_less"]
    years = np.arange(len(draft.spec.years))
    return np.asarray(rng.uniform(low, high, (rows, len(years))) - less * (years < 2))


def _over_wages(rows: int, draft: Draft, rng: np.random.Generator) -> Money:
    """Workforce spending over wages: one year of the series fell behind."""
    settings = draft.figures.by_name("workforce_spending")
    years_back = np.arange(len(draft.spec.years))[::-1]
    usual = settings["over_wages"] * rng.lognormal(0.0, settings["spread"], rows)
    return np.asarray(
        usual[:, None] * (1.0 - settings["dip"] * (years_back == settings["dip_back"]))
    )


def _handed_in(rows: int, draft: Draft, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which organisation handed in which year; the shares missing are given from the last back."""
    missing = draft.figures.lists("unknown_money")["rows"]
    years = len(draft.spec.years)
    shares = [missing[back] for back in range(years - 1, -1, -1)]
    return np.stack([~chosen(rng, rows, share) for share in shares], axis=1)


def _empty(row: Ints, year: Ints, draft: Draft, rng: np.random.Generator) -> Mask:
    """Single empty cells; one year of the series is whole."""
    settings = draft.figures.by_name("unknown_money")
    whole = year == len(draft.spec.years) - 1 - int(settings["whole_years_back"])
    return np.asarray((rng.random(len(row)) < settings["cells"]) & ~whole)


PART = Part("finance_year", finance_table)
