"""Mapping headings by people: what each heading probably is, what to ask, and remembering it."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiangshi.datacheck.cells import Reason, is_blank, squeezed
from qiangshi.datacheck.profiles.models import (
    FINDERS,
    ProfileColumn,
    ProfileTable,
    Target,
    split_target,
)
from qiangshi.datacheck.profiles.readers import target_reader
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Mapping as Entries

    from qiangshi.datacheck.cells import Cell
    from qiangshi.datacheck.profiles.models import Profile
    from qiangshi.policy.vocabulary import Vocabulary

_REMARK = re.compile(r"\([^()]*\)$")
_SURE, _MARGIN, _WORTH_SHOWING = 0.9, 0.1, 0.35
_MOST_CHOICES = 5
_SAME, _SAME_BUT_REMARK, _INSIDE, _ALIKE = 1.0, 0.97, 0.88, 0.85
_WITHOUT_VALUES = 0.4  # of a score, where not one value under the heading can be read
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """What a heading may mean; `score` from 0 to 1, `why_zh` for the person who asks.

    Without targets it is known and not kept.
    """

    targets: tuple[str, ...]
    label_zh: str
    score: float
    why_zh: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A heading, what it may mean, best first, and what it surely means; None is for people."""

    header: str
    choices: tuple[Choice, ...]
    chosen: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person said each heading of a table means; no target at all means: do not read.

    It can be kept as text, and is found again by the headings that it was made for.
    """

    profile: str
    table: str
    targets: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def key(self) -> str:
        """The same for the same headings, in whatever order they stand."""
        return headings_key(header for header, _ in self.targets)

    def as_text(self) -> str:
        """The mapping as JSON."""
        told = {
            "format": _FORMAT,
            "profile": self.profile,
            "table": self.table,
            "targets": {header: list(targets) for header, targets in self.targets},
        }
        return json.dumps(told, ensure_ascii=False)

    @staticmethod
    def from_text(text: str) -> Mapping:
        """What `as_text` wrote. Raises WorkbookError for anything else."""
        try:
            told: Any = json.loads(text)
            targets = tuple(
                (str(header), tuple(map(str, names))) for header, names in told["targets"].items()
            )
            if told["format"] != _FORMAT:
                raise ValueError(told["format"])
            return Mapping(str(told["profile"]), str(told["table"]), targets)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WorkbookError(f"列对应关系无法读取（{error}），请重新指定") from error

    def apply(self, profile: Profile) -> ProfileTable:
        """The table of the profile with exactly these headings. Raises WorkbookError."""
        table = profile.by_id.get(self.table)
        if profile.id != self.profile or table is None:
            raise WorkbookError(f"列对应关系属于“{self.profile}”的“{self.table}”，不适用于此")
        about = targets_of(profile, table)
        unknown = [name for _, names in self.targets for name in names if name not in about]
        if unknown:
            raise WorkbookError(f"列对应关系里有已不存在的项目：{'、'.join(unknown)}")
        columns = tuple(
            ProfileColumn(header=header, to={name: about[name][1] for name in names})
            for header, names in self.targets
        )
        return table.model_copy(update={"columns": columns})


def headings_key(headers: Iterable[str]) -> str:
    """A hash of the headings as they are compared."""
    flat = sorted({squeezed(header) for header in headers})
    return hashlib.sha256("\n".join(flat).encode()).hexdigest()


def targets_of(profile: Profile, table: ProfileTable) -> dict[str, tuple[str, Target]]:
    """Every target that a heading of the table can have: its label, and how it is read."""
    found: dict[str, tuple[str, Target]] = {}
    for column in profile.columns_of(table):
        for name, target in column.to.items():
            found.setdefault(name, (column.header, target))
    for group, columns in FINDERS.items():
        for column_id in columns:
            found.setdefault(f"{group}.{column_id}", (_FINDER_LABELS[group, column_id], Target()))
    return found


_FINDER_LABELS = {
    ("who", "person_id"): "教师编号（用于查找）",
    ("who", "id_number"): "身份证件号（用于查找）",
    ("who", "name"): "姓名（用于查找）",
    ("who", "born_on"): "出生日期（用于查找）",
    ("where", "organisation_id"): "机构编码（用于查找）",
    ("where", "code"): "学校（机构）标识码（用于查找）",
    ("where", "name"): "学校名称（用于查找）",
}


def suggest_mapping(
    headers: Sequence[str],
    *,
    profile: Profile,
    table: str,
    vocabulary: Vocabulary,
    samples: Entries[str, Sequence[Cell]] | None = None,
) -> list[Suggestion]:
    """What each heading of a table may mean, in the order of the headings.

    `samples` are some cells under a heading: those that a target cannot read speak against it.
    A target is surely meant by one heading only. Raises WorkbookError for an unknown table.
    """
    found = profile.by_id.get(table)
    if found is None:
        raise WorkbookError(f"“{profile.label.zh}”中没有“{table}”这张表")
    scorer = _Scorer(profile, found, vocabulary)
    cells = samples or {}
    listed = [scorer.choices(header, cells.get(header, ())) for header in headers]
    sure = [
        (choices[0].score, -place, choices[0].targets)
        for place, choices in enumerate(listed)
        if choices and choices[0].score >= _SURE and _stands_out(choices)
    ]
    taken: dict[tuple[str, ...], int] = {}
    for _, place, targets in sorted(sure, reverse=True):
        taken.setdefault(targets or (str(place),), -place)
    surely = {place: listed[place][0].targets for place in taken.values()}
    return [
        Suggestion(header, tuple(choices), surely.get(place))
        for place, (header, choices) in enumerate(zip(headers, listed, strict=True))
    ]


def _stands_out(choices: Sequence[Choice]) -> bool:
    """Whether no other comes near the first; what only serves to find yields to what is kept."""
    best = choices[0]
    rivals = [choice for choice in choices[1:] if _is_kept(choice) or not _is_kept(best)]
    return all(best.score - rival.score >= _MARGIN for rival in rivals)


def _is_kept(choice: Choice) -> bool:
    return any(split_target(target)[0] not in FINDERS for target in choice.targets)


class _Scorer:
    """How well headings fit the targets of one table."""

    def __init__(self, profile: Profile, table: ProfileTable, vocabulary: Vocabulary) -> None:
        self._names: dict[tuple[str, ...], list[str]] = {}
        self._labels: dict[tuple[str, ...], str] = {}
        for column in profile.columns_of(table):
            names = [squeezed(name).strip("*:") for name in (column.header, *column.also)]
            self._names.setdefault(tuple(column.to), []).extend(names)
            self._labels.setdefault(tuple(column.to), column.header)
        about = targets_of(profile, table)
        self._labels[()] = "不保存"
        for target, (label, _) in about.items():
            if not any(target in targets for targets in self._names):
                self._names[target,] = [_REMARK.sub("", squeezed(label))]
                self._labels[target,] = label
        self._readers = {
            name: target_reader(name, target, table=table, profile=profile, vocabulary=vocabulary)
            for name, (_, target) in about.items()
        }

    def choices(self, header: str, sample: Sequence[Cell]) -> list[Choice]:
        flat = squeezed(header).strip("*:")
        stated = [cell for cell in sample if not is_blank(cell)]
        found = []
        for targets, names in self._names.items():
            score, why = max((_likeness(flat, name) for name in names), default=(0.0, ""))
            if score < _WORTH_SHOWING:
                continue
            if stated and targets:
                share = self._readable(targets[0], stated)
                score *= _WITHOUT_VALUES + (1 - _WITHOUT_VALUES) * share
                why += f"，样例中 {share:.0%} 可读"
            found.append(Choice(targets, self._labels[targets], round(score, 3), why))
        found.sort(key=lambda choice: (choice.score, _is_kept(choice)), reverse=True)
        return found[:_MOST_CHOICES]

    def _readable(self, target: str, stated: Sequence[Cell]) -> float:
        read = self._readers[target]
        return sum(not isinstance(read(cell), Reason) for cell in stated) / len(stated)


def _likeness(header: str, name: str) -> tuple[float, str]:
    if header == name:
        return _SAME, "名称相同"
    plain = _REMARK.sub("", header).strip("*:")
    if plain and plain == _REMARK.sub("", name):
        return _SAME_BUT_REMARK, "名称相同，注记不同"
    short, long = sorted((plain, name), key=len)
    if len(short) > 1 and short in long:
        return _INSIDE * (0.6 + 0.4 * len(short) / len(long)), "名称互相包含"
    return _ALIKE * difflib.SequenceMatcher(None, plain, name).ratio(), "名称相近"
