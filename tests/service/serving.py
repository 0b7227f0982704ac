"""A web server of its own process, on a store in a folder, asked by one researcher.

python -m tests.service.serving FOLDER PORT STUDY
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import uvicorn
from fastapi import Request

from tests.served import free_port
from transcriber.domain.access import Principal, Role
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.web.app import make_app

ROOT = Path(__file__).parents[2]


class Server:
    """The process, which may be killed and started again."""

    def __init__(self, folder: Path, study_id: str) -> None:
        self.folder, self.study_id = folder, study_id
        self.temporary = folder / "temporary"
        self.temporary.mkdir(exist_ok=True)
        self.port = free_port()
        self.peaks_mib: list[float] = []
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.service.serving",
                str(self.folder),
                str(self.port),
                self.study_id,
            ],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(self.temporary)},
        )
        while True:
            try:
                httpx.get(f"{self.url}/api/v1/health")
                return
            except httpx.TransportError:
                assert self._process.poll() is None, "the server ended"
                time.sleep(0.05)

    def resident_mib(self) -> float:
        """How much memory it holds now."""
        assert self._process is not None
        return float(psutil.Process(self._process.pid).memory_info().rss) / (1 << 20)

    def peak_mib(self) -> float:
        """The most memory that it held so far."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024

    def kill(self) -> None:
        """End it with SIGKILL, whatever it does, and note how much memory it took."""
        if self._process is not None:
            self.peaks_mib.append(self.peak_mib())
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def serving(folder: Path, study_id: str) -> Iterator[Server]:
    """Run a server on the store in a folder."""
    server = Server(folder, study_id)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def main(folder: str, port: str, study_id: str) -> None:
    store = open_store(load_settings({"TRANSCRIBER_HOME": folder}))
    researcher = Principal("a" * 32, roles={study_id: Role.RESEARCHER})

    def who(request: Request) -> Principal:
        return researcher

    uvicorn.run(make_app(store, who), host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
