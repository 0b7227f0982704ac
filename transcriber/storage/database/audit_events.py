"""What was done, by whom and when: ids and codes only, so that erasing never touches it."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.tables import AUDIT_EVENT


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that was done; the ids say to what, `actor_id` by whom, None by the program."""

    action: str
    actor_id: str | None = None
    study_id: str | None = None
    recording_id: str | None = None
    subject_id: str | None = None


def record_event(connection: Connection, event: AuditEvent) -> None:
    """Write down what is done in this transaction: it is there if and only if that is."""
    connection.execute(
        insert(AUDIT_EVENT).values(
            action=event.action,
            actor_id=event.actor_id,
            study_id=event.study_id,
            recording_id=event.recording_id,
            subject_id=event.subject_id,
            created_at_ms=now_ms(),
        )
    )


def events(connection: Connection) -> tuple[tuple[int, AuditEvent], ...]:
    """Return all events with their times in UTC milliseconds, in the order of writing."""
    rows = connection.execute(select(AUDIT_EVENT).order_by(AUDIT_EVENT.c.number))
    return tuple(
        (
            row.created_at_ms,
            AuditEvent(row.action, row.actor_id, row.study_id, row.recording_id, row.subject_id),
        )
        for row in rows
    )
