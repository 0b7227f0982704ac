"""What was done, by whom and when: ids and codes only, so that erasing never touches it.

Events hold together in a chain (`audit_head.py`), which `audit_verification.py` goes through.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from transcriber.storage.database.audit_head import (
    Head,
    begin_chain,
    chain_secret,
    chain_tag,
    read_head,
    write_head,
)
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.locks import Lock, hold
from transcriber.storage.database.tables import AUDIT_EVENT


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that was done; the ids say to what, `actor_id` by whom, None by the program."""

    action: str
    actor_id: str | None = None
    study_id: str | None = None
    recording_id: str | None = None
    subject_id: str | None = None


class Audit:
    """Adds events to the chain, in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def record(self, connection: Connection, event: AuditEvent) -> None:
        """Write down what is done in this transaction: it is there if and only if that is.

        MUST be the last thing that the transaction does: it holds up all others that record.
        Raises StorageError when the head of the chain was changed.
        """
        key = self._keyring.service_or_new(connection)
        hold(connection, Lock.AUDIT)
        head = read_head(connection, key) or begin_chain(connection, key, from_start=False)
        number = head.last + 1
        time_ms = connection.execute(select(now_ms())).scalar_one()
        row = {"number": number, **asdict(event), "created_at_ms": time_ms}
        tag = chain_tag(chain_secret(key), head.tag, row)
        connection.execute(insert(AUDIT_EVENT).values(**row, chain_tag=tag))
        write_head(connection, key, Head(head.first, number, tag, head.from_start))


def noted_within(connection: Connection, event: AuditEvent, within_ms: int) -> bool:
    """Return whether somebody did the same to the same recording within the last `within_ms`."""
    same = (
        AUDIT_EVENT.c.action == event.action,
        AUDIT_EVENT.c.actor_id == event.actor_id,
        AUDIT_EVENT.c.study_id == event.study_id,
        AUDIT_EVENT.c.recording_id == event.recording_id,
        AUDIT_EVENT.c.created_at_ms > now_ms() - within_ms,
    )
    found = connection.execute(select(AUDIT_EVENT.c.number).where(*same).limit(1))
    return found.first() is not None


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
