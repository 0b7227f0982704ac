"""The app behind a real web server, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.served import free_port

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys, uvicorn
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.web.app import make_app
app = make_app(open_store(load_settings()))
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


@dataclass
class ServedProcess:
    """A web server; `url` is where it listens."""

    url: str
    process: "subprocess.Popen[bytes]"

    def stop(self) -> int:
        """Ask it to end and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[ServedProcess]:
    """Serve the store that the environment names, until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(port)],
        env={**os.environ, **environment},
        cwd=ROOT,
    )
    served = ServedProcess(f"http://127.0.0.1:{port}", process)
    try:
        while True:
            assert process.poll() is None, "the web server ended"
            try:
                httpx.get(f"{served.url}/api/v1/health", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield served
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
