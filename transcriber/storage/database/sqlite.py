"""How SQLite is opened: one file that any number of processes share."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from transcriber.domain.errors import disk_errors
from transcriber.storage.files import PRIVATE_FILE_MODE

PATIENCE_S = 60
"""How long a writer waits for the others; each holds the file for milliseconds."""

WRITES = "transcriber_writes"
"""The execution option that marks a transaction which writes."""


def make_file(path: Path) -> None:
    """Make an empty database whose journal is a write-ahead log, where there is none.

    MUST be called while `alone`: turning a new file into WAL is refused, not waited for, when
    another connection has it open.
    """
    if path.exists():
        return
    part = path.with_name(f".{path.name}.part")
    with disk_errors():
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE_MODE))
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA user_version = 1")  # written, so that the mode is in the file
    with disk_errors():
        part.replace(path)


def copy_to(source: Path, destination: Path) -> None:
    """Write a copy of a database that is in use (https://sqlite.org/lang_vacuum.html#vacuuminto).

    Raises sqlite3.Error when it cannot be read or written.
    """
    destination.unlink(missing_ok=True)
    os.close(os.open(destination, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE_MODE))
    with closing(sqlite3.connect(source, timeout=PATIENCE_S)) as connection:
        connection.execute("VACUUM INTO ?", (str(destination),))


def copy_before_upgrade(path: Path, revision: str) -> Path:
    """Return where the copy lies that was made before a database left a revision."""
    return path.with_name(f"{path.name}.{revision}.before-upgrade")


def delete_copies(path: Path) -> None:
    """Delete the copies that upgrades made. Raises StorageError when the disk refuses."""
    with disk_errors():
        for copy in path.parent.glob(copy_before_upgrade(path, "*").name):
            copy.unlink(missing_ok=True)


def empty_log(path: Path) -> None:
    """Move everything from the write-ahead log into the file and cut the log to nothing.

    Waits for readers. Raises sqlite3.Error when the file cannot be written.
    """
    with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def configure(engine: Engine) -> None:
    """Set every connection up, and begin transactions ourselves."""
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)


def _connected(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None  # Python's driver would begin too late, and not IMMEDIATE
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_S * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is committed survives a loss of power too; NORMAL would lose the last commits.
    connection.execute("PRAGMA synchronous = FULL")
    # What is deleted shall not stay readable in free pages.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _begin(connection: Connection) -> None:
    """Take the write lock at once where anything is to be written.

    A transaction that begins by reading and then writes is refused without waiting when another
    process wrote meanwhile (SQLITE_BUSY_SNAPSHOT); `query_only` keeps readers from trying.
    """
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
