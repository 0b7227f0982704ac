"""The list of events of each transcript: what people and machine decided, only ever added to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, seal, unseal

_EDIT: TypeAdapter[Any] = TypeAdapter(Edit)


@dataclass(frozen=True, slots=True)
class Addition:
    """What comes at the end of a list: `edits` are one step, `batch` its id."""

    transcript: StoredTranscript
    edits: Sequence[Edit]
    batch: str
    origin: Origin = Origin.PERSON
    decided_by: str | None = None


class Decisions:
    """Keeps the lists; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def hold(self, connection: Connection, transcript: StoredTranscript) -> int:
        """Let nobody else add to the list until the transaction ends; return its length."""
        return self.hold_all(connection, [transcript.id]).get(transcript.id, 0)

    def hold_all(self, connection: Connection, transcript_ids: Collection[str]) -> dict[str, int]:
        """Let nobody else add to some lists; return their lengths as `counts` does."""
        connection.execute(
            select(TRANSCRIPT.c.id)
            .where(TRANSCRIPT.c.id.in_(transcript_ids))
            .order_by(TRANSCRIPT.c.id)  # nobody waits in a circle
            .with_for_update(key_share=True)
        )
        return self.counts(connection, transcript_ids)

    def count(self, connection: Connection, transcript_id: str) -> int:
        """Return how many events a list has."""
        return self.counts(connection, [transcript_id]).get(transcript_id, 0)

    def counts(self, connection: Connection, transcript_ids: Collection[str]) -> dict[str, int]:
        """Return how many events lists have, by transcript, without the empty ones."""
        rows = connection.execute(
            select(DECISION.c.transcript_id, func.count().label("number"))
            .where(DECISION.c.transcript_id.in_(transcript_ids))
            .group_by(DECISION.c.transcript_id)
        )
        return {row.transcript_id: row.number for row in rows}

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
        return self.append_all(connection, [Addition(transcript, edits, batch, origin, decided_by)])

    def append_all(
        self, connection: Connection, additions: Sequence[Addition]
    ) -> tuple[Event, ...]:
        """Add steps at the ends of lists, in order; return all events with their numbers."""
        lists = {addition.transcript.id: addition.transcript for addition in additions}
        lengths = self.hold_all(connection, lists)
        keys = self._keyring.each_recording(
            connection, {transcript.recording_id for transcript in lists.values()}
        )
        at_ms: int = connection.execute(select(now_ms())).scalar_one()
        events, rows = [], []
        for addition in additions:
            transcript_id = addition.transcript.id
            for edit in addition.edits:
                number = lengths.get(transcript_id, 0)
                lengths[transcript_id] = number + 1
                event = Event(
                    number, edit, addition.batch, addition.origin, addition.decided_by, at_ms
                )
                events.append(event)
                rows.append(_row(keys[addition.transcript.recording_id], transcript_id, event))
        if rows:
            connection.execute(insert(DECISION), rows)
        return tuple(events)

    def take_over(
        self, connection: Connection, transcript: StoredTranscript, events: Sequence[Event]
    ) -> None:
        """Write a whole list as it is, with authors and times, for a transcript without one.

        An event that has no time happens now.
        """
        key = self._keyring.recording(connection, transcript.recording_id)
        at_ms: int = connection.execute(select(now_ms())).scalar_one()
        rows = [
            _row(key, transcript.id, replace(event, created_at_ms=event.created_at_ms or at_ms))
            for event in events
        ]
        if rows:
            connection.execute(insert(DECISION), rows)

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

    def numbers_of(
        self, connection: Connection, transcript_ids: Collection[str], batch: str
    ) -> dict[str, tuple[int, ...]]:
        """Return the places of a step in lists, in order, by transcript, where it stands."""
        rows = connection.execute(
            select(DECISION.c.transcript_id, DECISION.c.number)
            .where(DECISION.c.transcript_id.in_(transcript_ids), DECISION.c.batch == batch)
            .order_by(DECISION.c.number)
        )
        found: dict[str, tuple[int, ...]] = {}
        for transcript_id, number in rows:
            found[transcript_id] = (*found.get(transcript_id, ()), number)
        return found

    def batches(self, connection: Connection, transcript_id: str) -> frozenset[str]:
        """Return the ids of all steps of a list."""
        rows = connection.execute(
            select(DECISION.c.batch).where(DECISION.c.transcript_id == transcript_id).distinct()
        )
        return frozenset(batch for batch in rows.scalars() if batch is not None)

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
        self, connection: Connection, transcript_ids: Collection[str] | None = None
    ) -> list[tuple[str, str, int]]:
        """Return what the machine has yet to look at, of all or of some lists, the oldest first.

        Of each its id, the recording's, and the number of the first event.
        """
        statement = (
            select(SEARCH_DUE.c.id, TRANSCRIPT.c.recording_id, SEARCH_DUE.c.number)
            .join(TRANSCRIPT, TRANSCRIPT.c.id == SEARCH_DUE.c.transcript_id)
            .order_by(SEARCH_DUE.c.created_at_ms, SEARCH_DUE.c.id)
        )
        if transcript_ids is not None:
            statement = statement.where(SEARCH_DUE.c.transcript_id.in_(transcript_ids))
        return [(row.id, row.recording_id, row.number) for row in connection.execute(statement)]

    def search_done(self, connection: Connection, search_id: str) -> bool:
        """Take a search off the list. Return whether it was on it: who takes it off, did it."""
        gone = connection.execute(delete(SEARCH_DUE).where(SEARCH_DUE.c.id == search_id))
        return gone.rowcount == 1


def _row(key: Key, transcript_id: str, event: Event) -> dict[str, Any]:
    row_id = new_id()
    return {
        "id": row_id,
        "transcript_id": transcript_id,
        "number": event.number,
        "batch": event.batch,
        "origin": event.origin.value,
        "decided_by": event.decided_by,
        "edit": seal(key, _place(row_id), _EDIT.dump_json(event.edit)),
        "created_at_ms": event.created_at_ms,
    }


def _place(row_id: str) -> Place:
    return Place("decision", "edit", row_id)
