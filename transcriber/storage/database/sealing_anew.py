"""What stays of a recording when its key is destroyed: sealed by another key, in one transaction.

Which values those are follows from the tables themselves (`sealed_rows.OF_RECORDING`): whatever
should not stay MUST be deleted before.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Column, Connection, delete, select, update

from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.schema import METADATA
from transcriber.storage.database.sealed_rows import OF_RECORDING, sealed_values
from transcriber.storage.database.tables import BLOB
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import seal, unseal


def seal_values_anew(connection: Connection, recording_id: str, old: Key, new: Key) -> None:
    """Seal all values of a recording that are left by another key. Raises StorageError."""
    for table, owner in OF_RECORDING.items():
        for _, place, value in list(sealed_values(connection, table, owner, [recording_id])):
            again = seal(new, place, unseal(old, place, value))
            connection.execute(
                update(table).where(table.c.id == place.row).values({place.column: again})
            )


def put_in_place(connection: Connection, renewed: Mapping[str, Blob]) -> None:
    """Let every row that names a blob name the one that holds the same by another key."""
    add_blobs(connection, renewed.values())
    for column in _naming_blobs():
        for old_id, blob in renewed.items():
            connection.execute(
                update(column.table).where(column == old_id).values({column.name: blob.id})
            )


def unnamed_blobs(connection: Connection, recording_id: str) -> tuple[tuple[str, int], ...]:
    """Return ids and lengths in bytes of a recording's blobs that no row names any more."""
    statement = select(BLOB.c.id, BLOB.c.size_bytes).where(BLOB.c.recording_id == recording_id)
    for column in _naming_blobs():
        named = select(column).where(column.is_not(None))
        statement = statement.where(BLOB.c.id.not_in(named))
    return tuple((row.id, row.size_bytes) for row in connection.execute(statement))


def remove_blob_rows(connection: Connection, blob_ids: Iterable[str]) -> None:
    """Delete the rows of blobs whose files are gone."""
    connection.execute(delete(BLOB).where(BLOB.c.id.in_(list(blob_ids))))


def _naming_blobs() -> list["Column[str]"]:
    return [
        column
        for table in METADATA.sorted_tables
        for column in table.columns
        if any(key.column.table is BLOB for key in column.foreign_keys)
    ]
