"""Drafts are read only and do not leave, unless an administrator says why one may."""

from sqlalchemy import Connection

from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.transcript import Quality
from transcriber.services.destroyed import require_words
from transcriber.services.recording_list import not_in_study
from transcriber.services.store import Store
from transcriber.services.typed_text import require_text
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.sign_offs import DraftOverride
from transcriber.storage.database.transcripts import StoredTranscript

LONGEST_REASON = 300


def override_draft(
    store: Store, who: Principal, study_id: str, recording_id: str, reason: str
) -> None:
    """Let a draft be checked and signed; the reason is kept, and stands in what is released.

    Raises UsageError `not_allowed` where they do not run the service, `not_found`, `not_ready`,
    `no_draft`, `already_there`, and for a reason that is empty or too long.
    """
    if not who.may(Permission.MANAGE_SERVICE):
        raise UsageError(
            "not_allowed", "Only an administrator can decide that a draft may be signed."
        )
    text = require_text(reason, LONGEST_REASON, "The reason").strip()
    try:
        with store.database.write() as connection:
            transcript = latest_words(store, connection, study_id, recording_id)
            if transcript.quality is not Quality.DRAFT:
                raise UsageError("no_draft", "The words of this recording are no draft.")
            store.sign_offs.override(connection, transcript, text, who.account_id)
            event = AuditEvent(
                Action.DRAFT_OVERRIDDEN, who.account_id, study_id, recording_id, transcript.id
            )
            store.audit.record(connection, event)
    except Conflict:
        raise UsageError(
            "already_there", "Somebody has decided already that this draft may be signed."
        ) from None


def draft_override(store: Store, study_id: str, recording_id: str) -> DraftOverride | None:
    """Return who let a draft leave, None where nobody did. Raises UsageError like the others."""
    with store.database.read() as connection:
        transcript = latest_words(store, connection, study_id, recording_id)
        return store.sign_offs.overridden(connection, transcript)


def is_locked_draft(store: Store, study_id: str, recording_id: str) -> bool:
    """Whether the words are a draft that nobody let be checked. Raises UsageError."""
    with store.database.read() as connection:
        transcript = latest_words(store, connection, study_id, recording_id)
        return _is_locked(store, connection, transcript)


def require_checkable(store: Store, connection: Connection, transcript: StoredTranscript) -> None:
    """Raise UsageError `draft_words` for a draft that nobody let be checked."""
    if _is_locked(store, connection, transcript):
        raise draft_words()


def _is_locked(store: Store, connection: Connection, transcript: StoredTranscript) -> bool:
    draft = transcript.quality is Quality.DRAFT
    return draft and store.sign_offs.overridden(connection, transcript) is None


def draft_words() -> UsageError:
    """Say that words are a draft."""
    return UsageError(
        "draft_words",
        "The words of this recording come from the small built-in recogniser and are too often "
        "wrong to be checked or signed. Ask IT for a speech model, or an administrator to decide "
        "otherwise.",
    )


def latest_words(
    store: Store, connection: Connection, study_id: str, recording_id: str
) -> StoredTranscript:
    """Return the words of a recording. Raises UsageError `not_found` and `not_ready`."""
    if not any(row.study_id == study_id for row in rows_of(connection, [recording_id])):
        raise not_in_study()
    transcript = store.transcripts.latest(connection, recording_id)
    if transcript is None:
        raise UsageError(
            "not_ready", "This recording has no transcript yet. Look again when it is done."
        )
    return require_words(transcript)
