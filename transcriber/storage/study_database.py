"""One SQLite file of a study, opened for one transaction at a time."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transcriber.domain.errors import StorageError

PATIENCE_S = 60.0
"""How long a process waits for the others; a recording's turn takes a second at most."""


@contextmanager
def transaction(
    path: Path, refusal: StorageError, journal: str = "DELETE"
) -> Iterator[sqlite3.Connection]:
    """Open, lock, commit and close: no connection may live through a fork or cross threads.

    The file and its folder are their owner's only, and what is deleted is overwritten. `journal` is
    SQLite's journal mode. Raises `refusal` when the file cannot be read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # SQLite gives its companion files the mode of this one.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    except (OSError, sqlite3.Error):
        raise refusal from None
    try:
        if journal != "DELETE":
            connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("PRAGMA synchronous = FULL")
        # What is destroyed shall not stay readable in free pages.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    except sqlite3.Error:
        raise refusal from None
    finally:
        with suppress(sqlite3.Error):
            connection.close()
