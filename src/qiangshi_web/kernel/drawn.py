"""Tables of figures that stand: drawn once in each process, however often they are opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.cache import caches

from qiangshi_web.kernel.language import language
from qiangshi_web.kernel.tables import Table
from qiangshi_web.kernel.templatetags.tables import grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict

    from qiangshi_web.kernel.tables import View


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
        told = (self.name, self.key, self.shown, query.urlencode(), language())
        place = sha256(repr(told).encode()).hexdigest()
        found: View | None = caches["drawn"].get(place)
        if found is None:
            view = self.made().view(query)
            found = replace(view, grid=grid(view), heads=[], rows=[], total_row=[])
            caches["drawn"].set(place, found)
        return found


AnyTable: TypeAlias = Table[Any] | DrawnTable
