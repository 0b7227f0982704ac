"""Webhooks of a study: made, tried, removed; and the messages, signed and sent.

Signed as in the Standard Webhooks specification. A message holds ids: whoever wants to know more
asks for it with a token.
"""

import base64
import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection
from standardwebhooks import Webhook as Signer

from transcriber import __version__
from transcriber.domain.audit import Action
from transcriber.domain.errors import StorageError, UsageError
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.services.rounds import send_in_round
from transcriber.services.store import Store
from transcriber.services.webhook_sending import NotSent, require_url, send
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.webhook_queue import (
    Delivery,
    add_message,
    messages_of,
    note_arrived,
    note_failed,
    take_message,
)
from transcriber.storage.database.webhooks import Webhook

MOST_A_STUDY = 20
SECRET_PREFIX = "whsec_"  # noqa: S105 - the specification's

GONE = 410
"""Whoever answers so wants no more messages (Standard Webhooks)."""

__all__ = ["Delivery", "Webhook"]

Send = Callable[[str, Mapping[str, str], bytes], int]

_OF_RELEASES = frozenset(
    {WebhookEvent.RELEASE_MADE, WebhookEvent.RELEASE_WITHDRAWN, WebhookEvent.RELEASE_RECALLED}
)

_log = logging.getLogger(__name__)


def list_webhooks(store: Store, study_id: str) -> Sequence[Webhook]:
    """Return the webhooks of a study, the oldest first."""
    with store.database.read() as connection:
        return store.webhooks.all(connection, study_id)


def show_webhook(store: Store, study_id: str, webhook_id: str) -> Webhook:
    """Return a webhook. Raises UsageError where the study has none of this id."""
    with store.database.read() as connection:
        return _known(store, connection, study_id, webhook_id)


def create_webhook(
    store: Store, actor_id: str, study_id: str, url: str, events: Collection[WebhookEvent]
) -> tuple[Webhook, str]:
    """Make a webhook; return it and the secret that signs, which is never shown again.

    Raises UsageError for an address that will not do, or where there are too many.
    """
    require_url(url, store.settings.webhooks)
    with store.database.write() as connection:
        if len(store.webhooks.all(connection, study_id)) >= MOST_A_STUDY:
            raise UsageError(
                "too_many_webhooks", f"A study has {MOST_A_STUDY} webhooks at most. Remove one."
            )
        webhook, secret = store.webhooks.add(connection, study_id, url, events)
        event = AuditEvent(Action.WEBHOOK_CREATED, actor_id, study_id, subject_id=webhook.id)
        store.audit.record(connection, event)
    return webhook, SECRET_PREFIX + base64.b64encode(secret).decode()


def remove_webhook(store: Store, actor_id: str, study_id: str, webhook_id: str) -> None:
    """Remove a webhook with all messages that wait for it. Raises UsageError."""
    with store.database.write() as connection:
        _known(store, connection, study_id, webhook_id)
        store.webhooks.remove(connection, webhook_id)
        event = AuditEvent(Action.WEBHOOK_REMOVED, actor_id, study_id, subject_id=webhook_id)
        store.audit.record(connection, event)


def enable_webhook(store: Store, study_id: str, webhook_id: str) -> Webhook:
    """Send to a webhook again that was disabled, from what happens now on. Raises UsageError."""
    with store.database.write() as connection:
        _known(store, connection, study_id, webhook_id)
        store.webhooks.enable(connection, webhook_id)
        return _known(store, connection, study_id, webhook_id)


def ping(store: Store, study_id: str, webhook_id: str) -> str:
    """Send a message of nothing, to see whether it arrives; return its id. Raises UsageError."""
    with store.database.write() as connection:
        webhook = _known(store, connection, study_id, webhook_id)
        if webhook.disabled_at_ms is not None:
            raise UsageError("webhook_disabled", "This webhook is disabled. Enable it first.")
        return add_message(connection, webhook_id, WebhookEvent.PING)


def list_messages(store: Store, study_id: str, webhook_id: str) -> Sequence[Delivery]:
    """Return the newest messages to a webhook and what came of them. Raises UsageError."""
    with store.database.read() as connection:
        _known(store, connection, study_id, webhook_id)
        return messages_of(connection, webhook_id)


def deliver_due(store: Store, sender: Send | None = None) -> int:
    """Send what is due, for a round; return how many messages arrived.

    A message may arrive twice, with the same `webhook-id`, when its sender is killed. Raises
    StorageError when the database is away.
    """
    sends = sender or (lambda url, headers, body: send(url, headers, body, store.settings.webhooks))
    return send_in_round(
        lambda: take_message(store.database), lambda delivery: _deliver(store, delivery, sends)
    )


def _deliver(store: Store, delivery: Delivery, sends: Send) -> bool:
    try:
        with store.database.read() as connection:
            webhook, secret = store.webhooks.target(connection, delivery.webhook_id)
    except StorageError:
        return False  # its study is being erased, and the message with it
    body = _body(webhook, delivery)
    status: int | None = None
    try:
        status = sends(webhook.url, _headers(secret, delivery, body), body.encode())
        if 200 <= status < 300:
            note_arrived(store.database, delivery, status)
            return True
        code, final = "refused", status == GONE
    except NotSent as error:
        code, final = error.code, error.final
    disabled = note_failed(store.database, delivery, status, code, final=final)
    _log.warning(
        "webhook %s: %s, attempt %d%s",
        webhook.id,
        code,
        delivery.attempts,
        ", disabled" if disabled else "",
    )
    return False


def _body(webhook: Webhook, delivery: Delivery) -> str:
    subject = "release_id" if delivery.event in _OF_RELEASES else "job_id"
    data = {"study_id": webhook.study_id}
    if delivery.recording_id is not None:
        data["recording_id"] = delivery.recording_id
    if delivery.subject_id is not None:
        data[subject] = delivery.subject_id
    happened = datetime.fromtimestamp(delivery.created_at_ms / 1000, UTC)
    return json.dumps(
        {"type": delivery.event.value, "timestamp": happened.isoformat(), "data": data}
    )


def _headers(secret: bytes, delivery: Delivery, body: str) -> Mapping[str, str]:
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": f"transcriber/{__version__}",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(secret).sign(delivery.id, now, body),
    }


def _known(store: Store, connection: Connection, study_id: str, webhook_id: str) -> Webhook:
    webhook = store.webhooks.get(connection, study_id, webhook_id)
    if webhook is None:
        raise UsageError("not_found", "There is no such webhook in this study.")
    return webhook
