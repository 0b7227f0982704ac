"""Erasing a recording or a study: the key first, because that erases every copy at once.

Then files, then rows. Interrupted anywhere, `finish_erasures` goes on: what people believe is gone
must be gone (securedrop issue 4711).
"""

from sqlalchemy import delete, select

from transcriber.domain.audit import Action
from transcriber.services.erased_words import forget_erased
from transcriber.services.jobs import no_such_recording
from transcriber.services.store import Store
from transcriber.services.uploads import delete_uploads_of
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.blob_rows import blobs_of
from transcriber.storage.database.studies import Study
from transcriber.storage.database.study_steps import let_all_on
from transcriber.storage.database.tables import RECORDING, STUDY
from transcriber.storage.database.tombstones import bury, finish, tombstones


def erase_recording(store: Store, study: Study, code: str, actor_id: str | None = None) -> None:
    """Erase a recording with all that was made of it. Nobody can undo this.

    Its names in the register of pseudonyms stay: they belong to the study. Raises UsageError when
    the study has no such recording, StorageError; once the key is destroyed, `finish_erasures`
    does the rest.
    """
    with store.database.write() as connection:
        recording = store.recordings.coded(connection, study, code)
        if recording is None:
            raise no_such_recording()
        store.keyring.destroy_recording(connection, recording.id)
        bury(connection, "recording", recording.id)
        store.audit.record(
            connection,
            AuditEvent(Action.RECORDING_ERASED, actor_id, recording.study_id, recording.id),
        )
    finish_erasures(store)


def erase_study(store: Store, study: Study, actor_id: str | None = None) -> None:
    """Erase a study with all of its recordings and the register of pseudonyms."""
    with store.database.write() as connection:
        store.keyring.destroy_study(connection, study.id)
        bury(connection, "study", study.id)
        store.audit.record(connection, AuditEvent(Action.STUDY_ERASED, actor_id, study.id))
    finish_erasures(store)


def finish_erasures(store: Store) -> int:
    """Delete the files and rows of whatever lost its key; return how many erasures that ended.

    Raises StorageError when a file or row cannot be deleted; the rest waits for the next time.
    """
    with store.database.read() as connection:
        left = [stone for stone in tombstones(connection) if stone.finished_at_ms is None]
    if left:
        store.database.overwrite_deleted_keys()
    for stone in left:
        if stone.kind == "study":
            for recording_id in _recordings_of(store, stone.id):
                _delete_recording(store, recording_id)
            delete_uploads_of(store, stone.id)
        else:
            _delete_recording(store, stone.id)
        with store.database.write() as connection:
            connection.execute(delete(STUDY).where(STUDY.c.id == stone.id))
            let_all_on(connection)  # others may have waited for it
            finish(connection, stone.id)
    with store.database.read() as connection:
        forget_erased(store, connection)
    return len(left)


def _recordings_of(store: Store, study_id: str) -> list[str]:
    with store.database.read() as connection:
        ids = connection.execute(
            select(RECORDING.c.id).where(RECORDING.c.study_id == study_id)
        ).scalars()
        return list(ids)


def _delete_recording(store: Store, recording_id: str) -> None:
    """Delete a recording's files, and then the rows that name them."""
    with store.database.read() as connection:
        known = blobs_of(connection, recording_id)
    for blob in known:
        store.blobs.delete(blob.id)
    with store.database.write() as connection:
        # A worker may have added files meanwhile; from here on it cannot.
        connection.execute(
            select(RECORDING.c.id).where(RECORDING.c.id == recording_id).with_for_update()
        )
        late = set(blobs_of(connection, recording_id)) - set(known)
        connection.execute(delete(RECORDING).where(RECORDING.c.id == recording_id))
    for blob in late:
        store.blobs.delete(blob.id)
