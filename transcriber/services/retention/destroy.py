"""Destroying one of the three things that a study keeps: keys first, in one commit.

What is left for `finish_erasures` are files and rows that nothing names or opens any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from transcriber.domain.audit import Action
from transcriber.domain.errors import StorageError
from transcriber.domain.retention import Due, Held, Why, plan
from transcriber.domain.roster import NOBODY_KNOWN
from transcriber.pipeline import REVIEW_COPY
from transcriber.services.forget import FORGOTTEN
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import Blob, Purpose
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.blob_rows import add_blobs, blobs_of
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.jobs import rewrite_requests
from transcriber.storage.database.retention import kept_study
from transcriber.storage.database.review_tables import STUDY_DECISION
from transcriber.storage.database.sealing_anew import put_in_place, seal_values_anew
from transcriber.storage.database.studies import Agreed, Study, lock_study
from transcriber.storage.database.study_steps import let_on
from transcriber.storage.database.tables import (
    BLOB,
    ENTITY,
    JOB,
    LABEL,
    RECORDING,
    RECORDING_PART,
    STAGE_FILE,
    STAGE_RESULT,
    TRANSCRIPT,
)
from transcriber.storage.database.tombstones import Grave, bury, is_buried
from transcriber.storage.database.words_anew import delete_what_quotes
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key

SOUND_STAGES = FORGOTTEN | {REVIEW_COPY.name}
"""Stages whose results are sound, outlines of it, or how voices sound."""

ACTIONS: Mapping[Held, Action] = {
    Held.SOUND: Action.SOUND_DESTROYED,
    Held.TRANSCRIPT: Action.TRANSCRIPT_DESTROYED,
    Held.KEY: Action.KEY_DESTROYED,
}
"""What stands in the audit of each."""


Check = Callable[[Connection], bool]
"""Whether something may be destroyed, asked in the transaction that does."""


def destroy(store: Store, study: Study, due: Due) -> bool:
    """Destroy what was planned, unless that is not so any more; return whether it was.

    Meanwhile a hold may have been placed, a release withdrawn, or another worker been faster. Then
    nothing is changed. Raises StorageError; nothing is changed then either.
    """
    return _destroy(store, study, due, lambda connection: _still_due(store, connection, study, due))


def destroy_again(store: Store, study: Study, held: Held, subject_id: str) -> bool:
    """Destroy what was destroyed before and came back with a backup, whatever the rules say now."""
    due = Due(held, subject_id, 0, Why.RETURNED)
    return _destroy(
        store, study, due, lambda connection: not is_buried(connection, subject_id, held.value)
    )


def _destroy(store: Store, study: Study, due: Due, may: Check) -> bool:
    if due.held_thing is Held.TRANSCRIPT:
        try:
            return _destroy_words(store, study, due, may)
        except StorageError:
            # Where another worker was faster, what was being sealed anew is gone.
            with store.database.read() as connection:
                if is_buried(connection, due.subject_id, Held.TRANSCRIPT.value):
                    return False
            raise
    with store.database.write() as connection:
        lock_study(connection, study.id)
        if not may(connection):
            return False
        grave = _grave(study, due)
        if due.held_thing is Held.SOUND:
            _take_sound(connection, due.subject_id)
        else:
            grave = replace(grave, key_sha256=_take_key(store, connection, study))
        _bury(store, connection, grave)
    return True


def _destroy_words(store: Store, study: Study, due: Due, may: Check) -> bool:
    """Seal what stays by a new key, releases and code, and destroy the one that opened all."""
    recording_id, key = due.subject_id, Key.random(new_id())
    with store.database.read() as connection:
        old = store.keyring.recording(connection, recording_id)
        releases = _releases(connection, recording_id)
    with store.blobs.staged() as staged:
        renewed: dict[str, Blob] = {}
        for blob in releases:
            with store.blobs.open(old, blob) as file:
                renewed[blob.id] = staged.put(key, recording_id, Purpose.RELEASE, file)
        nothing = staged.put_bytes(key, recording_id, Purpose.TRANSCRIPT, b"")
        with store.database.write() as connection:
            lock_study(connection, study.id)
            if not may(connection) or _releases(connection, recording_id) != releases:
                staged.give_up()
                return False
            _take_words(connection, recording_id, nothing)
            put_in_place(connection, renewed)
            seal_values_anew(connection, recording_id, old, key)
            destroyed = store.keyring.replace_recording(connection, study.id, recording_id, key)
            let_on(connection, study.id)  # others may have waited for its job
            _bury(store, connection, replace(_grave(study, due), key_sha256=destroyed))
    return True


def _still_due(store: Store, connection: Connection, study: Study, due: Due) -> bool:
    """Whether the same is planned still, by rules that nobody changes until the commit."""
    now = store.studies.get(connection, study.id)
    if now is None or due.held:
        return False
    planned = plan(kept_study(connection, now))
    if due not in planned:
        return False
    sound_first = any(
        other.held_thing is Held.SOUND and other.subject_id == due.subject_id for other in planned
    )
    return due.held_thing is not Held.TRANSCRIPT or not sound_first


def _releases(connection: Connection, recording_id: str) -> frozenset[Blob]:
    found = blobs_of(connection, recording_id)
    return frozenset(blob for blob in found if blob.purpose is Purpose.RELEASE)


def _take_sound(connection: Connection, recording_id: str) -> None:
    """Take away the keys of uploaded files, their names and hashes, and let nothing name sound."""
    results = select(STAGE_RESULT.c.id).where(
        STAGE_RESULT.c.recording_id == recording_id, STAGE_RESULT.c.stage.in_(SOUND_STAGES)
    )
    connection.execute(delete(STAGE_FILE).where(STAGE_FILE.c.stage_result_id.in_(results)))
    connection.execute(
        update(STAGE_RESULT).where(STAGE_RESULT.c.id.in_(results)).values(blob_id=None)
    )
    connection.execute(delete(RECORDING_PART).where(RECORDING_PART.c.recording_id == recording_id))
    connection.execute(
        update(BLOB)
        .where(BLOB.c.recording_id == recording_id, BLOB.c.wrapped.is_not(None))
        .values(wrapped=b"")
    )
    # By the tag of its files somebody who has a file could tell that it was here.
    connection.execute(
        update(RECORDING)
        .where(RECORDING.c.id == recording_id)
        .values(content_tag=bytes.fromhex(new_id() + new_id()))
    )


def _take_words(connection: Connection, recording_id: str, nothing: Blob) -> None:
    """Delete all that quotes what was said; `nothing` stands where the words stood."""
    delete_what_quotes(connection, recording_id)
    connection.execute(delete(JOB).where(JOB.c.recording_id == recording_id))
    add_blobs(connection, [nothing])
    connection.execute(
        update(TRANSCRIPT)
        .where(TRANSCRIPT.c.recording_id == recording_id)
        .values(blob_id=nothing.id, words_destroyed_at_ms=now_ms())
    )


def _take_key(store: Store, connection: Connection, study: Study) -> bytes | None:
    """Destroy who is who: the key, the roster, and what was decided on names of the study."""
    now = store.studies.get(connection, study.id) or study
    for table in (ENTITY, LABEL, STUDY_DECISION):
        connection.execute(delete(table).where(table.c.study_id == study.id))
    wanted = select(RECORDING.c.id).where(RECORDING.c.study_id == study.id)
    keys = store.keyring.recordings(connection, study.id, wanted)
    rewrite_requests(connection, keys, lambda request: replace(request, roster=NOBODY_KNOWN))
    nobody = Agreed(NOBODY_KNOWN, now.agreed.policies, now.agreed.terms)
    store.studies.agree(connection, now, nobody)
    return store.keyring.destroy_pseudonyms(connection, study.id)


def _grave(study: Study, due: Due) -> Grave:
    due_at_ms = None if due.why is Why.RETURNED else due.due_at_ms
    return Grave(due.subject_id, due.held_thing.value, study.id, due.why, due_at_ms)


def _bury(store: Store, connection: Connection, grave: Grave) -> None:
    bury(connection, grave)
    held = Held(grave.kind)
    recording_id = None if held is Held.KEY else grave.id
    store.audit.record(
        connection, AuditEvent(ACTIONS[held], None, grave.study_id, recording_id, grave.id)
    )
