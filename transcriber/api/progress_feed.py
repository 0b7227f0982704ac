"""One look at the database a second for everybody who watches, however many they are.

A stream waits for what the look found and holds no connection. What a slow reader did not fetch is
replaced by what is newer: only how far things are counts, not how they got there.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool

from transcriber.domain.errors import TranscriberError
from transcriber.services.progress import Look, ProgressWatch, RecordingProgress

PAUSE_S = 1.0
LONGEST_S = 300.0
"""A stream ends then and is taken up again by whoever may still see it."""

REST = 20
"""Between two looks pass at least so many times what one takes: watching costs 5 % at most."""

_log = logging.getLogger(__name__)

Told = RecordingProgress | None
"""How far a recording is; None once it was erased."""


@dataclass(eq=False)
class _Watcher:
    study_id: str
    recording_id: str | None
    waiting: "OrderedDict[str, Told]" = field(default_factory=OrderedDict)
    told: dict[str, Told] = field(default_factory=dict)
    as_of_ms: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, recording_id: str, told: Told, as_of_ms: int) -> None:
        known = recording_id in self.told and self.told[recording_id] == told
        if self.recording_id in (None, recording_id) and not known:
            self.told[recording_id] = told
            self.waiting[recording_id] = told
            self.as_of_ms = max(self.as_of_ms, as_of_ms)
            self.woken.set()


@dataclass(frozen=True, slots=True)
class Event:
    """What a stream sends: how far a recording is, None once it was erased.

    `as_of_ms` is the moment of the database from which a stream can be taken up again.
    """

    as_of_ms: int
    recording_id: str
    progress: Told


class ProgressFeed:
    """Tells all streams of one process what happens."""

    def __init__(self, watch: ProgressWatch) -> None:
        self._watch = watch
        self._watchers: set[_Watcher] = set()
        self._told: dict[str, RecordingProgress] = {}
        self._looking: asyncio.Task[None] | None = None

    async def events(
        self, study_id: str, recording_id: str | None, since_ms: int | None, ended: anyio.Event
    ) -> AsyncIterator[Event]:
        """Yield what changed since a moment and then what changes, for some minutes.

        Once `ended` is set, the stream ends.
        """
        with self._watching(study_id, recording_id) as watcher:
            # After that it watches: nothing falls between the two, and what is told twice is true.
            self._tell(await run_in_threadpool(self._watch.look, [study_id], since_ms), {watcher})
            ends_s = time.monotonic() + LONGEST_S
            while (left_s := ends_s - time.monotonic()) > 0 and not ended.is_set():
                await _first_of(left_s, watcher.woken.wait(), ended.wait())
                watcher.woken.clear()
                waiting, watcher.waiting = watcher.waiting, OrderedDict()
                for changed_id, told in waiting.items():
                    yield Event(watcher.as_of_ms, changed_id, told)

    @contextmanager
    def _watching(self, study_id: str, recording_id: str | None) -> Iterator[_Watcher]:
        watcher = _Watcher(study_id, recording_id)
        self._watchers.add(watcher)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look_on())
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    async def _look_on(self) -> None:
        """Look again and again for as long as anybody watches."""
        since_ms: int | None = None
        self._told.clear()
        while self._watchers:
            began_s = time.monotonic()
            try:
                studies = {watcher.study_id for watcher in self._watchers}
                look = await run_in_threadpool(self._watch.look, studies, since_ms)
            except TranscriberError as error:
                _log.warning("progress: %s", error.code)  # the next look may find it mended
            else:
                since_ms = look.as_of_ms
                self._tell(self._news(look), self._watchers)
            await asyncio.sleep(max(PAUSE_S, REST * (time.monotonic() - began_s)))

    def _news(self, look: Look) -> Look:
        """Return what of a look was not told before."""
        changed = tuple(
            progress
            for progress in look.changed
            if self._told.get(progress.recording_id) != progress
        )
        self._told = {progress.recording_id: progress for progress in look.changed}
        return Look(look.as_of_ms, changed, look.gone)

    def _tell(self, look: Look, watchers: set[_Watcher]) -> None:
        for watcher in watchers:
            for progress in look.changed:
                if progress.study_id == watcher.study_id:
                    watcher.tell(progress.recording_id, progress, look.as_of_ms)
            for study_id, recording_id in look.gone:
                if study_id == watcher.study_id:
                    watcher.tell(recording_id, None, look.as_of_ms)


async def _first_of(timeout_s: float, *waits: Coroutine[Any, Any, Any]) -> None:
    """Wait until one of these happens or the time is over, and forget the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
