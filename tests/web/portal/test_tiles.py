"""Tiles by division, and one's own school among others: within the scope, in any depth of tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import plan
from qiangshi_web.analytics.queries import current_run
from qiangshi_web.analytics.readings import readings
from qiangshi_web.contexts.organisations.queries import Organisation, directly_below
from qiangshi_web.portal.tiles import TileGrid, tile_grid

if TYPE_CHECKING:
    from tests.cast import Cast

PLAN = "jiyuan-2021"
HOURS = "standard:class-hours-five-years"


def grid(cast: Cast, who: str, place: str) -> TileGrid | None:
    run = current_run()
    assert run is not None
    found = MeasuredResult.objects.filter(run=run, item=HOURS, organisation=place)
    here = readings(plan(PLAN), found)[HOURS]
    return tile_grid(cast.actor(who), run, here, asked="")


def names(found: TileGrid | None) -> list[list[str]]:
    assert found is not None
    return [[tile.organisation.pk for tile in group.tiles] for group in found.groups]


def test_a_region_has_a_tile_for_each_township_and_none_for_schools(cast: Cast) -> None:
    townships = Organisation.objects.filter(parent=cast.region, tier="township")

    assert names(grid(cast, "zhao", cast.region)) == [[one.pk for one in townships]]


def test_where_there_are_no_divisions_each_school_has_a_tile(cast: Cast) -> None:
    unit = Organisation.objects.get(pk=cast.unit)
    measured = MeasuredResult.objects.filter(item=HOURS).values("organisation")

    found = names(grid(cast, "qian", cast.unit))

    assert found == [[one.pk for one in directly_below(unit).filter(pk__in=measured)]]


@pytest.mark.parametrize("head", ["measured", "not measured"])
def test_townships_stand_in_their_county(cast: Cast, head: str) -> None:
    Organisation.objects.filter(pk=cast.unit).update(tier="county")
    inner = Organisation.objects.filter(pk=cast.school)
    inner.update(tier="township")
    if head == "not measured":
        MeasuredResult.objects.filter(item=HOURS, organisation=cast.unit).delete()

    found = grid(cast, "zhao", cast.region)

    assert found is not None
    group = next(
        one for one in found.groups if cast.school in [t.organisation.pk for t in one.tiles]
    )
    if head == "measured":
        assert group.head is not None
        assert group.head.organisation.pk == cast.unit
    else:
        assert group.head is None
    assert len(found.tiles) == len({tile.organisation.pk for tile in found.tiles})


def test_what_one_may_not_see_has_no_tile(cast: Cast) -> None:
    found = grid(cast, "zhou", cast.region)

    assert found is not None
    assert [tile.organisation.pk for tile in found.tiles] == [cast.other_unit]


def test_what_has_no_room_is_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qiangshi_web.portal.tiles._MOST", 1)

    found = grid(cast, "zhao", cast.region)

    assert found is not None
    assert (len(found.tiles), found.unseen) == (1, 1)


def test_the_page_shows_each_tile_in_words_with_its_table(cast: Cast) -> None:
    address = reverse("item", args=[PLAN, HOURS, cast.region])

    page = cast.signed_in("zhao").get(address).content.decode()

    tile = page.split('<ul class="tiles">')[1].split("</li>")[0]
    assert "verdict" in tile
    assert "style=" not in page
    assert page.count('<li class="tile') == 2


def test_ones_own_school_is_marked_among_those_that_one_may_see(cast: Cast) -> None:
    address = reverse("item", args=[PLAN, HOURS, cast.school])
    chart = reverse("distribution", args=[PLAN, HOURS, cast.school])

    officer = cast.signed_in("zhao").get(address).content.decode()
    drawn = cast.signed_in("zhao").get(chart).content.decode()
    principal = cast.signed_in("sun")

    assert "▼ 本校" in officer
    assert "本校" in drawn
    assert "本校" not in principal.get(address).content.decode()
    assert principal.get(chart).status_code == 404
