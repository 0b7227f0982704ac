"""`transcriber worker` and `transcriber serve`: processes of one machine, kept running together.

supervisor
├── web server              with `serve`
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

from transcriber.domain.errors import UsageError
from transcriber.engines.cores import cores
from transcriber.services.settings import QUEUES, Settings
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

BEHIND_THE_WEB = 10
"""Niceness of what computes beside a web server (`man 2 setpriority`): pages come first."""

WEB_FIRST_S = 3.0
"""The web server loads alone for so long: somebody waits for it and nobody for the others."""

USELESS = UsageError.exit_status
"""The web server ends so where another start would end in the same way."""

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
    niceness: int = 0

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
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                tethered(self.command),
                env=self.environment,
                start_new_session=True,  # Ctrl-C is for the supervisor, which stops them in order
            )
            if self.niceness:
                os.setpriority(os.PRIO_PROCESS, self.process.pid, self.niceness)
            self.started_s = now_s

    def tell(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


class Supervisor:
    """Starts what serves `queues`, and beat where it is wanted; runs until it is told to stop.

    `web` is the command of a web server that is kept running with them.
    """

    def __init__(
        self, settings: Settings, queues: Sequence[str], *, beat: bool, web: Sequence[str] = ()
    ) -> None:
        self._settings = settings
        self._redis = RedisServer(settings.socket) if settings.has_own_broker else None
        self._kept = [self._worker(queue) for queue in queues]
        if beat:
            command = [*_CELERY, "beat", "--loglevel=warning", "--pidfile="]
            self._kept.append(_Kept("beat", command, dict(os.environ)))
        self._web = _Kept("web", web, dict(os.environ)) if web else None
        if self._web is not None:
            for kept in self._kept:
                kept.niceness = BEHIND_THE_WEB
                kept.next_start_s = time.monotonic() + WEB_FIRST_S
            self._kept.insert(0, self._web)
        self._told_to_stop = False

    def run(self) -> int:
        """Keep everything running until SIGTERM or SIGINT, then stop it in order.

        Returns the exit status: not 0 when the web server could not begin. A second signal ends
        all at once; what was not finished is done again.

        Raises TranscriberError when the broker of our own cannot be started at all.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)
        if self._redis is not None:
            self._redis.keep_running()
        while not self._told_to_stop and not self._web_is_useless():
            if self._redis is not None:
                self._redis.keep_running()
            for kept in self._kept:
                kept.keep()
            if all(kept.is_running for kept in self._kept):
                ALIVE.touch()
            time.sleep(CHECK_S)
        status = USELESS if self._web_is_useless() else 0
        self._stop()
        return status

    def _web_is_useless(self) -> bool:
        if self._web is None or self._web.process is None:
            return False
        return self._web.process.poll() == USELESS

    def _note(self, *_: object) -> None:
        if self._told_to_stop:
            for kept in self._kept:
                kept.tell(signal.SIGKILL)
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
            "--loglevel=warning",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
        return _Kept(queue, command, environment)


def used_queues(settings: Settings) -> list[str]:
    """Return the queues that something may wait in."""
    return [name for name in QUEUES if name in {*settings.queues.values(), "interactive"}]


_CELERY = (sys.executable, "-m", "celery", "--app=workers.app", "--quiet")

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Read by the libraries when they are loaded, so they have to be there before."""
