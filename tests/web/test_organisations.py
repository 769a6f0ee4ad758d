"""Organisations: loading the tree, its invariants, and what lies in an actor's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qiangshi_web.contexts.organisations.actions import load_organisations
from qiangshi_web.contexts.organisations.models import Organisation
from qiangshi_web.contexts.organisations.queries import above, directly_below, home_of, visible_to
from qiangshi_web.kernel.actors import NOBODY, Area

if TYPE_CHECKING:
    from qiangshi.measure import Snapshot
    from tests.cast import Cast


def tree(*rows: tuple[str, str | None, str]) -> pa.Table:
    """Organisations of (id, parent, name)."""
    return pa.Table.from_pylist(
        [
            {
                "organisation_id": organisation_id,
                "parent_id": parent_id,
                "name": name,
                "kind": "bureau" if parent_id is None else "primary_school",
                "tier": "region" if parent_id is None else "school",
            }
            for organisation_id, parent_id, name in rows
        ]
    )


@pytest.mark.django_db
def test_loading_the_same_table_twice_is_loading_it_once(snapshot: Snapshot) -> None:
    table = snapshot.table("organisation")
    before = list(Organisation.objects.values_list())

    loaded = load_organisations(table=table)

    assert loaded == table.num_rows
    assert list(Organisation.objects.values_list()) == before


@pytest.mark.django_db
def test_a_school_that_moves_takes_its_path_along() -> None:
    load_organisations(table=tree(("X", None, "局"), ("X1", "X", "甲校"), ("X2", "X1", "乙校")))

    load_organisations(table=tree(("X", None, "局"), ("X1", "X", "甲校"), ("X2", "X", "乙校")))

    assert Organisation.objects.get(pk="X2").path == "X/X2/"


@pytest.mark.django_db
def test_an_organisation_that_a_later_table_lacks_stays() -> None:
    load_organisations(table=tree(("X", None, "局"), ("X1", "X", "甲校")))

    load_organisations(table=tree(("X", None, "局")))

    assert Organisation.objects.filter(pk="X1").exists()


@pytest.mark.django_db
def test_organisations_stand_in_the_order_of_the_tree(cast: Cast) -> None:
    paths = list(Organisation.objects.values_list("path", flat=True))

    assert all(
        path.startswith(parent.path)
        for path, parent in zip(
            paths[1:],
            [Organisation.objects.get(pk=path.split("/")[-3]) for path in paths[1:]],
            strict=True,
        )
    )
    assert paths[0] == f"{cast.region}/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parent_id": "X1"}, "机构不能是自己的上级"),
        ({"path": "X/elsewhere/"}, "层级路径须以本机构编码结尾"),
        ({"depth": 0}, "最上一级机构没有上级，其余机构必须有上级"),
        ({"organisation_id": "a/b", "path": "X/a/b/"}, "机构编码不能为空，也不能含有“/”"),
    ],
)
def test_what_no_tree_may_hold_is_refused_in_chinese(
    changes: dict[str, object], message: str
) -> None:
    load_organisations(table=tree(("X", None, "局")))
    plain: dict[str, object] = {
        "organisation_id": "X1",
        "parent_id": "X",
        "path": "X/X1/",
        "depth": 1,
        "place": 999,
        "name": "甲校",
        "kind": "primary_school",
        "tier": "school",
    }
    wrong = Organisation(**(plain | changes))

    with pytest.raises(ValidationError) as refusal:
        wrong.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save(force_insert=True)

    assert message in str(refusal.value)


@pytest.mark.django_db
def test_reach_is_the_subtree_and_nothing_beside_it(cast: Cast) -> None:
    own = visible_to(cast.actor("qian"), Area.FIGURES)

    paths = list(own.values_list("path", flat=True))
    assert paths
    assert all(path.startswith(f"{cast.region}/{cast.unit}/") for path in paths)
    assert own.count() == 1 + directly_below(Organisation.objects.get(pk=cast.unit)).count()


@pytest.mark.django_db
def test_a_path_that_begins_alike_is_another_path(cast: Cast) -> None:
    unit = Organisation.objects.get(pk=cast.unit)
    load_organisations(
        table=tree((f"{cast.region}", None, "局"), (f"{cast.unit}0", cast.region, "旁校"))
    )

    seen = visible_to(cast.actor("qian"), Area.FIGURES)

    assert unit in seen
    assert not seen.filter(pk=f"{cast.unit}0").exists()


@pytest.mark.django_db
def test_nobody_sees_nothing() -> None:
    assert not visible_to(NOBODY, Area.FIGURES).exists()
    assert home_of(NOBODY, Area.FIGURES) is None


@pytest.mark.django_db
def test_an_area_that_a_role_does_not_open_has_no_reach(cast: Cast) -> None:
    assert not visible_to(cast.actor("li"), Area.PEOPLE).exists()


@pytest.mark.django_db
def test_the_way_back_ends_at_the_top_of_ones_own_scope(cast: Cast) -> None:
    school = Organisation.objects.get(pk=cast.school)

    officer = [one.pk for one in above(school, cast.actor("zhao"), Area.FIGURES)]
    unit = [one.pk for one in above(school, cast.actor("qian"), Area.FIGURES)]
    principal = above(school, cast.actor("sun"), Area.FIGURES)

    assert (officer, unit, principal) == ([cast.region, cast.unit], [cast.unit], [])
