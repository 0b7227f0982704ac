"""A worker's sign of life: the lease of its step is renewed for as long as it works."""

import threading
from types import TracebackType
from typing import Self

from transcriber.domain.errors import StorageError
from transcriber.storage.database.leases import Claim, LeaseLost, Leases

BEATS_A_LEASE = 4
"""Three may be missed, by a database that is away for a moment, before the step is another's."""


class Heartbeat:
    """Renews a lease from a thread, because engines compute for minutes without looking up."""

    def __init__(self, leases: Leases, claim: Claim) -> None:
        self._leases = leases
        self._claim = claim
        self._ended = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Called while a stage works: raises LeaseLost as soon as it works for nothing."""
        if self._lost:
            raise LeaseLost

    def _beat(self) -> None:
        pause_s = self._leases.terms.lease_ms / 1000 / BEATS_A_LEASE
        while not self._ended.wait(pause_s):
            try:
                self._leases.renew(self._claim)
            except LeaseLost:
                self._lost = True
                return
            except StorageError:
                continue  # the next beat may reach it; the token guards what is written
