"""What was worked out lately and is likely to be asked for again, kept in memory."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

K = TypeVar("K")
V = TypeVar("V")

_EVERY: "WeakSet[Latest[Any, Any]]" = WeakSet()


def forget_all() -> None:
    """Keep nothing of anything in this process."""
    for each in list(_EVERY):
        each.clear()


class Latest(Generic[K, V]):
    """Values by key, of which those used last are kept. Threads may share one.

    `kept` is how many, or how much where `size` tells how large each one is; the last one always
    is. They may hold what was said: `erased_words.py` sees to it that none outlives an erasure.
    """

    def __init__(self, kept: int, size: Callable[[V], int] = lambda _: 1) -> None:
        self._kept, self._size, self._total = kept, size, 0
        self._lock = Lock()
        self._values: OrderedDict[K, V] = OrderedDict()
        _EVERY.add(self)

    def get(self, key: K) -> V | None:
        """Return what is kept under a key, None where nothing is."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> V:
        """Keep a value, and return it."""
        with self._lock:
            if key in self._values:
                self._total -= self._size(self._values.pop(key))
            self._values[key] = value
            self._total += self._size(value)
            while self._total > self._kept and len(self._values) > 1:
                _, oldest = self._values.popitem(last=False)
                self._total -= self._size(oldest)
        return value

    def clear(self) -> None:
        """Keep nothing of what there is."""
        with self._lock:
            self._values.clear()
            self._total = 0

    def made(self, key: K, make: Callable[[], V]) -> V:
        """Return what is kept under a key, else what `make` makes, which is kept then."""
        known = self.get(key)
        return self.put(key, make()) if known is None else known
