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
