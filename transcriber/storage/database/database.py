"""A database by URL, and the two kinds of transaction: one that reads and one that writes."""

import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
)

from transcriber.domain.errors import StorageError, UsageError
from transcriber.storage.database import sqlite

SQLITE = "sqlite"
POSTGRESQL = "postgresql+psycopg"

_REWRITTEN = (
    "wrapped_key",
    "recording",
    "upload",
    "blob",
    "recording_part",
    "study",
    "study_decision",
    "entity",
    "label",
    "job",
    "withdrawal",
    "consent",
    "taking_part",
)
"""Tables that hold keys, or values of which some go while the key that opens them stays.

Of a recording that is the tag of its files, by which somebody who has one could tell that it was
here."""


class Database:
    """Hands out transactions; any number of processes and threads may do so at once.

    No statement's parameters appear in errors or logs. A process that was forked off opens
    connections of its own.
    """

    def __init__(self, url: str) -> None:
        """Take a URL as SQLAlchemy writes it; nothing is opened yet. Raises UsageError."""
        self.url = _checked(url)
        self._engine = _engine(self.url)
        _forget_connections_in_children(self._engine)
        weakref.finalize(self, self._engine.dispose)

    @property
    def path(self) -> Path | None:
        """SQLite's file, None where a server keeps the data."""
        if self.url.get_backend_name() != SQLITE or self.url.database is None:
            return None
        return Path(self.url.database)

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one state of the database and may not write.

        Raises StorageError when the database cannot be reached.
        """
        return self._transaction(writes=False)

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction that commits at its end, or writes nothing where an error ends it.

        SQLite lets one of these run at a time. Raises StorageError when the database cannot be
        reached or refuses, and Conflict when a row breaks a rule of its table.
        """
        return self._transaction(writes=True)

    def overwrite_deleted(self) -> None:
        """Leave nothing of deleted keys, nor of what living keys open, in the database's own files.

        Copies from before an upgrade are deleted: they hold the same. Backups, and a server's
        archive of its log, are for the operator (docs/encryption.md). Raises StorageError when the
        database cannot be reached.
        """
        try:
            if self.path is not None:
                # `secure_delete` overwrote them in the log; now in the file too.
                sqlite.empty_log(self.path)
                sqlite.delete_copies(self.path)
                return
            with self._engine.connect() as connection:
                # A plain VACUUM leaves the bytes in their page.
                connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in _REWRITTEN:
                    connection.execute(text(f"VACUUM FULL {table}"))
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise _refused(error) from None

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        options = _options(self.path is not None, writes)
        try:
            with (
                self._engine.connect().execution_options(**options) as connection,
                connection.begin(),
            ):
                yield connection
        except IntegrityError:
            raise Conflict() from None
        except SQLAlchemyError as error:
            raise _refused(error) from None


class Conflict(StorageError):
    """A row breaks a rule of its table: something like it is there already."""

    def __init__(self) -> None:
        super().__init__(
            "conflict",
            "What was to be stored contradicts what is stored already. Nothing was changed. "
            "Run the same command again.",
        )

    def __reduce__(self) -> tuple[type["Conflict"], tuple[()]]:  # type: ignore[override]
        """Let the error cross a process border."""
        return type(self), ()


def _checked(url: str) -> URL:
    """Read a URL; its sentence never shows it, because it may hold a password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _bad_url() from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername=POSTGRESQL)
    if backend == SQLITE and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise _bad_url()


def _bad_url() -> UsageError:
    return UsageError(
        "bad_database_url",
        "The database URL is not one that Transcriber can use. Write sqlite:////path/to/file or "
        "postgresql://user@host/name.",
    )


def _engine(url: URL) -> Engine:
    try:
        # hide_parameters: an error would quote what was to be stored.
        # pool_pre_ping: a server that was restarted meanwhile is met with a new connection.
        engine = create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args=_arguments(url)
        )
    except (ImportError, NoSuchModuleError):
        raise UsageError(
            "postgres_missing",
            "The driver for PostgreSQL is not installed. Run: pip install 'transcriber[postgres]'.",
        ) from None
    if url.get_backend_name() == SQLITE:
        sqlite.configure(engine)
    return engine


def _arguments(url: URL) -> dict[str, str]:
    """Keep PostgreSQL from compiling statements, which takes it longer than to run ours."""
    if url.get_backend_name() == SQLITE or "options" in url.query:
        return {}
    return {"options": "-c jit=off"}


def _options(is_sqlite: bool, writes: bool) -> dict[str, Any]:
    if is_sqlite:
        return {sqlite.WRITES: writes}
    # Writers lock the rows that they decide on; readers see one state and may not write.
    if writes:
        return {"isolation_level": "READ COMMITTED"}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _forget_connections_in_children(engine: Engine) -> None:
    """Keep a forked process from talking over its parent's connections (SQLAlchemy, Pooling)."""
    reference = weakref.ref(engine)

    def forget() -> None:
        if (inherited := reference()) is not None:
            inherited.dispose(close=False)

    os.register_at_fork(after_in_child=forget)


def _refused(error: Exception) -> StorageError:
    kind = type(error.orig if isinstance(error, DBAPIError) else error).__name__
    return StorageError(
        "database_unavailable",
        f"The database cannot be used ({kind}). Nothing half-written was left behind. Check that "
        "it runs, that its disk has room and that you may write to it.",
    )
