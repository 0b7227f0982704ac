"""What people do with a recording that is there: retry, stop, move forward, erase."""

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.consent.doors import require_may_be_worked_on
from transcriber.services.erase import erase_recording as erase_by_code
from transcriber.services.recording_list import not_in_study
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.services.submit import PRIORITIES
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.job_steps import cancel_steps, retry_steps, set_priority
from transcriber.storage.database.recording_states import rows_of


def retry_recording(store: Store, actor_id: str, study_id: str, recording_id: str) -> None:
    """Take up a recording's last job from its last finished stage.

    Raises UsageError where nothing of it stopped, ConsentError where somebody who takes part did
    not agree to it.
    """
    with store.database.write() as connection:
        job_id = _job_on(connection, study_id, recording_id)
        require_may_be_worked_on(store, connection, recording_id)
        if not retry_steps(connection, job_id):
            raise UsageError(
                "nothing_to_retry",
                "This recording did not fail and nobody stopped it. It goes on by itself.",
            )
        event = AuditEvent(Action.JOB_RETRIED, actor_id, study_id, recording_id)
        store.audit.record(connection, event)


def cancel_recording(store: Store, actor_id: str, study_id: str, recording_id: str) -> None:
    """Stop what is being made of a recording; what is done stays. Raises UsageError at its end."""
    with store.database.write() as connection:
        if not cancel_steps(connection, _job_on(connection, study_id, recording_id)):
            raise UsageError(
                "job_ended", "Nothing is being made of this recording. There is nothing to stop."
            )
        event = AuditEvent(Action.JOB_CANCELLED, actor_id, study_id, recording_id)
        store.audit.record(connection, event)


def prioritise_recording(
    store: Store, actor_id: str, study_id: str, recording_id: str, priority: str
) -> None:
    """Let a recording go before others or after them: `low`, `normal` or `high`."""
    with store.database.write() as connection:
        job_id = _job_on(connection, study_id, recording_id)
        set_priority(connection, job_id, PRIORITIES[priority])
        event = AuditEvent(Action.JOB_PRIORITISED, actor_id, study_id, recording_id)
        store.audit.record(connection, event)


def erase_recording(store: Store, actor_id: str, study_id: str, recording_id: str) -> None:
    """Erase a recording with all that was made of it. Nobody can undo this.

    Raises UsageError where the study has none of this id, StorageError.
    """
    study = show_study(store, study_id)
    with store.database.read() as connection:
        stored = store.recordings.get(connection, study, recording_id)
    if stored is None:
        raise not_in_study()
    erase_by_code(store, study, stored.recording.code, actor_id)


def _job_on(connection: Connection, study_id: str, recording_id: str) -> str:
    rows = [row for row in rows_of(connection, [recording_id]) if row.study_id == study_id]
    if not rows or rows[0].job_id is None:
        raise not_in_study()
    return rows[0].job_id
