"""What transcripts, findings, decisions, releases and events promise, on both databases."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from tests.stores import Stored
from transcriber.domain.edit import Edit, FindingRejected, IdentifierMarked, WordCorrected
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.review import Origin
from transcriber.domain.transcript import Quality
from transcriber.storage.blobs.framing import Blob, Purpose
from transcriber.storage.database.audit_events import Audit, AuditEvent, events
from transcriber.storage.database.blob_rows import add_blobs, blobs_of
from transcriber.storage.database.decisions import Decisions
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.releases import add_release, releases_of
from transcriber.storage.database.tables import DECISION, FINDING
from transcriber.storage.database.transcripts import StoredTranscript, Transcripts
from transcriber.storage.ids import new_id

P = EntityType.PERSON
FINDINGS = (
    Finding(0, 5, P, "Sarah", 1.0, "roster", "sarah", Place(0, 0, 0, 400), None, Action.REPLACE),
    Finding(9, 14, EntityType.LOCATION, "Leeds", 0.9, "model", "leeds", replacement="[TOWN_1]"),
)
EDITS: Sequence[Edit] = (
    WordCorrected("w1", "Sara"),
    IdentifierMarked("w3", "w4", P),
    FindingRejected("w1", "w1"),
)


@pytest.fixture
def recording(store: Stored) -> StoredRecording:
    return store.recording(store.study())


def put(store: Stored, recording: StoredRecording, data: bytes, purpose: Purpose) -> Blob:
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording.id)
    with store.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording.id, purpose, data)
        with store.database.write() as connection:
            add_blobs(connection, [blob])
    return blob


def add(store: Stored, recording: StoredRecording, blob: Blob) -> StoredTranscript:
    with store.database.write() as connection:
        return Transcripts(store.keyring).add(connection, recording.id, Quality.DRAFT, blob)


@pytest.fixture
def transcript(store: Stored, recording: StoredRecording) -> StoredTranscript:
    return add(store, recording, put(store, recording, b"words", Purpose.TRANSCRIPT))


def test_new_words_are_a_new_version_and_the_same_are_not(
    store: Stored, recording: StoredRecording
) -> None:
    with store.database.read() as connection:
        assert Transcripts(store.keyring).latest(connection, recording.id) is None
    blobs = [put(store, recording, words, Purpose.TRANSCRIPT) for words in (b"one", b"two")]
    first, again, second = (add(store, recording, blobs[number]) for number in (0, 0, 1))
    assert first == again
    assert (first.version, second.version) == (1, 2)
    with store.database.read() as connection:
        assert Transcripts(store.keyring).latest(connection, recording.id) == second
        assert Transcripts(store.keyring).all(connection, recording.id) == (first, second)
        assert {blob.id for blob in blobs} < {b.id for b in blobs_of(connection, recording.id)}


def test_findings_are_there_again_for_each_policy_and_are_replaced(
    store: Stored, transcript: StoredTranscript
) -> None:
    transcripts = Transcripts(store.keyring)
    with store.database.write() as connection:
        transcripts.found(connection, transcript, 0, FINDINGS)
        transcripts.found(connection, transcript, 1, FINDINGS[:1])
    with store.database.write() as connection:
        assert transcripts.findings(connection, transcript) == FINDINGS
        transcripts.found(connection, transcript, 0, FINDINGS[1:])
        transcripts.found(connection, transcript, 1, ())
    with store.database.read() as connection:
        assert transcripts.findings(connection, transcript) == FINDINGS[1:]
        assert transcripts.findings(connection, transcript, 1) == ()


def test_decisions_are_kept_in_order_and_sealed(
    store: Stored, transcript: StoredTranscript
) -> None:
    transcripts, reviewer = Transcripts(store.keyring), "0" * 32
    decisions = Decisions(store.keyring)
    with store.database.write() as connection:
        for edit in EDITS:
            decisions.append(connection, transcript, [edit], new_id(), Origin.PERSON, reviewer)
        transcripts.found(connection, transcript, 0, FINDINGS)
    with store.database.read() as connection:
        found = decisions.events(connection, transcript)
        assert [event.edit for event in found] == list(EDITS)
        assert [event.number for event in found] == [0, 1, 2]
        assert {event.decided_by for event in found} == {reviewer}
        assert decisions.events(connection, transcript, 2) == found[2:]
        sealed = [
            *connection.execute(select(DECISION.c.edit)).scalars(),
            *connection.execute(select(FINDING.c.content)).scalars(),
        ]
    assert not [value for value in sealed if b"Sara" in value or b"Leeds" in value]


def test_releases_are_numbered(
    store: Stored, recording: StoredRecording, transcript: StoredTranscript
) -> None:
    blobs = [put(store, recording, text, Purpose.RELEASE) for text in (b"one", b"two")]
    with store.database.write() as connection:
        added = tuple(add_release(connection, transcript.id, blob, None) for blob in blobs)
    assert [release.number for release in added] == [1, 2]
    with store.database.read() as connection:
        assert releases_of(connection, transcript.id) == added


def fail_after_recording(store: Stored, event: AuditEvent) -> None:
    with store.database.write() as connection:
        Audit(store.keyring).record(connection, event)
        raise ZeroDivisionError


def test_an_event_is_there_if_and_only_if_what_it_tells_of_is(
    store: Stored, recording: StoredRecording
) -> None:
    done = AuditEvent("recording_added", None, recording.study_id, recording.id)
    audit = Audit(store.keyring)
    with store.database.write() as connection:
        audit.record(connection, done)
        audit.record(connection, AuditEvent("signed_in", "0" * 32))
    with pytest.raises(ZeroDivisionError):
        fail_after_recording(store, done)
    with store.database.read() as connection:
        assert [event.action for _, event in events(connection)] == ["recording_added", "signed_in"]
        assert events(connection)[0][1] == done
