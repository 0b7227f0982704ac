"""Erasing a recording or a study: the key first, because that erases every copy at once.

Then files, then rows. Interrupted anywhere, `finish_erasures` goes on: what people believe is gone
must be gone (securedrop issue 4711).
"""

from sqlalchemy import Connection, delete, select

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.erased_words import forget_erased
from transcriber.services.jobs import no_such_recording
from transcriber.services.store import Store
from transcriber.services.uploads import delete_uploads_of
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.blob_rows import blobs_of
from transcriber.storage.database.holds import is_held
from transcriber.storage.database.sealing_anew import remove_blob_rows, unnamed_blobs
from transcriber.storage.database.studies import Study, lock_study
from transcriber.storage.database.study_steps import let_all_on
from transcriber.storage.database.tables import RECORDING, STUDY, WRAPPED_KEY
from transcriber.storage.database.tombstones import (
    Grave,
    bury,
    finish,
    tombstones,
    unfinished,
)
from transcriber.storage.database.withdrawals import marks_kept


def erase_recording(store: Store, study: Study, code: str, actor_id: str | None = None) -> None:
    """Erase a recording with all that was made of it. Nobody can undo this.

    Its names in the register of pseudonyms stay: they belong to the study. Raises UsageError when
    the study has no such recording or a legal hold stands on it, StorageError; once the key is
    destroyed, `finish_erasures` does the rest.
    """
    with store.database.write() as connection:
        recording = store.recordings.coded(connection, study, code)
        if recording is None:
            raise no_such_recording()
        require_not_held(connection, study.id, recording.id)
        destroyed = store.keyring.destroy_recording(connection, recording.id)
        bury(connection, Grave(recording.id, "recording", study.id, key_sha256=destroyed))
        store.audit.record(
            connection,
            AuditEvent(Action.RECORDING_ERASED, actor_id, recording.study_id, recording.id),
        )
    finish_erasures(store)


def erase_study(store: Store, study: Study, actor_id: str | None = None) -> None:
    """Erase a study with all of its recordings and the register of pseudonyms.

    Raises UsageError where a legal hold stands on anything of it, StorageError.
    """
    with store.database.write() as connection:
        lock_study(connection, study.id)
        require_not_held(connection, study.id)
        destroyed = store.keyring.destroy_study(connection, study.id)
        bury(connection, Grave(study.id, "study", study.id, key_sha256=destroyed))
        store.audit.record(connection, AuditEvent(Action.STUDY_ERASED, actor_id, study.id))
    finish_erasures(store)


def finish_erasures(store: Store) -> int:
    """Delete the files and rows of whatever lost its key; return how many erasures that ended.

    Before anything else it is written down outside the database: a backup must not bring it back.
    Raises StorageError when a file or row cannot be deleted; the rest waits for the next time.
    """
    with store.database.read() as connection:
        gone = [(stone.kind, stone.id) for stone in tombstones(connection)]
        store.erased.add([*gone, *marks_kept(connection)])
        left = unfinished(connection)
    for stone in left:
        _delete_what_it_held(store, stone.grave)
    if left:
        store.database.overwrite_deleted()
    for stone in left:
        with store.database.write() as connection:
            finish(connection, stone.grave)
    with store.database.read() as connection:
        forget_erased(store, connection)
    return len(left)


def require_not_held(
    connection: Connection, study_id: str, recording_id: str | None = None
) -> None:
    """Raise UsageError `held` where a legal hold forbids destroying a recording, or a study."""
    if is_held(connection, study_id, recording_id):
        raise UsageError(
            "held",
            "A legal hold stands on this, so nothing of it is destroyed. Whoever placed it has to "
            "lift it first.",
        )


def _delete_what_it_held(store: Store, grave: Grave) -> None:
    """Delete the files and rows of what lost its key."""
    if grave.kind in ("sound", "transcript"):
        _delete_unnamed(store, grave.id)
        return
    if grave.kind == "pseudonyms":
        return  # it never had files, and its rows went with it
    if grave.kind == "contribution":
        _delete_former(store, grave)
        return
    for recording_id in _recordings_of(store, grave.id) if grave.kind == "study" else [grave.id]:
        _delete_recording(store, recording_id)
    if grave.kind == "study":
        delete_uploads_of(store, grave.id)
    with store.database.write() as connection:
        connection.execute(delete(STUDY).where(STUDY.c.id == grave.id))
        let_all_on(connection)  # others may have waited for it


def _delete_unnamed(store: Store, recording_id: str) -> None:
    with store.database.read() as connection:
        unnamed = unnamed_blobs(connection, recording_id)
    for blob_id, _ in unnamed:
        store.blobs.delete(blob_id)
    with store.database.write() as connection:
        remove_blob_rows(connection, [blob_id for blob_id, _ in unnamed])


def _delete_former(store: Store, grave: Grave) -> None:
    """Delete what a former key opened: of a recording that has no key now, all of it."""
    for recording_id in _recordings_of(store, grave.study_id or ""):
        with store.database.read() as connection:
            has_key = select(WRAPPED_KEY.c.id).where(WRAPPED_KEY.c.recording_id == recording_id)
            is_kept = connection.execute(has_key).first() is not None
        if is_kept:
            _delete_unnamed(store, recording_id)
        else:
            _delete_recording(store, recording_id)


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
