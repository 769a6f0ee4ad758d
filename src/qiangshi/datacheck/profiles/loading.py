"""Reading profiles from `exchange/profiles/`, and making the one of our own template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.datacheck.naming import sheet_name
from qiangshi.datacheck.profiles.checking import complaints
from qiangshi.datacheck.profiles.models import (
    Profile,
    ProfileColumn,
    ProfileRows,
    ProfileTable,
    Target,
)
from qiangshi.errors import Fault, PolicyError, QiangshiError
from qiangshi.policy.files import policy_root
from qiangshi.policy.schema import fit
from qiangshi.policy.vocabulary import Text
from qiangshi.policy.yaml_marks import read_marked

if TYPE_CHECKING:
    from pathlib import Path

    from qiangshi.policy.vocabulary import Column, Relation, Vocabulary

TEMPLATE = "template"
"""The profile of our own workbook: sheets and headings are the vocabulary's labels."""


def profile_ids(root: Path | None = None) -> list[str]:
    """Ids of all profiles, our own first."""
    folder = _folder(root)
    return [TEMPLATE, *sorted(path.stem for path in folder.glob("*.yaml"))]


def load_profile(profile_id: str, *, vocabulary: Vocabulary, root: Path | None = None) -> Profile:
    """One profile, checked against the vocabulary.

    Raises QiangshiError for an unknown one, PolicyError with every fault of one that is wrong.
    """
    if profile_id == TEMPLATE:
        return template_profile(vocabulary)
    path = _folder(root) / f"{profile_id}.yaml"
    if profile_id not in profile_ids(root):
        known = "、".join(profile_ids(root))
        raise QiangshiError(f"没有名为 {profile_id} 的导入格式；现有：{known}")
    return read_profile(path, vocabulary=vocabulary)


def read_profile(path: Path, *, vocabulary: Vocabulary) -> Profile:
    """A profile from a file anywhere. Raises PolicyError with every fault."""
    file = read_marked(path, name=f"exchange/profiles/{path.name}")
    faults: list[Fault] = []
    profile = fit(Profile, file, faults)
    if profile is not None:
        faults += [
            file.fault(place, expected=expected, got=got)
            for place, expected, got in complaints(profile, vocabulary)
        ]
    if profile is None or faults:
        raise PolicyError(faults)
    return profile


def _folder(root: Path | None) -> Path:
    return (root or policy_root()) / "exchange" / "profiles"


def template_profile(vocabulary: Vocabulary) -> Profile:
    """The vocabulary itself as a profile."""
    return Profile(
        id=TEMPLATE,
        label=Text(zh="强师数据模板", en="Our own template"),
        source="policy/vocabulary",
        as_of="",
        tables=tuple(_table(relation, vocabulary) for relation in vocabulary.relations.values()),
    )


def _table(relation: Relation, vocabulary: Vocabulary) -> ProfileTable:
    return ProfileTable(
        id=relation.id,
        label=relation.label,
        names=tuple(dict.fromkeys((relation.label.zh, sheet_name(relation), relation.id))),
        columns=tuple(_column(column, relation, vocabulary) for column in relation.columns),
        rows=(ProfileRows(relation=relation.id),),
    )


def _column(column: Column, relation: Relation, vocabulary: Vocabulary) -> ProfileColumn:
    also = [column.id, column.label.en]
    target = vocabulary.relations.get(column.of) if column.of else None
    if target is not None and target.key is not None:
        also += [target.key, target.by_id[target.key].label.zh]
    return ProfileColumn(
        header=column.label.zh,
        also=tuple(also),
        to={f"{relation.id}.{column.id}": Target()},
    )
