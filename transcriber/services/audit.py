"""The audit: uses are written down, events found again, and the whole chain verified."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select

from transcriber.domain.access import Principal
from transcriber.domain.audit import Action, Anchor
from transcriber.services.store import Store
from transcriber.storage.audit_anchors import add_anchor, read_anchors
from transcriber.storage.database.audit_events import AuditEvent, noted_within
from transcriber.storage.database.audit_head import read_head
from transcriber.storage.database.audit_verification import Verified, verify
from transcriber.storage.database.tables import AUDIT_EVENT

SAME_USE_MS = 5 * 60 * 1000
"""Who listens asks for sound hundreds of times; within so long that is one use."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event, its number, which only grows, and its tag; the time is UTC in milliseconds.

    Those from before the chain have no tag.
    """

    number: int
    at_ms: int
    event: AuditEvent
    tag: bytes | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are wanted: of a study, or of the service alone, or all.

    Times are UTC in milliseconds, the later one excluded.
    """

    study_id: str | None = None
    of_service: bool = False
    from_ms: int | None = None
    to_ms: int | None = None
    actions: frozenset[Action] | None = None
    actor_id: str | None = None
    recording_id: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what has to be true of a row."""
        column = AUDIT_EVENT.c
        named = {
            "study_id": self.study_id,
            "actor_id": self.actor_id,
            "recording_id": self.recording_id,
        }
        found = [column[name] == value for name, value in named.items() if value is not None]
        if self.actions is not None:
            found.append(column.action.in_(self.actions))
        if self.of_service:
            found.append(column.study_id.is_(None))
        if self.from_ms is not None:
            found.append(column.created_at_ms >= self.from_ms)
        if self.to_ms is not None:
            found.append(column.created_at_ms < self.to_ms)
        return found


def record_use(
    store: Store,
    who: Principal,
    action: Action,
    study_id: str | None,
    recording_id: str | None = None,
) -> None:
    """Write down that somebody saw, heard or took something confidential."""
    event = AuditEvent(action, who.account_id, study_id, recording_id)
    with store.database.read() as connection:
        if noted_within(connection, event, SAME_USE_MS):
            return
    with store.database.write() as connection:
        store.audit.record(connection, event)


def note_export(store: Store, study_id: str, recording_id: str) -> None:
    """Write down that whoever runs this machine took a recording's results from the store."""
    with store.database.write() as connection:
        event = AuditEvent(Action.EXPORTED, None, study_id, recording_id)
        store.audit.record(connection, event)


def find_events(
    store: Store, wanted: Wanted, *, before: int | None = None, limit: int | None = 100
) -> tuple[Event, ...]:
    """Return events, the newest first: `limit` of those with a number less than `before`."""
    conditions = wanted.conditions()
    if before is not None:
        conditions.append(AUDIT_EVENT.c.number < before)
    query = select(AUDIT_EVENT).where(*conditions).order_by(AUDIT_EVENT.c.number.desc())
    with store.database.read() as connection:
        rows = connection.execute(query.limit(limit)).all()
    return tuple(
        Event(
            row.number,
            row.created_at_ms,
            AuditEvent(row.action, row.actor_id, row.study_id, row.recording_id, row.subject_id),
            row.chain_tag,
        )
        for row in rows
    )


def codes_of(store: Store, study_id: str, recording_ids: Collection[str]) -> Mapping[str, str]:
    """Return the codes of recordings that events name, without those that were erased."""
    with store.database.read() as connection:
        return store.recordings.codes(connection, study_id, list(recording_ids))


def note_end(store: Store) -> Anchor | None:
    """Note outside the database how far the audit goes; return the anchor where it was new.

    Raises StorageError where the file cannot be written, or the head of the chain was changed.
    """
    with store.database.read() as connection:
        key = store.keyring.service(connection)
        head = None if key is None else read_head(connection, key)
    if head is None or head.last < head.first:
        return None
    path = store.settings.anchor_file
    if head.anchor in read_anchors(path)[-1:]:
        return None
    add_anchor(path, head.anchor, datetime.now(UTC).isoformat(timespec="seconds"))
    return head.anchor


def verify_audit(store: Store, noted: tuple[Anchor, ...] = ()) -> Verified:
    """Go through all events, and compare with the anchors of the file and others that were noted.

    Raises StorageError when the end of the chain was changed, or the file of anchors.
    """
    anchors = (*read_anchors(store.settings.anchor_file), *noted)
    with store.database.read() as connection:
        return verify(connection, store.keyring, anchors)
