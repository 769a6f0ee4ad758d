"""What is published gives no small count away: by hand, and by trying every table that fits."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING

import pytest

from qiangshi.measure.publication import Pair, published, withheld, withheld_counts
from qiangshi.policy.methods import load_publication_method
from tests.qiangshi.measure.test_tiny_region import ENTRIES, HOURS, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.policy.models import Plan
    from tests.qiangshi.measure.conftest import Measure

METHOD = load_publication_method()
SMALL = METHOD.model_copy(update={"smallest_cell": 2})

Pairs = dict[str, Pair]
Parents = dict[str, str | None]
Sides = tuple[int, int]


def family(**below: tuple[int, int]) -> tuple[Pairs, Parents]:
    """A county with its schools, and nobody else."""
    pairs = {name: Pair(*given) for name, given in below.items()}
    whole = Pair(sum(one.met for one in pairs.values()), sum(one.of for one in pairs.values()))
    return {"county": whole, **pairs}, {"county": None, **dict.fromkeys(pairs, "county")}


@pytest.mark.parametrize(
    ("schools", "hidden"),
    [
        ({"a": (20, 40), "b": (10, 30), "c": (50, 90)}, set()),
        ({"a": (20, 40), "b": (2, 30), "c": (50, 90)}, {"a", "b"}),  # the next smallest goes too
        ({"a": (20, 40), "b": (28, 30), "c": (50, 90)}, {"a", "b"}),  # two who do not
        ({"a": (2, 40), "b": (3, 30), "c": (50, 90)}, {"a", "b"}),
        ({"a": (0, 40), "b": (30, 30), "c": (50, 90)}, set()),  # nought is no small count
        ({"a": (2, 3)}, {"a", "county"}),  # alone it is the total
    ],
)
def test_small_counts_take_another_one_with_them(
    schools: dict[str, tuple[int, int]], hidden: set[str]
) -> None:
    assert withheld(*family(**schools), METHOD) == hidden


def test_the_staff_of_the_office_itself_follows_from_the_rest_and_is_kept() -> None:
    pairs = {"county": Pair(33, 60), "a": Pair(20, 40), "b": Pair(12, 18)}

    hidden = withheld(pairs, {"county": None, "a": "county", "b": "county"}, METHOD)

    assert hidden == {"b"}


def test_those_below_cannot_be_more_than_the_whole() -> None:
    with pytest.raises(ValueError, match="expected county"):
        withheld({"county": Pair(1, 5), "a": Pair(2, 6)}, {"county": None, "a": "county"}, METHOD)


@pytest.mark.parametrize(
    ("schools", "itself", "hidden"),
    [
        ({"a": 40, "b": 30}, 0, set()),
        ({"a": 0, "b": 30}, 0, set()),
        ({"a": 40, "b": 3, "c": 9}, 0, {"b", "c"}),  # b alone would follow from the total
        ({"a": 40, "b": 1, "c": 1, "d": 9}, 0, {"b", "c", "d"}),  # two in all can only be one each
        ({"a": 40, "b": 3, "c": 2, "d": 9}, 0, {"b", "c"}),
        ({"a": 3}, 0, {"a", "county"}),
        ({"a": 40, "b": 30}, 2, {"b"}),  # the office's own two follow from the rest
    ],
)
def test_a_small_number_of_people_takes_others_with_it(
    schools: dict[str, int], itself: int, hidden: set[str]
) -> None:
    counts = {"county": sum(schools.values()) + itself, **schools}
    parents: Parents = {"county": None, **dict.fromkeys(schools, "county")}

    assert withheld_counts(counts, parents, METHOD) == hidden


@pytest.mark.parametrize("seed", range(40))
def test_no_withheld_number_of_people_can_be_worked_out(seed: int) -> None:
    draw = random.Random(seed)
    schools = {f"s{number}": draw.randint(0, 4) for number in range(draw.randint(1, 5))}
    counts = {"county": sum(schools.values()), **schools}
    parents: Parents = {"county": None, **dict.fromkeys(schools, "county")}

    hidden = withheld_counts(counts, parents, SMALL)

    fitting = [
        dict(zip(schools, table, strict=True))
        for table in product(range(1, max(counts.values()) + 2), repeat=len(schools))
    ]
    fitting = [
        table
        for table in (
            {name: table[name] if name in hidden else schools[name] for name in schools}
            for table in fitting
        )
        if "county" in hidden or sum(table.values()) == counts["county"]
    ]
    for name in hidden - {"county"}:
        assert len({table[name] for table in fitting}) > 1


def random_tree(draw: random.Random) -> tuple[Pairs, Parents]:
    """A county, two towns, their schools, now and then staff of their own."""
    parents: Parents = {"county": None, "t1": "county", "t2": "county"}
    for number in range(draw.randint(2, 4)):
        parents[f"s{number}"] = draw.choice(["t1", "t1", "t2", "county"])
    own = {name: draw.choice([0, 0, 1, 2, 3, 4]) for name in parents}
    for name in ("county", "t1", "t2"):
        own[name] = draw.choice([0, 0, 0, 1, 3])
    met = {name: draw.randint(0, count) for name, count in own.items()}
    pairs = {name: Pair(*_under(name, parents, met, own)) for name in parents}
    return pairs, parents


def _under(name: str, parents: Parents, *counts: dict[str, int]) -> list[int]:
    inside = [one for one in parents if name in _above(one, parents)]
    return [sum(each[one] for one in inside) for each in counts]


def _above(name: str | None, parents: Parents) -> Iterator[str]:
    while name is not None:
        yield name
        name = parents[name]


class Reader:
    """Somebody who works out what tables fit to all that is published, by trying them all.

    Sides are (met, not met). The rest of an organisation, where there is any, stands in no table.
    """

    def __init__(self, pairs: Pairs, parents: Parents, hidden: set[str]) -> None:
        self.sides = {name: (pair.met, pair.of - pair.met) for name, pair in pairs.items()}
        self.below: dict[str, list[str]] = {name: [] for name in pairs}
        self.hidden = set(hidden)
        for name, above in parents.items():
            if above is not None:
                self.below[above].append(name)
        for name, below in list(self.below.items()):
            rest = tuple(
                self.sides[name][side] - sum(self.sides[one][side] for one in below)
                for side in (0, 1)
            )
            if below and sum(rest):
                own = f"{name} itself"
                self.sides[own], self.below[own] = (rest[0], rest[1]), []
                below.append(own)
                self.hidden.add(own)
        self.most = max(map(max, self.sides.values())) + 1
        self.up: dict[str, set[Sides]] = {}
        self.fitting: dict[str, set[Sides]] = {"county": self._from_below("county")}
        self._to_below("county")

    def _from_below(self, name: str) -> set[Sides]:
        """What fits to everything published below."""
        below = self.below[name]
        for one in below:
            self.up[one] = self._from_below(one)
        every = range(self.most + 1)
        sums = self._sums(below) if below else set(product(every, every))
        return sums if name in self.hidden else sums & {self.sides[name]}

    def _sums(self, names: list[str]) -> set[Sides]:
        sums = {(0, 0)}
        for name in names:
            sums = {
                (a + c, b + d)
                for (a, b), (c, d) in product(sums, self.up[name])
                if max(a + c, b + d) <= self.most
            }
        return sums

    def _to_below(self, name: str) -> None:
        """Of it, what fits to everything published beside and above as well."""
        for one in self.below[name]:
            beside = self._sums([other for other in self.below[name] if other != one])
            self.fitting[one] = {
                (a - c, b - d) for (a, b), (c, d) in product(self.fitting[name], beside)
            } & self.up[one]
            self._to_below(one)


@pytest.mark.parametrize("seed", range(80))
def test_no_withheld_count_can_be_worked_out(seed: int) -> None:
    pairs, parents = random_tree(random.Random(seed))

    hidden = withheld(pairs, parents, SMALL)

    reader = Reader(pairs, parents, hidden)
    for name in hidden:
        fitting = reader.fitting[name]
        assert reader.sides[name] in fitting
        assert len({met for met, _ in fitting}) > 1, (name, pairs, hidden)
        assert len({rest for _, rest in fitting}) > 1, (name, pairs, hidden)


def test_rows_of_an_item_lose_those_that_may_not_leave(measure: Measure, jiyuan: Plan) -> None:
    rows = measure(jiyuan, person=PEOPLE, training_entry=ENTRIES).for_(item=HOURS)
    parents = {"R": None, "T": "R", "S1": "T", "S2": "T"}

    assert published(rows, parents, METHOD) == [None, None, None, None]
    assert published(rows, parents, METHOD.model_copy(update={"smallest_cell": 1})) == rows
