"""`transcriber worker`: the processes of one machine, started together and kept running.

supervisor
├── redis-server            where no broker's URL is given
├── celery worker -Q cpu    one process for each queue, with children that compute
├── celery worker -Q interactive
└── celery beat
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transcriber.engines.cores import cores
from transcriber.services.settings import Settings
from workers.parent import tethered
from workers.redis_server import RedisServer
from workers.schedule import SWEEP_QUEUE

CHECK_S = 0.5
"""How often the supervisor looks whether all still run."""

LONGEST_PAUSE_S = 30.0
"""Between two starts of a process that keeps ending."""

STEADY_S = 60.0
"""A process that ran for so long is started again at once when it ends."""

STOP_GRACE_S = 15.0
"""What a stop may take beyond the time that steps are waited for."""

ALIVE = Path(tempfile.gettempdir()) / "transcriber-alive"
"""Touched for as long as all processes run: what a container's health check looks at."""

_log = logging.getLogger(__name__)


@dataclass
class _Kept:
    """A process that is started again when it ends."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    next_start_s: float = 0.0
    pause_s: float = field(default=CHECK_S)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep(self) -> None:
        if self.is_running:
            return
        now_s = time.monotonic()
        if self.process is not None:
            steady = now_s - self.started_s > STEADY_S
            self.pause_s = CHECK_S if steady else min(self.pause_s * 2, LONGEST_PAUSE_S)
            _log.warning("%s ended with status %s", self.name, self.process.returncode)
            self.next_start_s, self.process = now_s + self.pause_s - CHECK_S, None
        if now_s >= self.next_start_s:
            self.process = subprocess.Popen(tethered(self.command), env=self.environment)  # noqa: S603 - our own command
            self.started_s = now_s

    def tell(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


class Supervisor:
    """Starts what serves `queues`, and beat where it is wanted; runs until it is told to stop."""

    def __init__(self, settings: Settings, queues: Sequence[str], *, beat: bool) -> None:
        self._settings = settings
        self._redis = RedisServer(settings.socket) if settings.has_own_broker else None
        self._kept = [self._worker(queue) for queue in queues]
        if beat:
            command = [*_CELERY, "beat", "--loglevel=warning", "--pidfile="]
            self._kept.append(_Kept("beat", command, dict(os.environ)))
        self._told_to_stop = False

    def run(self) -> None:
        """Keep everything running until SIGTERM or SIGINT, then stop it in order.

        Raises TranscriberError when the broker of our own cannot be started at all.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)
        if self._redis is not None:
            self._redis.keep_running()
        while not self._told_to_stop:
            if self._redis is not None:
                self._redis.keep_running()
            for kept in self._kept:
                kept.keep()
            if all(kept.is_running for kept in self._kept):
                ALIVE.touch()
            time.sleep(CHECK_S)
        self._stop()

    def _note(self, *_: object) -> None:
        self._told_to_stop = True

    def _stop(self) -> None:
        for kept in self._kept:
            kept.tell(signal.SIGTERM)
        until_s = time.monotonic() + self._settings.workers.stop_wait_s + STOP_GRACE_S
        for kept in self._kept:
            if kept.process is not None:
                try:
                    kept.process.wait(max(until_s - time.monotonic(), 0.1))
                except subprocess.TimeoutExpired:
                    kept.tell(signal.SIGKILL)
                    kept.process.wait()
        if self._redis is not None:
            self._redis.stop()

    def _worker(self, queue: str) -> _Kept:
        children, threads = self._settings.workers.sized(cores())
        if queue != "cpu":  # one uses the graphics card at a time; what takes seconds needs one
            children = 1
        environment = {
            **os.environ,
            # SIGTERM waits for `worker_soft_shutdown_timeout` only, not for hours of work.
            "REMAP_SIGTERM": "SIGQUIT",
            **{name: str(threads) for name in _THREAD_VARIABLES},
        }
        command = [
            *_CELERY,
            "worker",
            f"--queues={queue},{SWEEP_QUEUE}",
            f"--concurrency={children}",
            f"--hostname={queue}@%h",
            "--pool=prefork",
            "--loglevel=warning",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
        return _Kept(queue, command, environment)


_CELERY = (sys.executable, "-m", "celery", "--app=workers.app", "--quiet")

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Read by the libraries when they are loaded, so they have to be there before."""
