"""Words, findings and the copy to listen to, kept in a store as a worker keeps them."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import insert

from transcriber.domain.finding import Finding
from transcriber.domain.transcript import Transcript
from transcriber.pipeline import LABEL, REVIEW_COPY
from transcriber.pipeline.result import to_record
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.tables import STAGE_FILE, STAGE_RESULT
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place as SealedPlace
from transcriber.storage.keys.sealing import seal


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


def put_copy(store: Store, recording_id: str, sound: bytes = b"the voice") -> None:
    """Keep a copy to listen to."""
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording_id)
    result_id = new_id()
    with store.blobs.staged() as staged:
        result = staged.put_bytes(key, recording_id, Purpose.RESULT, b"{}")
        copy = staged.put_bytes(key, recording_id, Purpose.STAGE_FILE, sound)
        with store.database.write() as connection:
            add_blobs(connection, [result, copy])
            place = SealedPlace("stage_result", "fingerprint", result_id)
            connection.execute(
                insert(STAGE_RESULT).values(
                    id=result_id,
                    recording_id=recording_id,
                    stage=REVIEW_COPY.name,
                    part=0,
                    fingerprint=seal(key, place, b"f"),
                    fingerprint_tag=b"f" * 32,
                    blob_id=result.id,
                    took_ms=1,
                    created_at_ms=1,
                )
            )
            connection.execute(
                insert(STAGE_FILE).values(
                    id=new_id(), stage_result_id=result_id, name="copy.m4a", blob_id=copy.id
                )
            )
