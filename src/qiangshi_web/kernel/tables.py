"""Declared tables: columns said once give the list page, its filters and its Excel sheet.

Rows are values already in the actor's scope. A table's parameters carry its name, so that several
may stand on one page: `people.sort=-hours&people.page=2&people.name=李`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from django.utils.http import urlencode

from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.http import QueryDict
    from django.utils.safestring import SafeString

    from qiangshi_web.kernel.kept import Own

Row = TypeVar("Row")
CellValue = str | float | date | None
Kind = Literal["text", "number", "percent", "date"]
Filter = Literal["", "contains", "choice"]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column. `value` None is unknown: shown as a dash, sorted last, a dash in Excel.

    `note` is a second, softer line of the head. `template` draws the cell from what `drawn` gives
    (the row itself by default), `markup` draws it at once, for tables of many cells; `value` still
    sorts, filters and is exported. `rank` gives the order where the value's own would not be the
    reader's, `words` what a drawn cell shows beside its value, `tint` its CSS class.
    """

    key: str
    label: str
    value: Callable[[Row], CellValue]
    unit: str = ""
    kind: Kind = "text"
    link: Callable[[Row], str | None] | None = None
    filter: Filter = ""
    template: str = ""
    drawn: Callable[[Row], object] | None = None
    markup: Callable[[Row], SafeString] | None = None
    note: str = ""
    rank: Callable[[Row], float] | None = None
    words: Callable[[Row], str] | None = None
    tint: Callable[[Row], str] | None = None

    @property
    def heading(self) -> str:
        """The label with its unit, in the reader's language."""
        label = say(self.label)
        return say("{label}（{unit}）", label=label, unit=say(self.unit)) if self.unit else label

    def in_words(self, row: Row) -> str:
        """What a drawn cell shows beside its value; the value where there is no more."""
        return self.words(row) if self.words else self.text(row)

    def text(self, row: Row) -> str:
        """The value as people read it."""
        value = self.value(row)
        if value is None:
            return wordforms.UNKNOWN
        if isinstance(value, date):
            return wordforms.short_day(value)
        if isinstance(value, str):
            return value
        return wordforms.percent(value) if self.kind == "percent" else wordforms.number(value)


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: where its link sorts to, and how the table is sorted now."""

    label: str
    note: str
    kind: Kind
    url: str
    direction: Literal["", "ascending", "descending"]
    id: str


class Cell(NamedTuple):
    """A cell to draw. A page has hundreds: a tuple is made in a third of a record's time."""

    text: str
    kind: Kind
    url: str | None
    template: str
    drawn: object
    markup: SafeString | None
    tint: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field above the table."""

    name: str
    label: str
    value: str
    choices: tuple[str, ...]  # empty: free text


@dataclass(frozen=True, slots=True)
class View:
    """One page of a table, ready for `kernel/table.html`."""

    name: str
    caption: str
    style: str
    heads: list[Head]
    rows: list[list[Cell]]
    total_row: list[Cell]
    filters: list[FilterField]
    kept: list[tuple[str, str]]  # parameters that the filter form carries along
    matching: int
    total: int
    page: int
    pages: int
    previous_url: str
    next_url: str
    export_url: str
    clear_url: str
    columns: list[tuple[str, str, bool]]  # all but the first: key, heading, whether it shows
    shown: tuple[str, ...]  # keys of the columns that the reader chose
    grid: str = ""  # head and rows as markup, where they were drawn before
    own: Own | None = None  # what its reader keeps of it
    counted: int | None = None  # as far as rows were counted, where somebody stopped

    @property
    def matching_words(self) -> str:
        """How many rows match: 10000+ where there are more than were counted."""
        return self._words(self.matching)

    @property
    def total_words(self) -> str:
        """The same of all rows."""
        return self._words(self.total)

    @property
    def goes_on(self) -> bool:
        """Whether rows match that no page shows."""
        return self.counted is not None and self.matching > self.counted

    def _words(self, count: int) -> str:
        is_beyond = self.counted is not None and count > self.counted
        return f"{self.counted}+" if is_beyond else str(count)

    @property
    def id(self) -> str:
        """The element that a partial answer replaces."""
        return f"table-{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """Columns over rows. `first` names the column that it is sorted by until someone chooses.

    `whole` is the row of the whole, kept on top whatever the order. `style` is a CSS class. `shown`
    are the keys of the columns that the reader chose; none chosen: all. The first always shows.
    """

    name: str
    caption: str
    columns: tuple[Column[Row], ...]
    rows: Sequence[Row]
    first: str = ""
    whole: Row | None = None
    style: str = ""
    page_size: int = PAGE_SIZE
    shown: tuple[str, ...] = ()

    @property
    def shown_columns(self) -> tuple[Column[Row], ...]:
        """The columns that are drawn and exported; the others still sort and filter."""
        if not self._chosen_columns:
            return self.columns
        return tuple(
            column
            for place, column in enumerate(self.columns)
            if place == 0 or column.key in self.shown
        )

    @property
    def _chosen_columns(self) -> tuple[str, ...]:
        keys = {column.key for column in self.columns}
        return tuple(key for key in self.shown if key in keys)

    def chosen(self, query: QueryDict) -> list[Row]:
        """The rows that the query's filters leave, in its order, from all pages."""
        rows = list(self.rows)
        for column in self.columns:
            wanted = self._parameter(query, column.key)
            if column.filter and wanted:
                rows = [row for row in rows if _matches(column, row, wanted)]
        return self._sorted(rows, self._sort(query))

    def view(self, query: QueryDict) -> View:
        """The page that the query asks for. A page that there is not becomes the nearest one."""
        rows = self.chosen(query)
        page, pages = self._place(query, len(rows))
        start = (page - 1) * self.page_size
        shown = rows[start : start + self.page_size]
        return self._drawn(query, shown, page=page, pages=pages, counts=(len(rows), self._total()))

    def made(self) -> Table[Row]:
        """Itself: a table drawn before is made here."""
        return self

    def _total(self) -> int:
        return len(self.rows)

    def _place(self, query: QueryDict, matching: int) -> tuple[int, int]:
        """The page asked for, or the nearest one, and how many there are."""
        pages = max(1, -(-matching // self.page_size))
        return min(_whole(self._parameter(query, "page")), pages), pages

    def _drawn(
        self,
        query: QueryDict,
        shown: Sequence[Row],
        *,
        page: int,
        pages: int,
        counts: tuple[int, int],
    ) -> View:
        """The page of these rows; `counts` are how many rows match, and how many there are."""
        columns = self.shown_columns
        keys = {column.key for column in columns}
        return View(
            name=self.name,
            caption=self.caption,
            style=self.style,
            heads=[self._head(query, column) for column in columns],
            rows=[self._cells(row) for row in shown],
            total_row=[] if self.whole is None else self._cells(self.whole),
            filters=[self._filter(query, c) for c in self.columns if c.filter],
            kept=[pair for pair in _pairs(query) if pair[0] not in self._own_fields()],
            matching=counts[0],
            total=counts[1],
            page=page,
            pages=pages,
            previous_url=self._url(query, {"page": str(page - 1)}) if page > 1 else "",
            next_url=self._url(query, {"page": str(page + 1)}) if page < pages else "",
            export_url=self._url(query, {"format": "xlsx", "page": ""}),
            clear_url=self._url(query, {c.key: "" for c in self.columns if c.filter}),
            columns=[(c.key, c.heading, c.key in keys) for c in self.columns[1:]],
            shown=self._chosen_columns,
        )

    def with_whole(self, query: QueryDict) -> list[Row]:
        """What is exported: the row of the whole, then all chosen rows."""
        return [*([] if self.whole is None else [self.whole]), *self.chosen(query)]

    def _parameter(self, query: QueryDict, key: str) -> str:
        return query.get(f"{self.name}.{key}", "").strip()

    def _own_fields(self) -> set[str]:
        keys = [c.key for c in self.columns if c.filter]
        return {f"{self.name}.{key}" for key in (*keys, "page", "format")}

    def _url(self, query: QueryDict, changes: Mapping[str, str]) -> str:
        renamed = {f"{self.name}.{key}": value for key, value in changes.items()}
        pairs = [pair for pair in _pairs(query) if pair[0] not in renamed]
        pairs += [(name, value) for name, value in renamed.items() if value]
        return "?" + urlencode(pairs)

    def _sort(self, query: QueryDict) -> str:
        asked = self._parameter(query, "sort") or self.first
        known = asked.removeprefix("-") in {column.key for column in self.columns}
        return asked if known else self.first

    def _sorted(self, rows: list[Row], sort: str) -> list[Row]:
        column = next((c for c in self.columns if c.key == sort.removeprefix("-")), None)
        if column is None:
            return rows
        known = [row for row in rows if column.value(row) is not None]
        unknown = [row for row in rows if column.value(row) is None]
        rank = column.rank
        known.sort(
            key=lambda row: (0, rank(row), b"") if rank else _key(column.value(row)),
            reverse=sort.startswith("-"),
        )
        return known + unknown

    def _head(self, query: QueryDict, column: Column[Row]) -> Head:
        sort = self._sort(query)
        direction: Literal["", "ascending", "descending"] = ""
        if sort.removeprefix("-") == column.key:
            direction = "descending" if sort.startswith("-") else "ascending"
        following = f"-{column.key}" if direction == "ascending" else column.key
        return Head(
            label=column.heading,
            note=column.note,
            kind=column.kind,
            url=self._url(query, {"sort": following, "page": ""}),
            direction=direction,
            id=f"{self.name}-sort-{column.key}",
        )

    def _cells(self, row: Row) -> list[Cell]:
        return [
            Cell(
                text=column.text(row),
                kind=column.kind,
                url=column.link(row) if column.link else None,
                template=column.template,
                drawn=column.drawn(row) if column.drawn else row,
                markup=column.markup(row) if column.markup else None,
                tint=column.tint(row) if column.tint else "",
                is_head=position == 0,
            )
            for position, column in enumerate(self.shown_columns)
        ]

    def _filter(self, query: QueryDict, column: Column[Row]) -> FilterField:
        choices: Iterable[str] = ()
        if column.filter == "choice":
            choices = dict.fromkeys(column.text(row) for row in self.rows)
        return FilterField(
            name=f"{self.name}.{column.key}",
            label=say(column.label),
            value=self._parameter(query, column.key),
            choices=tuple(choices),
        )


def _pairs(query: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, values in query.lists() for value in values]


def _matches(column: Column[Row], row: Row, wanted: str) -> bool:
    text = column.text(row)
    if column.filter == "choice":
        return text == wanted
    return wanted.casefold() in text.casefold()


def _key(value: CellValue) -> tuple[int, float, bytes]:
    """One order for every kind of value, so that a mixed column sorts instead of failing.

    Text goes by its GB 18030 bytes: common characters then stand in the order of their pinyin.
    """
    if isinstance(value, date):
        return (0, value.toordinal(), b"")
    if isinstance(value, str):
        return (1, 0.0, value.encode("gb18030"))
    return (0, float(value or 0), b"")


def _whole(text: str) -> int:
    """A page number of at least one; anything else is the first page."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1
