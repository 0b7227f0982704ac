"""Which blobs there are: a row for each stored file, written after its bytes."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from transcriber.storage.blobs.framing import Arrival, Blob, Purpose
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.tables import BLOB


def add_blobs(connection: Connection, blobs: Iterable[Blob]) -> None:
    """Write the rows of blobs whose bytes are stored."""
    rows = [
        {
            "id": blob.id,
            "recording_id": blob.recording_id,
            "purpose": blob.purpose.value,
            "size_bytes": blob.size_bytes,
            "upload_id": blob.arrival.upload_id if blob.arrival else None,
            "wrapped": blob.arrival.wrapped if blob.arrival else None,
        }
        for blob in blobs
    ]
    if rows:
        connection.execute(insert(BLOB).values(created_at_ms=now_ms()), rows)


def get_blobs(connection: Connection, blob_ids: Iterable[str]) -> Mapping[str, Blob]:
    """Return blobs by id; those without a row are left out."""
    rows = connection.execute(select(BLOB).where(BLOB.c.id.in_(list(blob_ids)))).mappings()
    return {row["id"]: _blob(row) for row in rows}


def blobs_of(connection: Connection, recording_id: str) -> tuple[Blob, ...]:
    """Return all blobs of a recording."""
    rows = connection.execute(select(BLOB).where(BLOB.c.recording_id == recording_id)).mappings()
    return tuple(map(_blob, rows))


def all_blobs(connection: Connection) -> tuple[Blob, ...]:
    """Return every blob of the store."""
    return tuple(map(_blob, connection.execute(select(BLOB)).mappings()))


def _blob(row: RowMapping | Mapping[str, Any]) -> Blob:
    arrival = Arrival(row["upload_id"], row["wrapped"]) if row["upload_id"] else None
    purpose = Purpose(row["purpose"])
    return Blob(row["id"], row["recording_id"], purpose, row["size_bytes"], arrival)
