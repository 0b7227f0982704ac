"""What a stage's result becomes in the database besides itself: transcripts, and what was found."""

from sqlalchemy import Connection, select, update

from transcriber.domain.known_name import KnownName
from transcriber.domain.recording import IngestedRecording
from transcriber.domain.transcript import Transcript
from transcriber.pipeline import INGEST, LABEL, PSEUDONYMISE, Pseudonymised
from transcriber.services.known_names import StudyNames
from transcriber.services.store import Store
from transcriber.services.stored_job import StoredJob
from transcriber.storage.database.blob_rows import get_blobs
from transcriber.storage.database.tables import RECORDING, STAGE_RESULT


def write_rows(
    store: Store, connection: Connection, job: StoredJob, result_id: str, result: object
) -> None:
    """Write what others look up, in the commit that finishes a step.

    Words that are new become a version of the transcript; findings belong to the latest version.
    """
    if isinstance(result, IngestedRecording):
        connection.execute(
            update(RECORDING)
            .where(RECORDING.c.id == job.recording_id)
            .values(duration_ms=result.audio.duration_ms)
        )
    elif isinstance(result, Transcript):
        blob_id = connection.execute(
            select(STAGE_RESULT.c.blob_id).where(STAGE_RESULT.c.id == result_id)
        ).scalar_one()
        (blob,) = get_blobs(connection, [blob_id]).values()
        store.transcripts.add(connection, job.recording_id, result.quality, blob)
    elif isinstance(result, tuple) and all(isinstance(each, Pseudonymised) for each in result):
        latest = store.transcripts.latest(connection, job.recording_id)
        assert latest is not None  # its words were needed for this
        for profile, made in enumerate(result):
            store.transcripts.found(connection, latest, profile, made.findings)


READ_AGAIN = frozenset({LABEL.name, PSEUDONYMISE.name})
"""Stages whose results are written down so, also when an earlier job had left them."""

WITH_ROWS = READ_AGAIN | {INGEST.name}
"""And the sound itself, which may be forgotten by then; its length is known since."""


def known_names(store: Store, job: StoredJob) -> tuple[KnownName, ...]:
    """Return what the study's recordings gave away, those of them that are done."""
    names = StudyNames()
    with store.database.read() as connection:
        for stored in store.recordings.all(connection, job.study):
            latest = store.transcripts.latest(connection, stored.id)
            if latest is not None:
                found = store.transcripts.findings(connection, latest)
                names.learn(stored.recording.code, found)
    return names.all()
