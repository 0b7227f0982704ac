"""Rows of all tables as lines of JSON, and back: the same from SQLite and from PostgreSQL.

A line is an object of a row's columns; bytes, which are encrypted but for tags and hashes, are in
base64. Rows are read through the tables as they are in the database, so that a dump of an older
version is put back as it was, and brought up to date afterwards.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select

from transcriber.domain.errors import StorageError

LEFT_OUT = frozenset(
    {
        "alembic_version",
        # Ways in, of which some may be closed since.
        "session",
        "link",
        "api_token",
        "sign_in_attempt",
        "repeated",
        # What is still arriving: whoever sends it sends it again.
        "upload",
        "upload_piece",
    }
)
"""Tables that no backup holds."""

BATCH = 1000

Row = Mapping[str, Any]


def tables_in(connection: Connection) -> list[Table]:
    """Return the tables of a database as they are, those first on which others rest."""
    found = MetaData()
    names = set(inspect(connection).get_table_names()) - LEFT_OUT
    found.reflect(connection, only=lambda name, _: name in names)
    return [table for table in found.sorted_tables if table.name in names]


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table."""
    rows = connection.execution_options(yield_per=BATCH).execute(select(table)).mappings()
    for row in rows:
        yield json.dumps({name: _written(value) for name, value in row.items()}).encode() + b"\n"


def insert_lines(
    connection: Connection,
    table: Table,
    read: Iterable[bytes],
    keep: Callable[[Row], bool] = lambda row: True,
) -> None:
    """Put rows into a table, those that are to be kept. Raises StorageError for other lines."""
    batch: list[Row] = []
    for line in read:
        row = _row(table, line)
        if keep(row):
            batch.append(row)
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)


def is_empty(connection: Connection) -> bool:
    """Return whether no table holds a row, but for what there is of every new database."""
    return all(
        connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        for table in tables_in(connection)
    )


def _written(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _row(table: Table, line: bytes) -> Row:
    try:
        read = json.loads(line)
        return {
            name: base64.b64decode(value, validate=True)
            if value is not None and table.columns[name].type.python_type is bytes
            else value
            for name, value in read.items()
        }
    except (ValueError, KeyError, AttributeError, TypeError):
        raise StorageError(
            "backup_damaged", "The backup holds a row that is none. Take another backup."
        ) from None
