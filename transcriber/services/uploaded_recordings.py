"""Recordings made of what was uploaded, in one commit and without copying a byte."""

from collections.abc import Sequence
from dataclasses import replace

from transcriber.domain.audit import Action
from transcriber.domain.errors import ConsentError, UsageError
from transcriber.services.file_kinds import transcript_suffix
from transcriber.services.store import Store
from transcriber.services.submit import Submission, Submitted, add_recording
from transcriber.services.upload_hashes import RunningHashes, with_hash
from transcriber.services.uploaded_transcripts import with_transcript
from transcriber.services.uploads import delete_strays, take_back, upload_of
from transcriber.storage.blobs.framing import UPLOAD_KEY, Arrival
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.recordings import StoredPart
from transcriber.storage.database.studies import Study
from transcriber.storage.database.uploads import Upload
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key

MOST_FILES = 32
"""Of one recording; the largest field recorders have as many tracks."""


class AlreadyThere(UsageError):
    """The study has a recording of the same files, `recording_id`."""

    def __init__(self, recording_id: str) -> None:
        super().__init__(
            "already_there",
            "This study has a recording of the same content already. Nothing was stored twice.",
        )
        self.recording_id = recording_id

    def __reduce__(self) -> tuple[type["AlreadyThere"], tuple[str]]:  # type: ignore[override]
        """Let the error cross a process border."""
        return type(self), (self.recording_id,)


def recording_of_uploads(
    store: Store,
    hashes: RunningHashes,
    study: Study,
    account_id: str,
    upload_ids: Sequence[str],
    submission: Submission,
) -> Submitted:
    """Make a recording of uploads that are complete, in order, and queue a job on it.

    The uploads are gone then; where the study has the content already, or somebody who takes part
    did not agree to it, they are deleted. Raises UsageError `not_found`, `upload_incomplete`,
    `already_there` or `name_taken`, ConsentError, InputError.
    """
    if not 1 <= len(upload_ids) <= MOST_FILES or len(set(upload_ids)) != len(upload_ids):
        raise UsageError(
            "bad_uploads", f"A recording has one to {MOST_FILES} files, each of them once."
        )
    uploads = _sound_first(
        [upload_of(store, study.id, account_id, upload_id) for upload_id in upload_ids]
    )
    sha256s = [with_hash(store, hashes, upload) for upload in uploads]
    _require_new(store, study, uploads, sha256s)
    for upload in uploads:
        delete_strays(store, upload.id)
    submission = with_transcript(store, study, uploads, submission)
    recording_id, key = new_id(), Key.random(new_id())
    parts = tuple(
        _part(upload, sha256, recording_id, key)
        for upload, sha256 in zip(uploads, sha256s, strict=True)
    )
    try:
        with store.database.write() as connection:
            for upload in uploads:
                # Whoever still sends, or sweeps, finds it gone; whoever was faster took it.
                store.uploads.take_over(connection, upload.id)
            made = add_recording(store, connection, study, submission, (recording_id, key, parts))
            event = AuditEvent(Action.RECORDING_ADDED, account_id, study.id, recording_id)
            store.audit.record(connection, event)
    except ConsentError:
        for upload in uploads:
            take_back(store, upload.id)
        raise
    except Conflict:  # somebody was faster with the same files
        _require_new(store, study, uploads, sha256s)
        raise
    return made


def _sound_first(uploads: Sequence[Upload]) -> list[Upload]:
    """Return the files of a recording with its transcript, of which there may be one, last."""
    written = [upload for upload in uploads if transcript_suffix(upload.file_name)]
    if len(written) > 1:
        raise UsageError(
            "two_transcripts",
            "A recording has one transcript. Add them one by one, each as a recording of its own.",
        )
    return [*(upload for upload in uploads if upload not in written), *written]


def _require_new(
    store: Store, study: Study, uploads: Sequence[Upload], sha256s: Sequence[str]
) -> None:
    """Raise AlreadyThere, and delete the uploads, where the study has their content."""
    with store.database.read() as connection:
        known = store.recordings.with_content(connection, study, sha256s)
    if known is not None:
        for upload in uploads:
            take_back(store, upload.id)
        raise AlreadyThere(known.id)


def _part(upload: Upload, sha256: str, recording_id: str, key: Key) -> StoredPart:
    """Hand the pieces of an upload to a recording: its key goes under the recording's."""
    arrival = Arrival(upload.id, key.wrap(upload.key, UPLOAD_KEY))
    first, *further = (
        replace(piece, recording_id=recording_id, arrival=arrival) for piece in upload.pieces
    )
    return StoredPart(upload.file_name, sha256, first, tuple(further))
