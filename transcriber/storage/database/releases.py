"""Releases: what was signed off and handed on, each a file that is never changed."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import get_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.tables import RELEASE, TRANSCRIPT
from transcriber.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Release:
    """What was released of a transcript, by whom; `number` counts from 1."""

    id: str
    transcript_id: str
    number: int
    blob: Blob
    released_by: str | None


def add_release(
    connection: Connection, transcript_id: str, blob: Blob, released_by: str | None
) -> Release:
    """Keep a release whose file is in `blob`, whose row is there."""
    connection.execute(
        select(TRANSCRIPT.c.id)
        .where(TRANSCRIPT.c.id == transcript_id)
        .with_for_update(key_share=True)
    )
    before: int = connection.execute(
        select(func.count()).where(RELEASE.c.transcript_id == transcript_id)
    ).scalar_one()
    release = Release(new_id(), transcript_id, before + 1, blob, released_by)
    connection.execute(
        insert(RELEASE).values(
            id=release.id,
            transcript_id=transcript_id,
            number=release.number,
            blob_id=blob.id,
            released_by=released_by,
            created_at_ms=now_ms(),
        )
    )
    return release


def releases_of(connection: Connection, transcript_id: str) -> tuple[Release, ...]:
    """Return the releases of a transcript, the first one first."""
    rows = connection.execute(
        select(RELEASE).where(RELEASE.c.transcript_id == transcript_id).order_by(RELEASE.c.number)
    ).all()
    blobs = get_blobs(connection, [row.blob_id for row in rows])
    return tuple(
        Release(row.id, row.transcript_id, row.number, blobs[row.blob_id], row.released_by)
        for row in rows
    )
