"""Messages to webhooks: written in the commit of what they tell, sent later, tried again.

Nothing here is sealed and no key is needed: a message is an event and ids.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from transcriber.domain.webhook_event import WebhookEvent
from transcriber.storage.database.attempts import MINUTE_MS, next_attempt, take_due
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.service_tables import WEBHOOK, WEBHOOK_DELIVERY
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.ids import new_id

IN_HAND_MS = MINUTE_MS
"""Whoever sends is done by then, or was killed; then somebody else sends it again."""

NEWEST = 200
"""Of a webhook's messages, kept to be shown."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a webhook, or its attempt that is in hand; times in UTC milliseconds."""

    id: str
    webhook_id: str
    event: WebhookEvent
    recording_id: str | None
    subject_id: str | None
    attempts: int
    next_at_ms: int | None
    arrived_at_ms: int | None
    status: int | None
    failure_code: str | None
    created_at_ms: int


def announce(
    connection: Connection, event: WebhookEvent, recording_id: str, subject_id: str
) -> None:
    """Write a message for each webhook of the recording's study that wants to know.

    `subject_id` is the job or the release. In the commit in which it becomes true.
    """
    wanting = connection.execute(
        select(WEBHOOK.c.id)
        .join(RECORDING, RECORDING.c.study_id == WEBHOOK.c.study_id)
        .where(
            RECORDING.c.id == recording_id,
            WEBHOOK.c.disabled_at_ms.is_(None),
            WEBHOOK.c.events.op("&")(event.bit) != 0,
        )
    ).scalars()
    for webhook_id in list(wanting):
        add_message(connection, webhook_id, event, recording_id, subject_id)


def announce_study(connection: Connection, event: WebhookEvent, study_id: str) -> None:
    """Write a message of something that concerns a study as a whole, for each of its webhooks."""
    wanting = connection.execute(
        select(WEBHOOK.c.id).where(
            WEBHOOK.c.study_id == study_id,
            WEBHOOK.c.disabled_at_ms.is_(None),
            WEBHOOK.c.events.op("&")(event.bit) != 0,
        )
    ).scalars()
    for webhook_id in list(wanting):
        add_message(connection, webhook_id, event)


def add_message(
    connection: Connection,
    webhook_id: str,
    event: WebhookEvent,
    recording_id: str | None = None,
    subject_id: str | None = None,
) -> str:
    """Write a message to one webhook and return its id."""
    message_id = new_id()
    connection.execute(
        insert(WEBHOOK_DELIVERY).values(
            id=message_id,
            webhook_id=webhook_id,
            event=event.value,
            recording_id=recording_id,
            subject_id=subject_id,
            next_at_ms=now_ms(),
            created_at_ms=now_ms(),
        )
    )
    return message_id


def take_message(database: Database) -> Delivery | None:
    """Take the message that is due for longest; None when there is none. Raises StorageError."""
    enabled = select(WEBHOOK.c.id).where(WEBHOOK.c.disabled_at_ms.is_(None))
    with database.write() as connection:
        row = take_due(
            connection,
            WEBHOOK_DELIVERY,
            IN_HAND_MS,
            WEBHOOK_DELIVERY.c.webhook_id.in_(enabled),
        )
    return None if row is None else _delivery(dict(row))


def note_arrived(database: Database, delivery: Delivery, status: int) -> None:
    """Note that a message arrived."""
    with database.write() as connection:
        connection.execute(
            update(WEBHOOK_DELIVERY)
            .where(WEBHOOK_DELIVERY.c.id == delivery.id)
            .values(next_at_ms=None, arrived_at_ms=now_ms(), status=status, failure_code=None)
        )


def note_failed(
    database: Database, delivery: Delivery, status: int | None, failure_code: str, *, final: bool
) -> bool:
    """Note that a message did not arrive, and try it later; at the end, disable its webhook.

    `final` failures are not tried again. Return whether the webhook was disabled.
    """
    later = next_attempt(delivery.attempts, final=final)
    with database.write() as connection:
        connection.execute(
            update(WEBHOOK_DELIVERY)
            .where(WEBHOOK_DELIVERY.c.id == delivery.id)
            .values(next_at_ms=later, status=status, failure_code=failure_code)
        )
        if later is None:
            connection.execute(
                update(WEBHOOK)
                .where(WEBHOOK.c.id == delivery.webhook_id)
                .values(disabled_at_ms=now_ms())
            )
    return later is None


def messages_of(connection: Connection, webhook_id: str) -> list[Delivery]:
    """Return the newest messages to a webhook, the newest first."""
    rows = connection.execute(
        select(WEBHOOK_DELIVERY)
        .where(WEBHOOK_DELIVERY.c.webhook_id == webhook_id)
        .order_by(WEBHOOK_DELIVERY.c.created_at_ms.desc(), WEBHOOK_DELIVERY.c.id)
        .limit(NEWEST)
    ).mappings()
    return [_delivery(dict(row)) for row in rows]


def _delivery(row: dict[str, object]) -> Delivery:
    return Delivery(**{**row, "event": WebhookEvent(row["event"])})  # type: ignore[arg-type] # rows of our own table
