"""`transcriber serve` as somebody starts it, for tests that use it from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass
class Serve:
    """A service that runs: where it is, the link that it printed, and all that it said."""

    process: subprocess.Popen[str]
    home: Path
    said: list[str]
    address: str = ""
    link: str = ""

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what processes of a service under a data folder find in their environment."""
    return {**os.environ, "TRANSCRIBER_HOME": str(home), "PYTHONWARNINGS": "ignore", **more}


def start(home: Path, options: Sequence[str] = (), **more: str) -> Serve:
    """Start it and return once it says where it is, or has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "transcriber", "serve", f"--port={free_port()}", *options],
        env=environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    serve, ready = Serve(process, home, []), threading.Event()
    threading.Thread(target=_listen, args=(serve, ready), daemon=True).start()
    ready.wait()
    return serve


def _listen(serve: Serve, ready: threading.Event) -> None:
    out: IO[str] | None = serve.process.stdout
    assert out is not None
    with out:
        _read(serve, ready, out)
    ready.set()


def _read(serve: Serve, ready: threading.Event, out: IO[str]) -> None:
    for line in out:
        serve.said.append(line)
        if found := re.search(r"ready: (https?://\S+)", line):
            serve.address = found[1]
        if found := re.search(r"https?://\S+/link/\S+", line):
            serve.link = found[0]
        if line.startswith("Stop with"):
            ready.set()


@contextmanager
def serving(options: Sequence[str] = (), **more: str) -> Iterator[Serve]:
    """Run a service in a folder of its own, whose path is short because of the socket in it."""
    with tempfile.TemporaryDirectory(prefix="sv", ignore_cleanup_errors=True) as folder:
        serve = start(Path(folder), options, **more)
        try:
            yield serve
        finally:
            if serve.process.poll() is None:
                serve.process.kill()
                serve.process.wait()
