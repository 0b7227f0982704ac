"""Workers as an operator starts them: recordings are added, things are killed, transcripts read."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from transcriber.sample import sample_roster

pytestmark = pytest.mark.slow

PATIENCE_S = 900
TRANSCRIBER = [sys.executable, "-m", "transcriber"]


class Desk:
    """A terminal with its own data folder."""

    def __init__(self, folder: Path) -> None:
        config = folder / "own.yaml"
        config.write_text("lease: {seconds: 3}\nworkers: {stop_wait_s: 1}\n")
        self.environment = {
            **os.environ,
            "TRANSCRIBER_HOME": str(folder / "home"),
            "TRANSCRIBER_CONFIG": str(config),
            "PYTHONWARNINGS": "ignore",
        }
        self.log = folder / "worker.log"
        self.workers: list[subprocess.Popen[bytes]] = []

    def run(self, *arguments: str) -> str:
        return subprocess.run(
            [*TRANSCRIBER, *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def worker(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                [*TRANSCRIBER, "worker"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def jobs(self) -> list[dict[str, Any]]:
        jobs: list[dict[str, Any]] = json.loads(self.run("job", "list", "--json"))
        return jobs

    def wait(self, done: int) -> None:
        """Wait until so many steps of the only job are done."""
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            (job,) = self.jobs()
            if job["state"] != "running" or (
                sum(step["state"] == "done" for step in job["steps"]) >= done
            ):
                return
            time.sleep(1)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk whose folder has a short path, because of the socket in it."""
    with tempfile.TemporaryDirectory(prefix="dk") as folder:
        desk = Desk(Path(folder))
        try:
            yield desk
        finally:
            for worker in desk.workers:
                if worker.poll() is None:
                    worker.send_signal(signal.SIGKILL)
                worker.wait()


def tree(worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]


def alive(processes: list[psutil.Process], within_s: float) -> list[psutil.Process]:
    deadline_s = time.monotonic() + within_s
    left = processes
    while left and time.monotonic() < deadline_s:
        left = [p for p in left if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        time.sleep(0.1)
    return left


def test_what_is_killed_on_the_way_is_finished_and_reads_the_same(
    desk: Desk, sample_clip: Path, tmp_path: Path
) -> None:
    add = ["recording", "add", str(sample_clip), "--study", "Pilot", "--roster"]
    desk.run(*add, str(sample_roster()))
    first = desk.worker()
    desk.wait(done=1)
    processes = tree(first)
    assert len(processes) >= 5  # itself, Redis, two workers and a clock at least
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert alive(processes, 20) == [], "processes outlived the killed supervisor"

    second = desk.worker()
    desk.wait(done=4)
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0

    desk.worker()
    desk.wait(done=100)
    (job,) = desk.jobs()
    assert job["state"] == "done", job
    desk.run("recording", "export", "--study", "pilot", "--out", str(tmp_path / "stored"))

    plain = ["run", str(sample_clip), "--out", str(tmp_path / "plain")]
    desk.run(*plain, "--roster", str(sample_roster()))
    for name in ("private/INT01.text.txt", "private/INT01.key.csv"):
        assert (tmp_path / "stored" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
    stored, alone = (
        (tmp_path / kind / "redacted" / "INT01.txt").read_text().replace("Pilot", "").split()
        for kind in ("stored", "plain")
    )
    assert stored[-50:] == alone[-50:]
