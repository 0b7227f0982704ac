"""What the machine left of a recording, and what people decided on it since."""

from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.edit import Edit
from transcriber.domain.finding import Finding
from transcriber.domain.transcript import Transcript
from transcriber.pipeline import LABEL
from transcriber.pipeline.result import from_record
from transcriber.services.recording_list import not_in_study
from transcriber.services.store import Store
from transcriber.stages.protocols import Record
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.transcripts import StoredTranscript


@dataclass(frozen=True)
class Material:
    """The machine's words, what it found for the first policy, and the list of events."""

    stored: StoredTranscript
    transcript: Transcript
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...]


def material_of(store: Store, study_id: str, recording_id: str) -> Material | None:
    """Return what there is of a recording, None before it has words.

    Raises UsageError where the study has none of this id, StorageError.
    """
    with store.database.read() as connection:
        if not any(row.study_id == study_id for row in rows_of(connection, [recording_id])):
            raise not_in_study()
        stored = store.transcripts.latest(connection, recording_id)
        if stored is None:
            return None
        key = store.keyring.recording(connection, recording_id)
        findings = store.transcripts.findings(connection, stored)
        edits = store.transcripts.decisions(connection, stored)
    record = Record(store.blobs.read(key, stored.blob), 0, ())
    return Material(stored, from_record(LABEL.result, record, Path()), findings, edits)
