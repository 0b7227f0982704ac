"""A child of a Celery worker: the process that computes.

Everything heavy is made here, after the fork, once: connections, and models when a step first
needs them.
"""

import os
import signal
import threading
import time
from contextlib import suppress
from functools import cache
from multiprocessing import process
from types import FrameType
from typing import Any

from celery.signals import worker_process_init

from transcriber.bootstrap import build_worker
from transcriber.domain.errors import TranscriberError
from transcriber.services.abandoned import free_abandoned
from transcriber.services.step_work import StepWorker
from transcriber.services.store import open_store
from transcriber.storage.scratch import Scratch
from workers.app import SETTINGS
from workers.broker import relay
from workers.parent import die_with_parent
from workers.schedule import pause_s

_ORDINARY = process.current_process()
"""What Python takes a process for that no library made, taken before the fork."""


@cache
def service() -> StepWorker:
    """Return what does the work of this process."""
    return build_worker(open_store(SETTINGS), int(os.environ.get("OMP_NUM_THREADS", "1")))


@worker_process_init.connect
def begin(**_: Any) -> None:
    """Let this child end with its worker, and put its step back when it is told to stop."""
    die_with_parent(os.getppid())
    # Celery's library puts a process of its own in the place of Python's, a daemon, which may have
    # no children. Engines have some; they end with their parent by themselves (`end_with_parent`).
    process._current_process = _ORDINARY  # type: ignore[attr-defined]
    # Beside the work, because what was killed must not wait until somebody is free.
    threading.Thread(target=_watch_for_the_killed, daemon=True).start()
    receiving, sending = os.pipe()
    os.set_blocking(sending, False)
    # Python runs a handler when the main thread next looks up, which an engine may do after
    # minutes; the byte is written at once.
    signal.set_wakeup_fd(sending, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, _do_nothing)
    threading.Thread(target=_put_back_when_told, args=(receiving,), daemon=True).start()


def _watch_for_the_killed() -> None:
    """Look, as often as the sweep does, whether a process of this machine left a step or sound."""
    store = None
    while True:
        with suppress(TranscriberError):  # then the leases run out
            store = store or open_store(SETTINGS)
            if free_abandoned(store, Scratch(SETTINGS.scratch)):
                relay(store.outbox)
        time.sleep(pause_s(SETTINGS.lease.seconds))


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Stand where a handler must be for the byte to be written."""


def _put_back_when_told(receiving: int) -> None:
    while received := os.read(receiving, 1):
        if received[0] == signal.SIGTERM:
            try:
                if service.cache_info().currsize:
                    service().put_back()
            finally:
                os._exit(os.EX_OK)
