"""A whole service for trials: broker, database, encrypted files, workers and a clock, all real."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import yaml
from sqlalchemy import func, select

from tests.postgres import PostgresServer
from transcriber.domain.recording import Kind
from transcriber.domain.roster import Roster
from transcriber.pipeline.order import State
from transcriber.services.jobs import list_jobs
from transcriber.services.policy_file import load_policies
from transcriber.services.settings import Settings, load_settings
from transcriber.services.store import open_store
from transcriber.services.submit import Submission, study_for, submit
from transcriber.storage.database.jobs import JobState
from transcriber.storage.database.tables import RECORDING, STAGE_RESULT, STEP
from transcriber.storage.keys.master_key import KeyFile
from workers.redis_server import RedisServer
from workers.schedule import SWEEP_QUEUE

CELERY = [sys.executable, "-m", "celery", "--quiet"]


@dataclass
class Service:
    """Processes of one trial under one folder, whose path must be short."""

    folder: Path
    database_url: str | None = None
    broker_url: str | None = None
    lease_s: float = 2.0
    stage_s: float = 0.3
    app: str = "tests.reliability.quick_app"
    more: dict[str, object] = field(default_factory=dict)
    settings_more: dict[str, object] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    redis: RedisServer | None = None
    postgres: PostgresServer | None = None
    extra: dict[str, str] = field(default_factory=dict)
    """What processes find in their environment besides."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        key = KeyFile(self.folder / "master.key")
        if not key.path.exists():
            key.create()
        given: dict[str, object] = {
            "master_key_file": str(key.path),
            "lease": {"seconds": self.lease_s, "attempts": 3},
            "workers": {"stop_wait_s": 1.0, **dict(self.more)},
            **self.settings_more,
        }
        (self.folder / "trial.yaml").write_text(yaml.safe_dump(given))
        self.store = open_store(self.settings)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "TRANSCRIBER_CONFIG": str(self.folder / "trial.yaml"),
            "TRANSCRIBER_HOME": str(self.folder / "d"),
            "TRANSCRIBER_DATABASE_URL": self.database_url or "",
            "TRANSCRIBER_BROKER_URL": self.broker_url or "",
            "QUICK_STAGE_S": str(self.stage_s),
            "REMAP_SIGTERM": "SIGQUIT",
            "PYTHONWARNINGS": "ignore",
            "OMP_NUM_THREADS": "1",
            **self.extra,
        }

    @property
    def settings(self) -> Settings:
        return load_settings(self.environment)

    def broker(self) -> RedisServer:
        """Start a Redis of our own, as the supervisor does."""
        self.redis = RedisServer(self.settings.socket)
        self.redis.keep_running()
        return self.redis

    def worker(self, queues: str = "cpu,interactive", children: int = 2) -> subprocess.Popen[bytes]:
        """Start a worker as an operator would and return it."""
        number = len(self.processes)
        return self._start(
            [
                *CELERY,
                f"--app={self.app}",
                "worker",
                f"--queues={queues},{SWEEP_QUEUE}",
                f"--concurrency={children}",
                f"--hostname=w{number}@trial",
                "--loglevel=warning",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )

    def beat(self) -> subprocess.Popen[bytes]:
        return self._start(
            [*CELERY, f"--app={self.app}", "beat", "--loglevel=warning", "--pidfile="]
        )

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        log = (self.folder / f"log-{len(self.processes)}.txt").open("wb")
        process = subprocess.Popen(
            command, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        self.processes.append(process)
        return process

    def submit(self, content: bytes, study: str = "Trial", file_name: str = "upload.wav") -> str:
        """Submit a recording of this content and return its job."""
        with self.store.database.read() as connection:
            known = self.store.studies.named(connection, study)
        if known is None:
            known = study_for(self.store, study, Roster(), load_policies(["default"]))
        path = self.folder / file_name
        path.write_bytes(content)
        made = submit(self.store, known, Submission((path,), Kind.INDIVIDUAL))
        path.unlink()
        return made.job_id

    def job(self, job_id: str) -> JobState:
        """Return how far a job is."""
        return next(job.state for job in list_jobs(self.store) if job.state.id == job_id)

    def recordings(self) -> int:
        """Return how many recordings are stored."""
        with self.store.database.read() as connection:
            return connection.execute(select(func.count()).select_from(RECORDING)).scalar_one()

    def states(self) -> dict[str, State]:
        """Return the state of each job by its id."""
        return {job.state.id: job.state.state for job in list_jobs(self.store)}

    def wait(self, until: Callable[[], bool], within_s: float) -> bool:
        """Wait until something holds; False when it does not within the time."""
        deadline_s = time.monotonic() + within_s
        while time.monotonic() < deadline_s:
            if until():
                return True
            time.sleep(0.05)
        return until()

    def all_ended(self) -> bool:
        return all(state is not State.RUNNING for state in self.states().values())

    def running(self) -> list[tuple[str, int]]:
        """Return the steps at work with their attempts."""
        with self.store.database.read() as connection:
            rows = connection.execute(
                select(STEP.c.id, STEP.c.attempt).where(STEP.c.state == State.RUNNING)
            ).all()
        return [(row.id, row.attempt) for row in rows]

    def claims(self) -> int:
        """Return how often a step was claimed."""
        with self.store.database.read() as connection:
            return connection.execute(select(func.sum(STEP.c.attempt))).scalar_one() or 0

    def tired(self) -> bool:
        """Return whether a step is at its last try: one more blow would rightly fail it."""
        with self.store.database.read() as connection:
            most = connection.execute(
                select(func.max(STEP.c.tries)).where(STEP.c.state.in_((State.RUNNING, State.READY)))
            ).scalar_one()
        return (most or 0) >= self.settings.lease.attempts

    def attempt(self, step_id: str) -> tuple[int, str]:
        """Return the attempt and the state of a step."""
        with self.store.database.read() as connection:
            row = connection.execute(select(STEP).where(STEP.c.id == step_id)).one()
        return row.attempt, row.state

    def doubled(self) -> int:
        """Return how many results there are beyond one for each stage of each recording."""
        with self.store.database.read() as connection:
            places = select(
                STAGE_RESULT.c.recording_id, STAGE_RESULT.c.stage, STAGE_RESULT.c.part
            ).distinct()
            results = connection.execute(
                select(func.count()).select_from(STAGE_RESULT)
            ).scalar_one()
            distinct = connection.execute(
                select(func.count()).select_from(places.subquery())
            ).scalar_one()
        return results - distinct

    def children(self, worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
        """Return the processes of a worker that compute."""
        return list(psutil.Process(worker.pid).children())

    def is_ready(self) -> bool:
        """Whether every process that was not killed has begun to serve."""
        workers = [p for p in self.processes if p.poll() is None and "worker" in p.args]  # type: ignore[operator]
        return all(self.children(worker) for worker in workers)

    def kill_all(self) -> None:
        """End every process of the trial."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self.redis is not None:
            self.redis.stop()
