"""Names of people: common ones mostly, and those that programs stumble over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.synthetic.columns import texts
from qiangshi.synthetic.drawing import Choice, Ints, Mask, by_luck, chosen
from qiangshi.synthetic.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GENERATIONS = (1975, 1990)


@dataclass(frozen=True, slots=True)
class Named:
    """A name for each, and the ethnic group that it goes with."""

    names: pa.Array[Any]
    ethnic_group: Choice


def full_names(
    rng: np.random.Generator,
    is_female: Mask,
    birth_year: Ints,
    shares: Mapping[str, float],
    groups: Mapping[str, float],
) -> Named:
    """A fictional name for each: by sex and generation, some rare in script or length."""
    rows = len(is_female)
    surname = _surnames(rng, rows)
    given = _given(rng, is_female, birth_year)
    short = texts(list(words()["short"]), rng.integers(0, len(words()["short"]), rows))
    given = pc.if_else(pa.array(chosen(rng, rows, shares["short"])), short, given)
    rare = texts(words()["rare"], rng.integers(0, len(words()["rare"]), rows))
    given = pc.if_else(pa.array(chosen(rng, rows, shares["rare"])), rare, given)
    doubled = texts(
        words()["double_surnames"], rng.integers(0, len(words()["double_surnames"]), rows)
    )
    surname = pc.if_else(pa.array(chosen(rng, rows, shares["double_surname"])), doubled, surname)
    names = _joined(surname, given)
    tokens = tuple(dict.fromkeys([*groups, *(each["ethnic_group"] for each in words()["dotted"])]))
    named = Named(names, Choice(tokens, by_luck(rng, rows, groups)))
    return _with_dotted(named, is_female, chosen(rng, rows, shares["dotted"]), rng)


def _surnames(rng: np.random.Generator, rows: int) -> pa.Array[Any]:
    weights = words()["surnames"]
    share = np.array(list(weights.values()), dtype=np.float64)
    return texts(list(weights), rng.choice(len(weights), rows, p=share / share.sum()))


def _given(rng: np.random.Generator, is_female: Mask, birth_year: Ints) -> pa.Array[Any]:
    """Two characters out of the lists of one's sex and generation."""
    pools = [pool for sex in ("male", "female") for pool in words()["given"][sex]]
    generation = np.searchsorted(_GENERATIONS, birth_year, side="right")
    pool = np.where(is_female, len(_GENERATIONS) + 1, 0) + generation
    first = _from_pools(rng, [each["first"] for each in pools], pool)
    second = _from_pools(rng, [each["second"] for each in pools], pool)
    return _joined(first, second)


def _joined(first: Any, second: Any) -> pa.Array[Any]:
    empty: Any = ""
    both: pa.Array[Any] = pc.binary_join_element_wise(first, second, empty)
    return both


def _from_pools(rng: np.random.Generator, pools: Sequence[str], pool: Ints) -> pa.Array[Any]:
    lengths = np.array([len(each) for each in pools])
    starts = np.cumsum(lengths) - lengths
    places = starts[pool] + np.floor(rng.random(len(pool)) * lengths[pool]).astype(np.int64)
    return texts(list("".join(pools)), places)


def _with_dotted(named: Named, is_female: Mask, is_dotted: Mask, rng: np.random.Generator) -> Named:
    """Some have a name of several parts, which says of which people they are."""
    dotted = words()["dotted"]
    by_sex = [
        np.array([place for place, each in enumerate(dotted) if each["sex"] == sex])
        for sex in ("male", "female")
    ]
    luck = rng.random(len(is_female))
    place = np.where(
        is_female,
        by_sex[1][np.floor(luck * len(by_sex[1])).astype(np.int64)],
        by_sex[0][np.floor(luck * len(by_sex[0])).astype(np.int64)],
    )
    tokens = named.ethnic_group.tokens
    group = np.array([tokens.index(each["ethnic_group"]) for each in dotted], dtype=np.int16)
    names = pc.if_else(
        pa.array(is_dotted), texts([each["name"] for each in dotted], place), named.names
    )
    index = np.where(is_dotted, group[place], named.ethnic_group.index)
    return Named(names, Choice(tokens, index))
