"""What was made of a recording, for people who may see it: words and findings."""

from pathlib import Path

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import Finding
from transcriber.domain.transcript import Coverage, Transcript
from transcriber.exports.findings_json import write_findings
from transcriber.exports.transcript_json import write_transcript
from transcriber.pipeline import LABEL
from transcriber.pipeline.result import from_record
from transcriber.services.destroyed import require_words
from transcriber.services.latest import Latest
from transcriber.services.recording_list import not_in_study
from transcriber.services.store import Store
from transcriber.stages.protocols import Record
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.transcripts import StoredTranscript

COVERAGES_KEPT = 500
_COVERAGES: Latest[str, Coverage] = Latest(COVERAGES_KEPT)
"""By transcript, whose words never change: a page about a recording shows these times alone, and
reading three hours of words for them takes longer than all else on it."""


def transcript_json(store: Store, actor_id: str, study_id: str, recording_id: str) -> bytes:
    """Return the machine's words of a recording as `transcript.json`. It is audited.

    Raises UsageError `not_ready` before there are any, StorageError.
    """
    transcript = _seen(store, actor_id, study_id, recording_id)
    return write_transcript(_words(store, recording_id, transcript))


def coverage_of(store: Store, study_id: str, recording_id: str) -> Coverage | None:
    """Return how much of the speech became words, None before there are any: times and no text."""
    with store.database.read() as connection:
        _require(connection, study_id, recording_id)
        transcript = store.transcripts.latest(connection, recording_id)
    if transcript is None or transcript.destroyed:
        return None
    return _COVERAGES.made(transcript.id, lambda: _words(store, recording_id, transcript).coverage)


def findings_json(
    store: Store, actor_id: str, study_id: str, recording_id: str, profile: int = 0
) -> bytes:
    """Return what was found in a recording for one of its policies, as `findings.json`.

    It is audited. Raises UsageError `not_ready` before anything was sought, StorageError.
    """
    transcript = _seen(store, actor_id, study_id, recording_id)
    with store.database.read() as connection:
        found: tuple[Finding, ...] = store.transcripts.findings(connection, transcript, profile)
    return write_findings(found)


def _seen(store: Store, actor_id: str, study_id: str, recording_id: str) -> StoredTranscript:
    """Return the latest words of a recording, and write down that somebody looks at them."""
    with store.database.write() as connection:
        _require(connection, study_id, recording_id)
        transcript = store.transcripts.latest(connection, recording_id)
        if transcript is None:
            raise _not_ready("This recording has no transcript yet. Look again when it is done.")
        require_words(transcript)
        event = AuditEvent(Action.VIEWED, actor_id, study_id, recording_id, transcript.id)
        store.audit.record(connection, event)
    return transcript


def _words(store: Store, recording_id: str, transcript: StoredTranscript) -> Transcript:
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording_id)
    record = Record(store.blobs.read(key, transcript.blob), 0, ())
    words: Transcript = from_record(LABEL.result, record, Path())
    return words


def _require(connection: Connection, study_id: str, recording_id: str) -> None:
    if not any(row.study_id == study_id for row in rows_of(connection, [recording_id])):
        raise not_in_study()


def _not_ready(sentence: str) -> UsageError:
    return UsageError("not_ready", sentence)
