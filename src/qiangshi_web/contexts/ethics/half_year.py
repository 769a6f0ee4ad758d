"""The half-yearly report on ethics (师德查处半年报): counted and kept when a half year is over."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from qiangshi.periods import Period
from qiangshi_web.contexts.ethics.actions import freeze_half_year
from qiangshi_web.contexts.ethics.queries import HalfYearReport
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.jobs.declaring import job, scheduled
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import NOBODY
from qiangshi_web.kernel.told import Said

if TYPE_CHECKING:
    from qiangshi_web.jobs.declaring import Progress

_DAY = timedelta(days=1)
_JULY = 7


def half_before(on: date) -> Period:
    """The half of a calendar year that was over last when `on` began."""
    if on.month < _JULY:
        return Period(date(on.year - 1, _JULY, 1), date(on.year, 1, 1) - _DAY)
    return Period(date(on.year, 1, 1), date(on.year, _JULY, 1) - _DAY)


@scheduled("ethics-half-year", title="生成师德查处半年报", at=time(2, 15))
def report_half_year(progress: Progress, *, on: str) -> str | Said:
    """Once for each half year, for every organisation that has others below it."""
    half = half_before(date.fromisoformat(on))
    above = list(Organisation.objects.filter(ended_on=None).exclude(tier="school"))
    kept = set(
        HalfYearReport.objects.filter(starts_on=half.first).values_list(
            "organisation_id", flat=True
        )
    )
    due = [one for one in above if one.pk not in kept]
    for number, organisation in enumerate(due):
        progress("统计", number, len(due))
        freeze_half_year(organisation, half, actor=NOBODY, at=clock.now())
    return Said("{count} 个单位", {"count": len(due)}) if due else ""


@job("ethics-half-year-of", title="重新统计师德查处半年报")
def report_again(progress: Progress, *, organisation_id: str, on: str, by: str) -> str:
    """One organisation's report, counted anew at somebody's wish."""
    from dataclasses import replace

    progress("统计")
    half = half_before(date.fromisoformat(on))
    place = Organisation.objects.get(pk=organisation_id)
    freeze_half_year(place, half, actor=replace(NOBODY, name=by), at=clock.now())
    return f"{place.name} {half}"
