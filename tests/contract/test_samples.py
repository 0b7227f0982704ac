"""What is drawn to judge the checking: kept sealed, in order, and gone with its recording."""

import pytest
from sqlalchemy import delete, func, select

from tests.stores import Stored
from transcriber.domain.sample_kind import SampleKind
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.sample_tables import SAMPLE
from transcriber.storage.database.samples import Samples
from transcriber.storage.database.tables import RECORDING

HIDDEN, BLIND = SampleKind.HIDDEN, SampleKind.BLIND


@pytest.fixture
def recording(store: Stored) -> StoredRecording:
    return store.recording(store.study())


def test_questions_are_numbered_by_kind_and_answered_once_or_again(
    store: Stored, recording: StoredRecording
) -> None:
    samples = Samples(store.keyring)
    with store.database.write() as connection:
        samples.add(connection, recording.id, HIDDEN, [b"Sarah", b"Leeds"])
        samples.add(connection, recording.id, BLIND, [b"20 s"], "a" * 32)
        samples.add(connection, recording.id, HIDDEN, [b"York"])
    with store.database.write() as connection:
        found = samples.of_recording(connection, recording.id, HIDDEN)
        samples.answer(connection, found[1], b"seen")
        samples.answer(connection, found[1], b"not seen")
    with store.database.read() as connection:
        again = samples.of_study(connection, recording.study_id, HIDDEN)
        (blind,) = samples.of_study(connection, recording.study_id, BLIND)
    assert [(s.number, s.question, s.answer) for s in again] == [
        (0, b"Sarah", None),
        (1, b"Leeds", b"not seen"),
        (2, b"York", None),
    ]
    assert again[1].answered_at_ms is not None
    assert (blind.number, blind.account_id) == (0, "a" * 32)


def test_no_text_lies_in_the_database(store: Stored, recording: StoredRecording) -> None:
    samples = Samples(store.keyring)
    with store.database.write() as connection:
        (made,) = samples.add(connection, recording.id, HIDDEN, [b"Sarah"])
        samples.answer(connection, made, b"Whitfield")
        row = connection.execute(select(SAMPLE)).one()
    assert b"Sarah" not in row.question
    assert b"Whitfield" not in row.answer


def test_they_go_with_their_recording(store: Stored, recording: StoredRecording) -> None:
    with store.database.write() as connection:
        Samples(store.keyring).add(connection, recording.id, HIDDEN, [b"Sarah"])
        connection.execute(delete(RECORDING).where(RECORDING.c.id == recording.id))
        left = connection.execute(select(func.count()).select_from(SAMPLE)).scalar_one()
    assert left == 0
