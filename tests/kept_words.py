"""Words and findings of a recording, kept in a store as a worker keeps them."""

from collections.abc import Sequence
from pathlib import Path

from transcriber.domain.finding import Finding
from transcriber.domain.transcript import Transcript
from transcriber.pipeline import LABEL
from transcriber.pipeline.result import to_record
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.blob_rows import add_blobs


def put_words(
    store: Store, recording_id: str, transcript: Transcript, found: Sequence[Finding]
) -> None:
    """Keep a version of the words, and what was found in it for the first policy."""
    record = to_record(LABEL.result, transcript, 0, Path())
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording_id)
    with store.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording_id, Purpose.RESULT, record.result)
        with store.database.write() as connection:
            add_blobs(connection, [blob])
            stored = store.transcripts.add(connection, recording_id, transcript.quality, blob)
            store.transcripts.found(connection, stored, 0, found)
