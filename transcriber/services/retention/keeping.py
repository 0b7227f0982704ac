"""What people see of a study's retention, and what they may do: hold, lift, assess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.retention import Due, Held, Retention, Status, plan, status_of, warned_of
from transcriber.services.recording_list import not_in_study
from transcriber.services.store import Store
from transcriber.services.studies import no_such_study
from transcriber.services.typed_text import require_text
from transcriber.storage.database.assessments import Assessment
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.holds import LegalHold
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.retention import kept_study
from transcriber.storage.database.stage_times import database_now_ms
from transcriber.storage.database.studies import lock_study
from transcriber.storage.database.tombstones import Kind, Tombstone, is_buried, tombstones_in

_OF_RECORDING: tuple[tuple[Held, Kind], ...] = (
    (Held.SOUND, "sound"),
    (Held.TRANSCRIPT, "transcript"),
)

LONGEST_REASON = 1000
LONGEST_GROUNDS = 4000


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long what a study holds is kept; `codes` names recordings that are there.

    `soon` is what people are to be told of now.
    """

    rules: Retention
    due: tuple[Due, ...]
    soon: tuple[Due, ...]
    holds: Sequence[LegalHold]
    destroyed: tuple[Tombstone, ...]
    assessment: Assessment | None
    codes: Mapping[str, str]


def keeping_of(store: Store, study_id: str) -> Keeping:
    """Return what will be destroyed of a study, what was, and what forbids it."""
    with store.database.read() as connection:
        study = store.studies.get(connection, study_id)
        if study is None:
            raise no_such_study()
        kept = kept_study(connection, study)
        due = plan(kept)
        ids = [recording.id for recording in kept.recordings]
        return Keeping(
            kept.retention,
            due,
            warned_of(due, database_now_ms(connection), kept.retention.warning_days),
            store.holds.all(connection, study_id),
            tombstones_in(connection, study_id),
            store.assessments.of(connection, study_id),
            store.recordings.codes(connection, study_id, ids),
        )


def place_hold(
    store: Store, actor_id: str, study_id: str, recording_id: str | None, reason: str
) -> str:
    """Forbid destroying anything of a recording, or of a study; return the hold's id.

    Raises UsageError for a recording that the study does not have, or a reason that will not do.
    """
    text = require_text(" ".join(reason.split()), LONGEST_REASON, "The reason")
    with store.database.write() as connection:
        lock_study(connection, study_id)
        if recording_id is not None and not _has(connection, study_id, recording_id):
            raise not_in_study()
        hold_id = store.holds.place(connection, study_id, recording_id, text, actor_id)
        event = AuditEvent(Action.HOLD_PLACED, actor_id, study_id, recording_id, hold_id)
        store.audit.record(connection, event)
    return hold_id


def lift_hold(store: Store, actor_id: str, study_id: str, hold_id: str) -> None:
    """End a hold. What is due by then is destroyed soon. Raises UsageError `not_found`."""
    with store.database.write() as connection:
        lock_study(connection, study_id)
        if not store.holds.lift(connection, study_id, hold_id, actor_id):
            raise UsageError("not_found", "There is no such legal hold, or it was lifted already.")
        event = AuditEvent(Action.HOLD_LIFTED, actor_id, study_id, subject_id=hold_id)
        store.audit.record(connection, event)


def assess(store: Store, actor_id: str, study_id: str, grounds: str) -> None:
    """Keep somebody's assessment that nobody can be named any more from what stays of a study.

    Raises UsageError `not_destroyed` while anything that names people is there, and for grounds
    that will not do.
    """
    text = require_text(" ".join(grounds.split()), LONGEST_GROUNDS, "The text")
    with store.database.write() as connection:
        lock_study(connection, study_id)
        study = store.studies.get(connection, study_id)
        if study is None:
            raise no_such_study()
        kept = kept_study(connection, study)
        everything = {Held.SOUND, Held.TRANSCRIPT}
        if not kept.key_gone or any(not everything <= each.gone for each in kept.recordings):
            raise UsageError(
                "not_destroyed",
                "Sound, named transcripts or the key of this study are still there, so its "
                "releases are pseudonymised. Assess them once all three are destroyed.",
            )
        store.assessments.put(connection, study_id, text, actor_id)
        store.audit.record(connection, AuditEvent(Action.ASSESSED, actor_id, study_id))


def gone_of(store: Store, recording_id: str) -> frozenset[Held]:
    """Return what of a recording was destroyed by the rules of its study."""
    with store.database.read() as connection:
        return frozenset(
            held for held, kind in _OF_RECORDING if is_buried(connection, recording_id, kind)
        )


def release_status(store: Store, study_id: str, recording_id: str) -> Status:
    """Return what a release of a recording may be called today."""
    gone = gone_of(store, recording_id)
    with store.database.read() as connection:
        key_gone = is_buried(connection, study_id, Held.KEY.value)
        assessed = store.assessments.of(connection, study_id) is not None
    return status_of(gone, key_gone=key_gone, assessed=assessed)


def _has(connection: Connection, study_id: str, recording_id: str) -> bool:
    return any(row.study_id == study_id for row in rows_of(connection, [recording_id]))
