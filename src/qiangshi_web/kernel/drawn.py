"""Tables of figures that stand: drawn once in each process, however often they are opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from django.core.cache import caches

from qiangshi_web.kernel.language import language
from qiangshi_web.kernel.tables import Table
from qiangshi_web.kernel.templatetags.tables import grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict

    from qiangshi_web.kernel.tables import View

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTable:
    """A table that need not be made where its page was drawn before.

    `key` holds whatever its cells follow from beside the address and the language; what the reader
    may see is part of it. No column draws its cells by a template.
    """

    name: str
    key: tuple[object, ...]
    make: Callable[[], Table[Any]]
    shown: tuple[str, ...] = ()

    def made(self) -> Table[Any]:
        """The table itself."""
        return replace(self.make(), shown=self.shown)

    def view(self, query: QueryDict) -> View:
        """The page that the query asks for, its head and rows as markup."""
        key = (self.name, self.key, self.shown, query.urlencode())
        return drawn_once(key, partial(self._drawn, query))

    def _drawn(self, query: QueryDict) -> View:
        view = self.made().view(query)
        return replace(view, grid=grid(view), heads=[], rows=[], total_row=[])


def drawn_once(key: tuple[object, ...], make: Callable[[], T]) -> T:
    """What this process made before of the same key in the same language, else what it makes."""
    place = sha256(repr((key, language())).encode()).hexdigest()
    found: T | None = caches["drawn"].get(place)
    if found is None:
        found = make()
        caches["drawn"].set(place, found)
    return found


AnyTable: TypeAlias = Table[Any] | DrawnTable
