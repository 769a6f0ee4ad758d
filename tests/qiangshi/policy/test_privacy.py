"""Why personal information is kept: told once for every relation of persons, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qiangshi.errors import PolicyError
from qiangshi.policy import load_vocabulary
from qiangshi.policy.privacy import load_purposes

if TYPE_CHECKING:
    from pathlib import Path

ONE = """
- id: pay
  label: {zh: 待遇, en: Pay}
  what: {zh: 待遇, en: Pay}
  relations: [pay_year]
  basis: {clause: {zh: 第十三条, en: art. 13}, why: {zh: 发放, en: Paying}}
"""
SOURCE = "source: {zh: 某办法, en: Some measures}"


def test_every_relation_of_persons_has_its_purpose_and_no_other() -> None:
    vocabulary = load_vocabulary()
    of_persons = {one for one in vocabulary.relations if vocabulary.path_to(one, "person")}

    assert {name for one in load_purposes().values() for name in one.relations} == of_persons


def test_what_may_be_asked_to_be_erased_are_the_purposes_of_relations() -> None:
    asked = set(load_vocabulary().codes["data_purpose"].tokens)

    assert asked == {one.id for one in load_purposes().values() if one.relations}


@pytest.mark.parametrize(
    ("retention", "expected"),
    [
        ("{kind: years}", "expected years"),
        ("{kind: consent, years: 3}", "expected years"),
        ("{kind: years, years: 30}", "expected the document"),
        ("{kind: lasting}", "expected the document"),
        ("{kind: open}", "expected confirm"),
        (f"{{kind: lasting, confirm: true, {SOURCE}}}", "expected confirm"),
    ],
)
def test_a_retention_that_is_not_whole_is_a_fault(
    tmp_path: Path, retention: str, expected: str
) -> None:
    (tmp_path / "privacy").mkdir()
    told = f"{ONE}  retention: {retention}\n"
    (tmp_path / "privacy" / "purposes.yaml").write_text(told, encoding="utf-8")

    with pytest.raises(PolicyError, match=expected):
        load_purposes(tmp_path)


def test_a_relation_under_two_purposes_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "privacy").mkdir()
    told = f"{ONE}  retention: {{kind: consent}}\n"
    twice = told + told.replace("id: pay", "id: other")
    (tmp_path / "privacy" / "purposes.yaml").write_text(twice, encoding="utf-8")

    with pytest.raises(PolicyError, match="already of pay"):
        load_purposes(tmp_path)
