"""What is drawn at random to judge the checking: hidden findings, stretches to hear again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from transcriber.domain.sample_kind import SampleKind
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.sample_tables import SAMPLE
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, Sealed, seal, unseal


@dataclass(frozen=True, slots=True)
class Sample:
    """Something drawn; `answer` is None until there is one. Times UTC in milliseconds.

    Question and answer are what the service makes of them: JSON, sealed by the recording's key.
    """

    id: str
    recording_id: str
    kind: SampleKind
    number: int
    account_id: str | None
    question: bytes
    answer: bytes | None
    answered_at_ms: int | None


class Samples:
    """Keeps what was drawn; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self,
        connection: Connection,
        recording_id: str,
        kind: SampleKind,
        questions: Sequence[bytes],
        account_id: str | None = None,
    ) -> tuple[Sample, ...]:
        """Add questions of one kind behind those that are there."""
        key = self._keyring.recording(connection, recording_id)
        connection.execute(
            select(RECORDING.c.id)
            .where(RECORDING.c.id == recording_id)
            .with_for_update(key_share=True)
        )
        of_kind = (SAMPLE.c.recording_id == recording_id, SAMPLE.c.kind == kind.value)
        begin: int = connection.execute(select(func.count()).where(*of_kind)).scalar_one()
        added, rows = [], []
        for number, question in enumerate(questions, begin):
            row_id = new_id()
            rows.append(
                {
                    "id": row_id,
                    "recording_id": recording_id,
                    "kind": kind.value,
                    "number": number,
                    "account_id": account_id,
                    "question": _seal(key, "question", row_id, question),
                }
            )
            added.append(
                Sample(row_id, recording_id, kind, number, account_id, question, None, None)
            )
        if rows:
            connection.execute(insert(SAMPLE).values(created_at_ms=now_ms()), rows)
        return tuple(added)

    def of_recording(
        self, connection: Connection, recording_id: str, kind: SampleKind
    ) -> tuple[Sample, ...]:
        """Return those of one recording, in order."""
        return self.of_recordings(connection, [recording_id], kind)

    def of_recordings(
        self, connection: Connection, recording_ids: Collection[str], kind: SampleKind
    ) -> tuple[Sample, ...]:
        """Return those of some recordings, of each in order."""
        keys = self._keyring.each_recording(connection, recording_ids)
        which = (SAMPLE.c.recording_id.in_(recording_ids), SAMPLE.c.kind == kind.value)
        return _found(connection, keys, *which)

    def of_study(
        self, connection: Connection, study_id: str, kind: SampleKind
    ) -> tuple[Sample, ...]:
        """Return those of all recordings of a study; what is being erased has none any more."""
        of_study = select(RECORDING.c.id).where(RECORDING.c.study_id == study_id)
        keys = self._keyring.recordings(connection, study_id, of_study)
        return _found(
            connection, keys, SAMPLE.c.recording_id.in_(of_study), SAMPLE.c.kind == kind.value
        )

    def answer(self, connection: Connection, sample: Sample, answer: bytes) -> None:
        """Keep what came of a question; a later answer replaces an earlier one."""
        key = self._keyring.recording(connection, sample.recording_id)
        connection.execute(
            update(SAMPLE)
            .where(SAMPLE.c.id == sample.id)
            .values(answer=_seal(key, "answer", sample.id, answer), answered_at_ms=now_ms())
        )


def _found(
    connection: Connection, keys: Mapping[str, Key], *which: ColumnElement[bool]
) -> tuple[Sample, ...]:
    rows = connection.execute(
        select(SAMPLE).where(*which).order_by(SAMPLE.c.recording_id, SAMPLE.c.number)
    )
    return tuple(
        Sample(
            row.id,
            row.recording_id,
            SampleKind(row.kind),
            row.number,
            row.account_id,
            unseal(keys[row.recording_id], _place("question", row.id), row.question),
            None
            if row.answer is None
            else unseal(keys[row.recording_id], _place("answer", row.id), row.answer),
            row.answered_at_ms,
        )
        for row in rows
        if row.recording_id in keys
    )


def _seal(key: Key, column: str, row_id: str, value: bytes) -> Sealed:
    return seal(key, _place(column, row_id), value)


def _place(column: str, row_id: str) -> Place:
    return Place("sample", column, row_id)
