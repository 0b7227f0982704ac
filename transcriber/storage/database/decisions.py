"""The list of events of each transcript: what people and machine decided, only ever added to."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, exists, func, insert, select

from transcriber.domain.edit import Edit
from transcriber.domain.review import Event, Origin
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.review_tables import SEARCH_DUE
from transcriber.storage.database.tables import DECISION, TRANSCRIPT
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal

_EDIT: TypeAdapter[Any] = TypeAdapter(Edit)


class Decisions:
    """Keeps the lists; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def hold(self, connection: Connection, transcript: StoredTranscript) -> int:
        """Let nobody else add to the list until the transaction ends; return its length."""
        connection.execute(
            select(TRANSCRIPT.c.id)
            .where(TRANSCRIPT.c.id == transcript.id)
            .with_for_update(key_share=True)
        )
        return self.count(connection, transcript.id)

    def count(self, connection: Connection, transcript_id: str) -> int:
        """Return how many events a list has."""
        number: int = connection.execute(
            select(func.count()).where(DECISION.c.transcript_id == transcript_id)
        ).scalar_one()
        return number

    def append(
        self,
        connection: Connection,
        transcript: StoredTranscript,
        edits: Sequence[Edit],
        batch: str,
        origin: Origin = Origin.PERSON,
        decided_by: str | None = None,
    ) -> tuple[Event, ...]:
        """Add events as one step at the end of a list, and return them with their numbers."""
        first = self.hold(connection, transcript)
        key = self._keyring.recording(connection, transcript.recording_id)
        at_ms: int = connection.execute(select(now_ms())).scalar_one()
        events = tuple(
            Event(first + place, edit, batch, origin, decided_by, at_ms)
            for place, edit in enumerate(edits)
        )
        rows = []
        for event in events:
            row_id = new_id()
            rows.append(
                {
                    "id": row_id,
                    "transcript_id": transcript.id,
                    "number": event.number,
                    "batch": batch,
                    "origin": origin.value,
                    "decided_by": decided_by,
                    "edit": seal(key, _place(row_id), _EDIT.dump_json(event.edit)),
                    "created_at_ms": at_ms,
                }
            )
        if rows:
            connection.execute(insert(DECISION), rows)
        return events

    def events(
        self, connection: Connection, transcript: StoredTranscript, since: int = 0
    ) -> tuple[Event, ...]:
        """Return the events from number `since` on, in order."""
        rows = connection.execute(
            select(DECISION)
            .where(DECISION.c.transcript_id == transcript.id, DECISION.c.number >= since)
            .order_by(DECISION.c.number)
        ).all()
        if not rows:
            return ()
        key = self._keyring.recording(connection, transcript.recording_id)
        return tuple(
            Event(
                row.number,
                _EDIT.validate_json(unseal(key, _place(row.id), row.edit)),
                row.batch or row.id,
                Origin(row.origin),
                row.decided_by,
                row.created_at_ms,
            )
            for row in rows
        )

    def has_batch(self, connection: Connection, transcript_id: str, batch: str) -> bool:
        """Whether a step of this id was written already."""
        return bool(
            connection.execute(
                select(
                    exists().where(
                        DECISION.c.transcript_id == transcript_id, DECISION.c.batch == batch
                    )
                )
            ).scalar_one()
        )

    def search_due(self, connection: Connection, transcript_id: str, number: int) -> None:
        """Write down that the machine has to look at the events from `number` on."""
        connection.execute(
            insert(SEARCH_DUE).values(
                id=new_id(), transcript_id=transcript_id, number=number, created_at_ms=now_ms()
            )
        )

    def searches_due(
        self, connection: Connection, transcript_id: str | None = None
    ) -> list[tuple[str, str, int]]:
        """Return what the machine has yet to look at, the oldest first.

        Of each its id, the recording's, and the number of the first event.
        """
        statement = (
            select(SEARCH_DUE.c.id, TRANSCRIPT.c.recording_id, SEARCH_DUE.c.number)
            .join(TRANSCRIPT, TRANSCRIPT.c.id == SEARCH_DUE.c.transcript_id)
            .order_by(SEARCH_DUE.c.created_at_ms, SEARCH_DUE.c.id)
        )
        if transcript_id is not None:
            statement = statement.where(SEARCH_DUE.c.transcript_id == transcript_id)
        return [(row.id, row.recording_id, row.number) for row in connection.execute(statement)]

    def search_done(self, connection: Connection, search_id: str) -> bool:
        """Take a search off the list. Return whether it was on it: who takes it off, did it."""
        gone = connection.execute(delete(SEARCH_DUE).where(SEARCH_DUE.c.id == search_id))
        return gone.rowcount == 1


def _place(row_id: str) -> Place:
    return Place("decision", "edit", row_id)
