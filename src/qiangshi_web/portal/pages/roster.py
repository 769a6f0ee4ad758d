"""The roster: everybody who works in a part of the tree today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from qiangshi_web.analytics.cube import breakdowns
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.records import code_text
from qiangshi_web.contexts.people.queries import staff_within
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.addresses import address
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.query_tables import Facet, QueryTable
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column
from qiangshi_web.portal.standpoint import organisation_asked, way_back

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.contexts.people.queries import PersonState
    from qiangshi_web.kernel.actors import ActorRequest

_CODES = {
    "staff_class": ("staff_class", "教职工类别"),
    "employment_kind": ("employment_kind", "用人方式"),
    "stage": ("stage", "任教学段"),
    "subject": ("subject", "任教学科"),
    "title_rank": ("title_rank", "职称等级"),
    "education_level": ("education_level", "最高学历"),
    "status": ("person_status", "人员状态"),
}
_READ = (
    "pk", "person_id", "person__name", "person__sex", "person__born_on",
    "organisation_id", "organisation__name", *_CODES,
)  # fmt: skip
_AGE = "age-band"


@requires(Area.PEOPLE)
def roster(request: ActorRequest) -> HttpResponse:
    """The staff of the organisation of `?organisation=` and all below it, page by page."""
    top = organisation_asked(request)
    source = staff_within(request.actor, top, request.today)
    table = roster_table(source, request.today, caption=say("{name}教职工名册", name=top.name))
    context = {
        "top": top,
        "crumbs": way_back(request.actor, top, to="/roster/?organisation={}"),
        "sees_records": request.actor.may_see(Area.RECORDS),
    }
    on = say("记录日期 {on}", on=wordforms.day(request.today))
    return answer(request, "portal/roster.html", tables=[table], context=context, notes=[on])


def roster_table(source: QuerySet[PersonState], on: date, *, caption: str) -> QueryTable[Any]:
    """Everybody of `source`, states of persons on the day `on`."""
    return QueryTable(
        name="people",
        caption=caption,
        columns=(
            _name(),
            _school(),
            *(_coded(key, codes, label) for key, (codes, label) in _CODES.items()),
            _sex(),
            _age(on),
        ),
        rows=(),
        source=source,
        read=_READ,
        facets={
            "name": Facet(order=("person__name",), contains="person__name"),
            "school": Facet(order=("organisation__place",), contains="organisation__name"),
            **{key: _codes_facet(key, codes) for key, (codes, _) in _CODES.items()},
            "sex": _codes_facet("person__sex", "sex"),
            "age": Facet(order=("-person__born_on",), choices=_bands(on)),
        },
    )


def _name() -> Column[Any]:
    return Column(
        key="name",
        label="姓名",
        value=lambda row: row.person__name,
        link=lambda row: address("person", row.person_id),
        filter="contains",
    )


def _school() -> Column[Any]:
    return Column(
        key="school",
        label="机构",
        value=lambda row: row.organisation__name,
        link=lambda row: address("organisation", row.organisation_id),
        filter="contains",
    )


def _coded(key: str, codes: str, label: str) -> Column[Any]:
    def value(row: Any) -> str | None:
        code = getattr(row, key)
        return None if code is None else code_text(codes, code)

    return Column(key=key, label=label, value=value, filter="choice")


def _sex() -> Column[Any]:
    return Column(
        key="sex",
        label="性别",
        value=lambda row: code_text("sex", row.person__sex) if row.person__sex else None,
        filter="choice",
    )


def _age(on: date) -> Column[Any]:
    return Column(
        key="age",
        label="年龄",
        unit="岁",
        kind="number",
        value=lambda row: None if row.person__born_on is None else age(row.person__born_on, on),
        filter="choice",
    )


def age(born_on: date, on: date) -> int:
    """Whole years on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _codes_facet(field: str, codes: str) -> Facet:
    known = vocabulary().codes[codes].codes
    choices = {pick(one.label): Q(**{field: one.code}) for one in known}
    return Facet(order=(field,), choices=choices | {say("未填"): Q(**{field: None})})


def _bands(on: date) -> dict[str, Q]:
    """Bands of age, those by which figures are parted, each with its days of birth."""
    found, least = {}, None
    for band in breakdowns()[_AGE].bands:
        born = Q(person__born_on__isnull=False)
        if band.below is not None:
            born &= Q(person__born_on__gt=_years_before(on, band.below))
        if least is not None:
            born &= Q(person__born_on__lte=_years_before(on, least))
        found[pick(band.label)], least = born, band.below
    return found | {say("未填"): Q(person__born_on=None)}


def _years_before(on: date, years: int) -> date:
    """The same day so many years earlier; the last of February where there is none."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def roster_url(organisation: Organisation) -> str:
    """Address of an organisation's roster."""
    return f"{address('roster')}?organisation={organisation.pk}"
