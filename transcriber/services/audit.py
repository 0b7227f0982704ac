"""The audit: uses are written down, a study's events shown, and the whole chain verified."""

from dataclasses import dataclass

from sqlalchemy import select

from transcriber.domain.access import Principal
from transcriber.domain.audit import Action
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.audit_verification import Anchor, Verified, verify
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.tables import AUDIT_EVENT

__all__ = ["Anchor", "Event", "Verified", "record_use", "study_events", "verify_audit"]

SAME_USE_MS = 5 * 60 * 1000
"""Who listens asks for sound hundreds of times; within so long that is one use."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event and its number, which only grows; the time is UTC in milliseconds."""

    number: int
    at_ms: int
    event: AuditEvent


def record_use(
    store: Store,
    who: Principal,
    action: Action,
    study_id: str | None,
    recording_id: str | None = None,
) -> None:
    """Write down that somebody saw, heard or took something confidential."""
    event = AuditEvent(action, who.account_id, study_id, recording_id)
    same = (
        AUDIT_EVENT.c.action == action,
        AUDIT_EVENT.c.actor_id == who.account_id,
        AUDIT_EVENT.c.study_id == study_id,
        AUDIT_EVENT.c.recording_id == recording_id,
        AUDIT_EVENT.c.created_at_ms > now_ms() - SAME_USE_MS,
    )
    with store.database.read() as connection:
        if connection.execute(select(AUDIT_EVENT.c.number).where(*same).limit(1)).first():
            return
    with store.database.write() as connection:
        store.audit.record(connection, event)


def study_events(
    store: Store, study_id: str, *, before: int | None = None, limit: int = 100
) -> tuple[Event, ...]:
    """Return what was done in a study, the newest first: `limit` events older than `before`."""
    which = [AUDIT_EVENT.c.study_id == study_id]
    if before is not None:
        which.append(AUDIT_EVENT.c.number < before)
    with store.database.read() as connection:
        rows = connection.execute(
            select(AUDIT_EVENT).where(*which).order_by(AUDIT_EVENT.c.number.desc()).limit(limit)
        ).all()
    return tuple(
        Event(
            row.number,
            row.created_at_ms,
            AuditEvent(row.action, row.actor_id, row.study_id, row.recording_id, row.subject_id),
        )
        for row in rows
    )


def verify_audit(store: Store, noted: Anchor | None = None) -> Verified:
    """Go through all events, and compare with an anchor that was noted on an earlier day.

    Raises StorageError when the end of the chain was changed.
    """
    with store.database.read() as connection:
        return verify(connection, store.keyring, noted)
