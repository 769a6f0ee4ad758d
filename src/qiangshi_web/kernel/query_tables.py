"""Declared tables over a query: the database filters, sorts and cuts out the page.

For lists that grow with the region. A page takes three queries, four where it is filtered, however
many rows there are: they are counted as far as anybody turns pages, and no further.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F, Q

from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.tables import FilterField, Table, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import OrderBy, QuerySet
    from django.http import QueryDict

    from qiangshi_web.kernel.tables import Column

Row = TypeVar("Row")

COUNTED = 10_000
"""Rows that are counted and can be turned to; what lies beyond is found by filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """How a column is sorted and filtered in the database.

    `order` are the fields that it is sorted by, unknown last. `contains` is the field that is
    searched for part of a word, `choices` the words to choose from, each with its rows.
    """

    order: tuple[str, ...] = ()
    contains: str = ""
    choices: Mapping[str, Q] = field(default_factory=dict)

    def rows(self, wanted: str) -> Q:
        """The rows that a filter leaves; an unknown choice leaves none."""
        if self.contains:
            return Q(**{f"{self.contains}__icontains": wanted})
        return self.choices.get(wanted, Q(pk__in=()))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTable(Table[Row]):
    """A table whose rows the database holds; `facets` go by the keys of the columns.

    `source` is in scope already and ends its order by something unique. Of its rows those fields
    are read that `read` names, `pk` among them; none named: the whole rows, which takes longer.
    """

    source: QuerySet[Any]
    facets: Mapping[str, Facet]
    read: tuple[str, ...] = ()

    def narrowed(self, query: QueryDict) -> QuerySet[Any]:
        """The rows that the filters leave, in the order asked for."""
        found = self.source
        for column in self.columns:
            wanted = self._parameter(query, column.key)
            if column.filter and wanted:
                found = found.filter(self.facets[column.key].rows(wanted))
        sort = self._sort(query)
        facet = self.facets.get(sort.removeprefix("-"), Facet())
        if not facet.order:
            return found
        return found.order_by(*_ordering(facet.order, falling=sort.startswith("-")), "pk")

    def chosen(self, query: QueryDict) -> list[Row]:
        """All of them, for the workbook."""
        return list(self._read(self.narrowed(query)))

    def view(self, query: QueryDict) -> View:
        """The page that the query asks for."""
        found = self.narrowed(query)
        matching = _count(found)
        is_filtered = any(c.filter and self._parameter(query, c.key) for c in self.columns)
        total = _count(self.source) if is_filtered else matching
        page, pages = self._place(query, min(matching, COUNTED))
        start = (page - 1) * self.page_size
        shown = self._rows(list(found.values_list("pk", flat=True)[start : start + self.page_size]))
        counts = (matching, total)
        drawn = self._drawn(query, shown, page=page, pages=pages, counts=counts)
        return replace(drawn, counted=COUNTED)

    def _rows(self, keys: list[Any]) -> list[Row]:
        """The rows of a page. Sorting keys alone is much faster than sorting whole rows."""
        found = self._read(self.source.order_by().filter(pk__in=keys))
        rows = {row.pk: row for row in found}
        return [rows[key] for key in keys]

    def _read(self, found: QuerySet[Any]) -> QuerySet[Any, Any]:
        return found.values_list(*self.read, named=True) if self.read else found

    def _filter(self, query: QueryDict, column: Column[Row]) -> FilterField:
        return FilterField(
            name=f"{self.name}.{column.key}",
            label=say(column.label),
            value=self._parameter(query, column.key),
            choices=tuple(self.facets[column.key].choices),
        )


def _count(found: QuerySet[Any]) -> int:
    """How many rows there are; one more than are counted where there are more."""
    return found.order_by().values("pk")[: COUNTED + 1].count()


def _ordering(names: Sequence[str], *, falling: bool) -> list[OrderBy]:
    """The fields in the order asked for, or the other way round; what is unknown stays last."""
    found = []
    for name in names:
        field_falls = name.startswith("-") != falling
        by = F(name.removeprefix("-"))
        found.append(by.desc(nulls_last=True) if field_falls else by.asc(nulls_last=True))
    return found
