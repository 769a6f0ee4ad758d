"""One name typed on different machines is one name; what may be another is only like it."""

from __future__ import annotations

import pytest

from qiangshi.datacheck.identity.names import name_reader

READ = name_reader().read


@pytest.mark.parametrize(
    ("mine", "its"),
    [
        ("李 明", "李明"),
        ("李　明", "李明"),
        ("李\u200b明", "李明"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("刘\ue863", "刘䶮"),
        ("\uf9d1", "六"),
        ("\uff2aohn", "john"),
    ],
)
def test_names_that_only_look_different_are_equal(mine: str, its: str) -> None:
    assert READ(mine).strict == READ(its).strict


@pytest.mark.parametrize(
    ("mine", "its"),
    [
        ("张峯", "张峰"),
        ("買買提", "买买提"),
        ("买买提艾力", "买买提·艾力"),
        ("张?", "张喆"),
        ("张□明", "张喆明"),
        ("刘yan", "刘䶮"),
        ("刘（龙天）", "刘䶮"),
        ("张伟（大）", "张伟"),
        ("张伟2", "张伟"),
    ],
)
def test_names_that_may_be_the_same_are_alike_but_not_equal(mine: str, its: str) -> None:
    assert READ(mine).strict != READ(its).strict
    assert READ(mine).is_like(READ(its))
    assert READ(its).is_like(READ(mine))


@pytest.mark.parametrize(("mine", "its"), [("张明", "张名"), ("张?", "张伟明"), ("李明", "明李")])
def test_other_names_are_not_alike(mine: str, its: str) -> None:
    assert not READ(mine).is_like(READ(its))
