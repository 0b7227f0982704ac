"""What signatures, looks, overrides and withdrawals promise, on both databases."""

import pytest
from sqlalchemy import select

from tests.contract.test_transcripts import add, put
from tests.stores import Stored
from transcriber.domain.transcript import Quality
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.releases import (
    add_release,
    release_before,
    release_in,
    releases_of,
)
from transcriber.storage.database.service_tables import WEBHOOK_DELIVERY
from transcriber.storage.database.sign_off_tables import DRAFT_OVERRIDE, LOOKED
from transcriber.storage.database.sign_offs import SignOffs
from transcriber.storage.database.tables import RELEASE
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.database.webhooks import Webhooks

ADA, NOOR = "a" * 32, "b" * 32


@pytest.fixture
def recording(store: Stored) -> StoredRecording:
    return store.recording(store.study())


@pytest.fixture
def transcript(store: Stored, recording: StoredRecording) -> StoredTranscript:
    return add(store, recording, put(store, recording, b"words", Purpose.TRANSCRIPT))


def test_signatures_are_of_one_text_and_nobody_signs_it_twice(
    store: Stored, transcript: StoredTranscript
) -> None:
    offs = SignOffs(store.keyring)
    with store.database.write() as connection:
        one, other = (
            offs.text_tag(connection, transcript.recording_id, text) for text in ("one", "other")
        )
        offs.sign(connection, transcript, one, ADA)
    with store.database.write() as connection:
        offs.sign(connection, transcript, one, NOOR)
        offs.sign(connection, transcript, other, ADA)
    with store.database.read() as connection:
        signed = offs.signatures(connection, transcript, one)
        assert [each.signed_by for each in signed] == [ADA, NOOR]
        assert len(offs.signatures(connection, transcript, other)) == 1
        assert one == offs.text_tag(connection, transcript.recording_id, "one") != other
    with pytest.raises(Conflict), store.database.write() as connection:
        offs.sign(connection, transcript, one, ADA)


def test_a_look_is_kept_once_and_tells_nothing_of_the_place(
    store: Stored, transcript: StoredTranscript
) -> None:
    offs = SignOffs(store.keyring)
    for _ in range(2):
        with store.database.write() as connection:
            offs.look(connection, transcript, "Sarah, turn 3", ADA)
    with store.database.read() as connection:
        known = offs.looked(connection, transcript, ["Sarah, turn 3", "Sarah, turn 4"])
        assert known == frozenset({"Sarah, turn 3"})
        (row,) = connection.execute(select(LOOKED)).all()
        assert b"Sarah" not in row.place_tag


def test_an_override_is_made_once_and_sealed(store: Stored, transcript: StoredTranscript) -> None:
    offs = SignOffs(store.keyring)
    with store.database.write() as connection:
        assert offs.overridden(connection, transcript) is None
        offs.override(connection, transcript, "no model for Sarah", ADA)
    with store.database.read() as connection:
        made = offs.overridden(connection, transcript)
        assert made is not None
        assert (made.decided_by, made.reason) == (ADA, "no model for Sarah")
        (sealed,) = connection.execute(select(DRAFT_OVERRIDE.c.reason)).scalars()
        assert b"Sarah" not in sealed
    with pytest.raises(Conflict), store.database.write() as connection:
        offs.override(connection, transcript, "again", NOOR)
    assert transcript.quality is Quality.DRAFT


def test_a_release_that_is_withdrawn_stays_and_is_told(
    store: Stored, recording: StoredRecording, transcript: StoredTranscript
) -> None:
    offs, study_id = SignOffs(store.keyring), recording.study_id
    blobs = [put(store, recording, text, Purpose.RELEASE) for text in (b"one", b"two")]
    with store.database.write() as connection:
        Webhooks(store.keyring).add(connection, study_id, "https://example.org", list(WebhookEvent))
        first = add_release(connection, transcript.id, blobs[0], ADA, b"t" * 32)
    with store.database.write() as connection:
        second = add_release(connection, transcript.id, blobs[1], ADA)
    with store.database.write() as connection:
        stored = release_in(connection, study_id, first.id, lock=True)
        assert stored is not None
        assert offs.why_withdrawn(connection, stored) is None
        offs.withdraw(connection, stored, "Sarah was in it", NOOR)
    with store.database.read() as connection:
        stored = release_in(connection, study_id, first.id)
        assert stored is not None
        assert (stored.withdrawn_by, stored.blob) == (NOOR, blobs[0])
        assert offs.why_withdrawn(connection, stored) == "Sarah was in it"
        assert [each.withdrawn for each in releases_of(connection, transcript.id)] == [True, False]
        assert releases_of(connection, transcript.id)[0].text_tag == b"t" * 32
        later = release_in(connection, study_id, second.id)
        assert later is not None
        before = release_before(connection, later)
        assert before is not None
        assert before.id == first.id
        assert release_before(connection, before) is None
        sealed = connection.execute(select(RELEASE.c.withdrawn_reason)).scalars().all()
        assert not [value for value in sealed if value and b"Sarah" in value]
        told = connection.execute(
            select(WEBHOOK_DELIVERY.c.event).order_by(WEBHOOK_DELIVERY.c.created_at_ms)
        ).scalars()
        assert sorted(told) == ["release.made", "release.made", "release.withdrawn"]
        assert rows_of(connection, [recording.id])
