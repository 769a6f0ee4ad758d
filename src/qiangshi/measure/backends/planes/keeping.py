"""What was computed, kept for who asks again, within a bound of memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Things by key; what was not asked for longest goes when they take more than `most` bytes."""

    def __init__(self, most: int, size: Callable[[Thing], int]) -> None:
        self.most = most
        self._size = size
        self._things: OrderedDict[object, Thing] = OrderedDict()
        self._bytes = 0

    def here(self, key: object) -> Thing | None:
        """The thing of a key, if it is here."""
        found = self._things.get(key)
        if found is not None:
            self._things.move_to_end(key)
        return found

    def keep(self, key: object, thing: Thing) -> None:
        """Keep what is not here yet."""
        self._things[key] = thing
        self._bytes += self._size(thing)
        while self._bytes > self.most and len(self._things) > 1:
            _, gone = self._things.popitem(last=False)
            self._bytes -= self._size(gone)

    def get(self, key: object, make: Callable[[], Thing]) -> Thing:
        """The thing of a key, made if it is not here."""
        found = self.here(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found
