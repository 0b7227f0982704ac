"""One version of a transcript in the place of all before: what was decided on those is deleted."""

from sqlalchemy import Connection, delete, exists, insert, select, update

from transcriber.domain.transcript import Quality
from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.jobs import jobs_of
from transcriber.storage.database.review_tables import SEARCH_DUE
from transcriber.storage.database.sample_tables import SAMPLE
from transcriber.storage.database.sign_off_tables import DRAFT_OVERRIDE, LOOKED, SIGNATURE
from transcriber.storage.database.tables import (
    DECISION,
    FINDING,
    JOB,
    RELEASE,
    STAGE_RESULT,
    TRANSCRIPT,
)
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.ids import new_id


def delete_what_quotes(connection: Connection, recording_id: str) -> None:
    """Delete all that was found and decided in a recording, and what its stages gave."""
    versions = select(TRANSCRIPT.c.id).where(TRANSCRIPT.c.recording_id == recording_id)
    for table in (FINDING, DECISION, SIGNATURE, LOOKED, SEARCH_DUE):
        connection.execute(delete(table).where(table.c.transcript_id.in_(versions)))
    for of_recording in (SAMPLE, STAGE_RESULT):
        connection.execute(delete(of_recording).where(of_recording.c.recording_id == recording_id))


def keep_last_job(connection: Connection, recording_id: str) -> str | None:
    """Delete all jobs of a recording but the last one; return its id, None where there is none."""
    jobs = jobs_of(connection, [recording_id])
    if not jobs:
        return None
    connection.execute(
        delete(JOB).where(JOB.c.recording_id == recording_id, JOB.c.id != jobs[-1].id)
    )
    return jobs[-1].id


def begin_anew(
    connection: Connection, latest: StoredTranscript, words: Blob, nothing: Blob
) -> StoredTranscript:
    """Add a version in the place of the latest one, and take over its releases.

    Earlier versions go; where releases hang on one, it stays with `nothing` as its words.
    """
    add_blobs(connection, [words, nothing])
    added = StoredTranscript(
        new_id(), latest.recording_id, latest.version + 1, Quality(latest.quality), words
    )
    connection.execute(
        insert(TRANSCRIPT).values(
            id=added.id,
            recording_id=added.recording_id,
            version=added.version,
            quality=added.quality.value,
            blob_id=words.id,
            created_at_ms=now_ms(),
        )
    )
    for table in (RELEASE, DRAFT_OVERRIDE):
        connection.execute(
            update(table).where(table.c.transcript_id == latest.id).values(transcript_id=added.id)
        )
    former = TRANSCRIPT.c.recording_id == added.recording_id, TRANSCRIPT.c.id != added.id
    connection.execute(
        delete(TRANSCRIPT).where(
            *former, ~exists().where(RELEASE.c.transcript_id == TRANSCRIPT.c.id)
        )
    )
    connection.execute(
        update(TRANSCRIPT).where(*former).values(blob_id=nothing.id, words_destroyed_at_ms=now_ms())
    )
    return added
