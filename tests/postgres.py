"""A real PostgreSQL server of our own, in a folder that is deleted afterwards."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from transcriber.storage.database.upgrade import open_database

MADE = "made"
"""The database whose tables the revisions made; those of tests are copies of it."""


def programs() -> Path | None:
    """The folder of `postgres` and `initdb`; Debian keeps it off PATH."""
    found = shutil.which("postgres")
    if found is not None:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return folders[-1].parent if folders else None


class PostgresServer:
    """A running server, reached by a socket; each test takes a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._programs = programs()
        self._is_made = False

    def new_database(self) -> str:
        """Make a database that has its tables, without rows, and return its URL."""
        if not self._is_made:
            self._administer(f"CREATE DATABASE {MADE}")
            open_database(self._url(MADE))
            self._is_made = True
        return self._create(f"TEMPLATE {MADE}")

    def empty_database(self) -> str:
        """Make a database without tables and return its URL."""
        return self._create()

    def copy(self, url: str) -> str:
        """Make a copy of a database, from which everybody is sent away, and return its URL."""
        name = make_url(url).database
        self._administer(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        return self._create(f"TEMPLATE {name}")

    def _create(self, how: str = "") -> str:
        name = f"t{next(self._numbers)}"
        self._administer(f"CREATE DATABASE {name} {how}")
        return self._url(name)

    def checkpoint(self) -> None:
        """Write everything to the files of the databases."""
        self._administer("CHECKPOINT")

    def start(self) -> None:
        """Start, or start again."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "max_connections": 200,
        }
        listed = " ".join(f"-c {name}={value}" for name, value in options.items())
        self._control("start", f"--options={listed}")

    def stop(self) -> None:
        """End at once, as a crash of the server would."""
        self._control("stop", "--mode=immediate")

    def initialise(self) -> None:
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8")

    def _administer(self, statement: str) -> None:
        administrator = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with administrator.connect() as connection:
            connection.execute(text(statement))
        administrator.dispose()

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def _control(self, action: str, *options: str) -> None:
        self._run("pg_ctl", action, "--wait", f"--log={self.folder / 'log'}", *options)

    def _run(self, program: str, *arguments: str) -> None:
        assert self._programs is not None
        # The server refuses to run as root.
        owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run(
            [
                *(owner if _is_root() else ()),
                self._programs / program,
                f"--pgdata={self.folder / 'data'}",
                *arguments,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """Run a server in `folder`, whose path must be short: sockets have 107 characters."""
    if _is_root():
        shutil.chown(folder, "postgres")
    folder.chmod(0o700)
    server = PostgresServer(folder)
    server.initialise()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _is_root() -> bool:
    return os.geteuid() == 0
