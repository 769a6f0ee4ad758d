"""Titles of training: all made once, then looked up by category, year and subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.synthetic.people import people
from qiangshi.synthetic.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qiangshi.synthetic.draft import Draft
    from qiangshi.synthetic.drawing import Floats, Index, Ints


def training_categories() -> tuple[str, ...]:
    """The categories of training that have titles, in the order in which they are numbered."""
    return tuple(words()["trainings"])


@dataclass(frozen=True, slots=True)
class Titles:
    """All titles. `start` says by category and year where those begin; within them lie the
    `variants` of one subject after those of another, or only once where `by_subject` is false.
    """

    texts: Sequence[str]
    start: NDArray[np.int64]
    variants: NDArray[np.int64]
    by_subject: NDArray[np.bool_]
    subjects: int

    def places(self, category: Index, year: Ints, subject: Index, luck: Floats) -> Ints:
        """Where in `texts` the title of each entry stands.

        `year` counts from the first one; a subject of -1 has titles of its own; `luck` is in
        [0, 1) and picks the variant.
        """
        number = self.variants[category]
        place = self.start[category, year] + np.floor(luck * number).astype(np.int64)
        subject = np.where(subject < 0, self.subjects, subject)
        return np.asarray(place + np.where(self.by_subject[category], subject * number, 0))


def training_titles(draft: Draft) -> Titles:
    """The titles of all training in the years of the history."""
    tokens = draft.ask(people).subject.tokens
    subjects = [*(draft.label("subject", token) for token in tokens), words()["no_subject"]]
    texts: list[str] = []
    start = np.zeros((len(words()["trainings"]), len(draft.spec.years)), dtype=np.int64)
    patterns = [words()["trainings"][category] for category in training_categories()]
    by_subject = ["{subject}" in variants[0] for variants in patterns]
    for row, variants in enumerate(patterns):
        for column, year in enumerate(draft.spec.years):
            start[row, column] = len(texts)
            texts += [
                pattern.format(year=year, subject=subject)
                for subject in (subjects if by_subject[row] else subjects[:1])
                for pattern in variants
            ]
    return Titles(
        texts,
        start,
        np.array([len(variants) for variants in patterns]),
        np.array(by_subject),
        len(tokens),
    )
