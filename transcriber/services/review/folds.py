"""The folded lists of a process, kept while they are in use: one decision must not fold them anew.

Events are read from the database each time, so that several processes and people see the same; what
is kept is only what these events made of the transcript.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from transcriber.domain.fold import Fold

KEPT = 24
"""Lists in memory: a three-hour group takes some 20 MB."""


@dataclass(frozen=True, slots=True)
class FoldKey:
    """Which list: of which transcript, and over which of its findings."""

    transcript_id: str
    found: str


class Folds:
    """Folds by their transcript, the latest used of them. Threads may share one."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = Lock()
        self._folds: OrderedDict[FoldKey, Fold] = OrderedDict()

    def get(self, key: FoldKey, make: Callable[[], Fold]) -> Fold:
        """Return the fold that is kept, else what `make` makes."""
        with self._lock:
            if key in self._folds:
                self._folds.move_to_end(key)
                return self._folds[key]
        return self.keep(key, make())

    def keep(self, key: FoldKey, fold: Fold) -> Fold:
        """Keep a fold, unless one that holds more is kept already; return the one given."""
        with self._lock:
            known = self._folds.get(key)
            if known is None or known.number <= fold.number:
                self._folds[key] = fold
            self._folds.move_to_end(key)
            while len(self._folds) > self._kept:
                self._folds.popitem(last=False)
        return fold

    def forget(self, transcript_id: str) -> None:
        """Keep nothing of a transcript, because it was erased."""
        with self._lock:
            for key in [key for key in self._folds if key.transcript_id == transcript_id]:
                del self._folds[key]
