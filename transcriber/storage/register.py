"""Which entity of a study got which number: one SQLite file for each study."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transcriber.domain.errors import StorageError
from transcriber.domain.finding import EntityType

PATIENCE_S = 60.0
"""How long a process waits for the others; an allotment takes milliseconds."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pseudonym (
    entity_type TEXT NOT NULL,
    entity TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    PRIMARY KEY (entity_type, entity),
    UNIQUE (entity_type, number)
) STRICT
"""


class SqliteRegister:
    """Allots numbers under a write lock, so that any number of processes may share the file.

    The file names the entities: it belongs into the private folder and only its owner may read it.
    Destroying it makes the numbers meaningless.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def number(self, entity_type: EntityType, entity: str) -> int:
        """Return the entity's number among those of its type, from 1, allotted once.

        Raises StorageError when the file cannot be read or written.
        """
        with self._transaction() as connection:
            known = connection.execute(
                "SELECT number FROM pseudonym WHERE entity_type = ? AND entity = ?",
                (entity_type.value, entity),
            ).fetchone()
            if known:
                return int(known[0])
            (highest,) = connection.execute(
                "SELECT coalesce(max(number), 0) FROM pseudonym WHERE entity_type = ?",
                (entity_type.value,),
            ).fetchone()
            connection.execute(
                "INSERT INTO pseudonym VALUES (?, ?, ?)", (entity_type.value, entity, highest + 1)
            )
            return int(highest) + 1

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Open, lock, commit and close: no connection may live through a fork or cross threads."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # SQLite gives its companion files the mode of this one.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(self._path, timeout=PATIENCE_S, isolation_level=None)
        except (OSError, sqlite3.Error):
            raise _refused() from None
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_SCHEMA)
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error:
            raise _refused() from None
        finally:
            with suppress(sqlite3.Error):
                connection.close()


def _refused() -> StorageError:
    return StorageError(
        "register_unusable",
        "The register of pseudonyms in the private folder cannot be read or written. Check that "
        "the disk has room and that the folder is yours, then run the command again.",
    )
