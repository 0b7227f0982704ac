"""A real Redis that somebody else runs, in a folder that is deleted afterwards."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def debian_redis(folder: Path) -> Iterator[str | None]:
    """Run the installed server with its own settings; None where only ours is there."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    socket = folder / "r"
    command = [program, "--port", "0", "--unixsocket", str(socket), "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        while not socket.exists():
            time.sleep(0.05)
        yield f"redis+socket://{socket}"
        server.terminate()


@contextmanager
def watched_redis(home: Path) -> Iterator[str]:
    """Run the installed server so that it writes everything down, and what MONITOR says of it."""
    home.mkdir()
    socket = home / "s"
    settings = ["--port", "0", "--unixsocket", str(socket), "--dir", str(home)]
    settings += ["--appendonly", "yes", "--save", "1 1", "--loglevel", "debug"]
    with (
        (home / "log").open("wb") as log,
        (home / "monitor").open("wb") as monitor,
        subprocess.Popen(["redis-server", *settings], stdout=log, stderr=log) as server,
    ):
        while not socket.exists():
            time.sleep(0.05)
        with subprocess.Popen(
            ["redis-cli", "-s", str(socket), "monitor"], stdout=monitor, stderr=monitor
        ) as watcher:
            yield f"redis+socket://{socket}"
            watcher.kill()
        server.kill()
