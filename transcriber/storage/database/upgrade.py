"""Brings a database to the shape that this version works with."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, inspect, text

from transcriber.domain.errors import StorageError, disk_errors
from transcriber.storage.database import sqlite
from transcriber.storage.database.database import Database
from transcriber.storage.database.locks import Lock, hold
from transcriber.storage.database.migrations import HEAD
from transcriber.storage.files import alone

if TYPE_CHECKING:
    from alembic.config import Config


@dataclass(frozen=True, slots=True)
class Revisions:
    """A folder of Alembic revisions, and the newest of them."""

    folder: Path
    head: str


SHIPPED = Revisions(Path(__file__).parent / "migrations", HEAD)


def open_database(url: str, revisions: Revisions = SHIPPED) -> Database:
    """Return a database that is there and up to date: made, or brought up where it is older.

    Any number of processes may do so at once. A copy of an older SQLite file is kept beside it.
    Raises UsageError for a URL that is none, StorageError when the database cannot be reached or
    is of a newer version.
    """
    database = Database(url)
    if database.path is not None and not database.path.exists():
        with alone(database.path):
            sqlite.make_file(database.path)
    if not is_up_to_date(database, revisions):
        _upgrade(database, revisions)
    return database


def make_at(url: str, revision: str) -> Database:
    """Return an empty database of some revision: what rows of a backup of that age are put into.

    What was there is dropped; whoever calls this has made sure that it was empty. Raises UsageError
    and StorageError as `open_database` does, also for a revision that is not known.
    """
    database = Database(url)
    if database.path is not None and not database.path.exists():
        with alone(database.path):
            sqlite.make_file(database.path)
    with _alone(database) as connection:
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
        _bring_to(connection, SHIPPED, revision)
    return database


def is_up_to_date(database: Database, revisions: Revisions = SHIPPED) -> bool:
    """Whether the tables are those that this version works with. Raises StorageError."""
    with database.read() as connection:
        return revision_of(connection) == revisions.head


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables, None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return revision


def _upgrade(database: Database, revisions: Revisions) -> None:
    with _alone(database) as connection:
        before = revision_of(connection)
        if before == revisions.head:
            return  # another process was faster
        _require_known(_alembic(connection, revisions), before or "base")
        if database.path is not None and before is not None:
            _keep_copy(database.path, before)
        _bring_to(connection, revisions, "head")


def _bring_to(connection: Connection, revisions: Revisions, revision: str) -> None:
    from alembic import command

    settings = _alembic(connection, revisions)
    _require_known(settings, revision)
    command.upgrade(settings, revision)
    if connection.dialect.name == "postgresql":
        _keep_out_of_statistics(connection)


def _keep_out_of_statistics(connection: Connection) -> None:
    """Let ANALYZE take no samples of keys, tags and what is sealed.

    It keeps them in `pg_statistic`, where nothing that is erased here is erased. A column whose
    type is set to what it is loses those that were taken before.
    """
    sampled = connection.execute(
        text(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
            "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
            "AND NOT attisdropped AND atttypid = 'bytea'::regtype "
            "AND attstattarget IS DISTINCT FROM 0 ORDER BY relname, attname"
        )
    ).all()
    quoted = connection.dialect.identifier_preparer.quote
    for table, column in sampled:
        name = quoted(column)
        connection.execute(
            text(
                f"ALTER TABLE {quoted(table)} ALTER COLUMN {name} TYPE bytea, "
                f"ALTER COLUMN {name} SET STATISTICS 0"
            )
        )


def _alembic(connection: Connection, revisions: Revisions) -> "Config":
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(revisions.folder))
    settings.attributes["connection"] = connection
    return settings


def _require_known(settings: "Config", revision: str) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(settings).get_revision(revision)
    except CommandError:
        raise StorageError(
            "database_newer",
            "The database was made by a newer version of Transcriber. Install that version "
            "or a later one.",
        ) from None


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """Hold the right to change tables, and a transaction to do it in."""
    if database.path is not None:
        with alone(database.path), database.write() as connection:
            yield connection
        return
    with database.write() as connection:
        hold(connection, Lock.TABLES)
        yield connection


def _keep_copy(path: Path, revision: str) -> None:
    try:
        with disk_errors():
            sqlite.copy_to(path, sqlite.copy_before_upgrade(path, revision))
    except sqlite3.Error:
        raise StorageError(
            "backup_failed",
            "The database has to be changed for this version, and a copy of it could not be made "
            "first. Free some disk space and run the command again.",
        ) from None
