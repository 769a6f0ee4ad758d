"""Ways to draw: exact shares instead of luck, so that even a small region is calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Index = NDArray[np.int16]

ONE_DAY = np.timedelta64(1, "D")
NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `tokens` for each row, as its place in the list; -1 where there is none."""

    tokens: tuple[str, ...]
    index: Index

    def any_of(self, *tokens: str) -> Mask:
        """Where the row has one of `tokens`."""
        wanted = [place for place, token in enumerate(self.tokens) if token in tokens]
        return np.asarray(np.isin(self.index, wanted))


def whole_parts(total: int, weights: Floats) -> Ints:
    """`total` in whole numbers by `weights`: largest remainders, so that the sum is exact."""
    if len(weights) == 0 or weights.sum() <= 0:
        return np.zeros(len(weights), dtype=np.int64)
    exact = total * weights / weights.sum()
    parts: Ints = np.floor(exact).astype(np.int64)
    missing = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:missing]] += 1
    return parts


def sizes(rng: np.random.Generator, total: int, *, mean: float, least: int, spread: float) -> Ints:
    """`total` in whole numbers that scatter around `mean`, none below `least`."""
    number = max(1, min(round(total / mean), total // max(least, 1)))
    weights = rng.lognormal(0.0, spread, number)
    return least + whole_parts(max(total - number * least, 0), weights)


def by_score(score: Floats, shares: Mapping[str, float], tokens: Sequence[str]) -> Index:
    """Rows from the lowest score to the highest get the tokens in the order of `shares`.

    Each token gets exactly its share of the rows. Returns places in `tokens`.
    """
    counts = whole_parts(len(score), np.array(list(shares.values()), dtype=np.float64))
    places = np.array([tokens.index(token) for token in shares], dtype=np.int16)
    drawn = np.empty(len(score), dtype=np.int16)
    drawn[np.argsort(score, kind="stable")] = np.repeat(places, counts)
    return drawn


def by_luck(rng: np.random.Generator, rows: int, shares: Mapping[str, float]) -> Index:
    """Tokens in exact shares, dealt out at random. Returns places among the keys of `shares`."""
    return by_score(rng.random(rows), shares, list(shares))


def chosen(rng: np.random.Generator, rows: int, share: float) -> Mask:
    """Exactly a `share` of the rows."""
    return np.asarray(rank_of(rng.random(rows)) < round(rows * share))


def rank_of(score: Floats) -> Ints:
    """Place of each row when rows are sorted by score, from 0."""
    ranks = np.empty(len(score), dtype=np.int64)
    ranks[np.argsort(score, kind="stable")] = np.arange(len(score))
    return ranks


def rank_within(group: Ints, score: Floats) -> Ints:
    """Place of each row among those of its group when sorted by score, from 0."""
    order = np.lexsort((score, group))
    sorted_group = group[order]
    new = np.ones(len(group), dtype=bool)
    new[1:] = sorted_group[1:] != sorted_group[:-1]
    starts = np.maximum.accumulate(np.where(new, np.arange(len(group)), 0))
    ranks = np.empty(len(group), dtype=np.int64)
    ranks[order] = np.arange(len(group)) - starts
    return ranks


def pick(rng: np.random.Generator, candidates: Ints, number: int, *, weights: Any = None) -> Ints:
    """`number` of `candidates` (or all, if there are fewer), none twice, in ascending order."""
    number = min(number, len(candidates))
    keys = rng.random(len(candidates))
    if weights is not None:
        keys = keys ** (1.0 / np.maximum(weights, 1e-9))
    return np.sort(candidates[np.argsort(-keys, kind="stable")[:number]])


def day(year: Any, month: Any, of_month: Any) -> Days:
    """Days from arrays or numbers; `of_month` must exist in every month meant."""
    months = (np.asarray(year, dtype=np.int64) - 1970) * 12 + np.asarray(month, dtype=np.int64) - 1
    firsts = months.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(firsts + (np.asarray(of_month, dtype=np.int64) - 1) * ONE_DAY)


def year_of(days: Days) -> Ints:
    """Calendar years."""
    return days.astype("datetime64[Y]").astype(np.int64) + 1970


def years_between(first: Days, last: Any) -> Floats:
    """Length in years of 365.25 days."""
    length = (last - first).astype("timedelta64[D]").astype(np.float64)
    return np.asarray(length / 365.25)


def flat(lists: Iterable[Sequence[int]]) -> Ints:
    """Several lists of whole numbers one after the other."""
    return np.array([number for each in lists for number in each], dtype=np.int64)
